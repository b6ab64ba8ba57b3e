/** Writes PNGs of every kind by hand, so that the readers are not tested against the library they use. */
import { deflateSync } from 'node:zlib'

export interface PngParts {
  width: number
  height: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  colourType: number
  depth?: number
  /** Values in reading order, channels side by side; 0..2^depth-1. */
  values: ArrayLike<number>
  palette?: [number, number, number][]
  /** Filter of each row, 0 to 4; none by default. */
  filters?: number[]
}

const channelsOf: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

export function pngFile({ width, height, colourType, depth = 8, values, palette, filters }: PngParts): Buffer {
  const perRow = width * channelsOf[colourType]
  const rowBytes = Math.ceil((perRow * depth) / 8)
  const raw = Buffer.alloc(height * (rowBytes + 1))
  for (let y = 0; y < height; y++) {
    for (let index = 0; index < perRow; index++)
      putBits(raw, (y * (rowBytes + 1) + 1) * 8 + index * depth, depth, values[y * perRow + index])
  }
  if (filters) applyFilters(raw, height, rowBytes, Math.max(1, (channelsOf[colourType] * depth) / 8), filters)
  const header = pngHeader(width, height, depth, colourType)
  const parts = [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), header]
  if (palette) parts.push(chunk('PLTE', Buffer.from(palette.flat())))
  return Buffer.concat([...parts, chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))])
}

/** Filters the rows from the last to the first, so that each still sees its neighbours as they were. */
function applyFilters(raw: Buffer, height: number, rowBytes: number, step: number, filters: number[]): void {
  const byte = (y: number, x: number): number => (y < 0 || x < 0 ? 0 : raw[y * (rowBytes + 1) + 1 + x])
  for (let y = height - 1; y >= 0; y--) {
    for (let x = rowBytes - 1; x >= 0; x--) {
      const [a, b, c] = [byte(y, x - step), byte(y - 1, x), x < step ? 0 : byte(y - 1, x - step)]
      const nearest = [a, b, c].reduce((best, value) => (Math.abs(a + b - c - value) < Math.abs(a + b - c - best) ? value : best))
      raw[y * (rowBytes + 1) + 1 + x] -= [0, a, b, Math.floor((a + b) / 2), nearest][filters[y]]
    }
    raw[y * (rowBytes + 1)] = filters[y]
  }
}

/** Signature-less header chunk; also for files that lie about their size. */
export function pngHeader(width: number, height: number, depth: number, colourType: number): Buffer {
  const body = Buffer.alloc(13)
  body.writeUInt32BE(width, 0)
  body.writeUInt32BE(height, 4)
  body.set([depth, colourType, 0, 0, 0], 8)
  return chunk('IHDR', body)
}

export function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc(named))
  return Buffer.concat([length, named, sum])
}

/** CRC-32 bit by bit, as PNG's specification defines it. */
function crc(bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  }
  return (value ^ 0xffffffff) >>> 0
}

function putBits(target: Buffer, position: number, depth: number, value: number): void {
  if (depth === 16) target.writeUInt16BE(value, position / 8)
  else target[position >> 3] |= value << (8 - depth - (position & 7))
}
