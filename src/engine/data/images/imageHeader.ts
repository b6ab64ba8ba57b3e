/**
 * Reads size and kind of a PNG or JPEG from its first bytes, by hand, before any decoder sees it: a 140 KB file can claim 144 megapixels
 * and cost 2 GB to decode. Also walks to the end, so that a file that was cut is told apart from one that is strange.
 */
import { AppError } from '../../../shared/errors.js'

export const pixelLimit = 64 * 1024 * 1024

export interface ImageHeader {
  format: 'png' | 'jpeg'
  width: number
  height: number
  /** Bits a channel. */
  depth: number
  colour: 'grey' | 'grey-alpha' | 'rgb' | 'rgb-alpha' | 'palette' | 'cmyk'
}

/** Throws data.bad-image for what is no whole PNG or JPEG, and data.too-large above 64 megapixels. `file` is only for the sentence. */
export function readImageHeader(bytes: Uint8Array, file: string): ImageHeader {
  const header = isPng(bytes) ? readPng(bytes, file) : isJpeg(bytes) ? readJpeg(bytes, file) : refuseFormat(bytes, file)
  if (header.width < 1 || header.height < 1) throw bad(file, `expected at least one pixel, found ${header.width} x ${header.height}`)
  if (header.width * header.height > pixelLimit) {
    const megapixels = Math.round((header.width * header.height) / (1024 * 1024))
    throw new AppError(
      'data.too-large',
      `${file}: expected at most 64 megapixels, found ${header.width} x ${header.height} (${megapixels} megapixels)`
    )
  }
  refuseImpossible(header, bytes, file)
  return header
}

/**
 * A header that lies makes decoders reserve memory for pixels that cannot be there. Deflate packs at most 1032 to 1; a JPEG spends at least
 * a bit on each block of 8 x 8 pixels.
 */
function refuseImpossible({ format, width, height, depth, colour }: ImageHeader, bytes: Uint8Array, file: string): void {
  const channels = { grey: 1, palette: 1, 'grey-alpha': 2, rgb: 3, 'rgb-alpha': 4, cmyk: 4 }[colour]
  const least = Math.floor(format === 'png' ? (width * height * channels * depth) / 8 / 1032 : (width * height) / 64 / 8)
  if (bytes.length < least) throw bad(file, `expected at least ${least} bytes for ${width} x ${height} pixels, found ${bytes.length}`)
}

const pngColours = { 0: 'grey', 2: 'rgb', 3: 'palette', 4: 'grey-alpha', 6: 'rgb-alpha' } as const

function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((value, index) => bytes[index] === value)
}

function readPng(bytes: Uint8Array, file: string): ImageHeader {
  if (bytes.length < 33) throw truncated(file, bytes, 'the PNG header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (chunkName(bytes, 12) !== 'IHDR') throw bad(file, `expected a PNG header chunk, found ${JSON.stringify(chunkName(bytes, 12))}`)
  const colour = (pngColours as Record<number, ImageHeader['colour']>)[bytes[25]]
  if (colour === undefined) throw bad(file, `expected a PNG colour type of 0, 2, 3, 4 or 6, found ${bytes[25]}`)
  const depths = colour === 'grey' ? [1, 2, 4, 8, 16] : colour === 'palette' ? [1, 2, 4, 8] : [8, 16]
  if (!depths.includes(bytes[24])) throw bad(file, `expected ${depths.join(', ')} bits a channel, found ${bytes[24]}`)
  const header: ImageHeader = { format: 'png', width: view.getUint32(16), height: view.getUint32(20), depth: bytes[24], colour }
  if (header.width * header.height <= pixelLimit) walkChunks(bytes, view, file)
  return header
}

/** A PNG ends with an IEND chunk; a file that was cut, on any byte, does not reach it. */
function walkChunks(bytes: Uint8Array, view: DataView, file: string): void {
  for (let offset = 8; ;) {
    if (offset + 12 > bytes.length) throw truncated(file, bytes, 'the end of the PNG')
    const length = view.getUint32(offset)
    if (offset + 12 + length > bytes.length)
      throw truncated(file, bytes, `${length} bytes of chunk ${JSON.stringify(chunkName(bytes, offset + 4))}`)
    if (chunkName(bytes, offset + 4) === 'IEND') return
    offset += 12 + length
  }
}

function chunkName(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4))
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8
}

/** Walks the segments up to the frame header (SOF0..2: baseline, extended, progressive). */
function readJpeg(bytes: Uint8Array, file: string): ImageHeader {
  let header: ImageHeader | undefined
  for (let offset = 2; ;) {
    while (bytes[offset] === 0xff && bytes[offset + 1] === 0xff) offset++
    if (offset + 4 > bytes.length) throw truncated(file, bytes, header ? 'the JPEG picture' : 'the JPEG header')
    if (bytes[offset] !== 0xff) throw bad(file, `expected a JPEG marker at byte ${offset}, found ${bytes[offset]}`)
    const marker = bytes[offset + 1]
    const length = (bytes[offset + 2] << 8) | bytes[offset + 3]
    if (offset + 2 + length > bytes.length) throw truncated(file, bytes, `${length} bytes of JPEG segment ${marker.toString(16)}`)
    if (isFrame(marker)) header = readFrame(bytes, offset, marker, file)
    if (marker === 0xda) {
      if (!header) throw bad(file, 'expected a JPEG frame header before the picture, found none')
      if (!endsWithMarker(bytes, offset)) throw truncated(file, bytes, 'the end of the JPEG')
      return header
    }
    if (header && header.width * header.height > pixelLimit) return header
    offset += 2 + length
  }
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function readFrame(bytes: Uint8Array, offset: number, marker: number, file: string): ImageHeader {
  if (marker > 0xc2) throw bad(file, `expected a baseline or progressive JPEG, found frame type ${marker.toString(16).toUpperCase()}`)
  const depth = bytes[offset + 4]
  if (depth !== 8) throw bad(file, `expected 8 bits a channel, found a JPEG of ${depth}`)
  const channels = bytes[offset + 9]
  const colour = channels === 1 ? 'grey' : channels === 3 ? 'rgb' : channels === 4 ? 'cmyk' : undefined
  if (colour === undefined) throw bad(file, `expected 1, 3 or 4 JPEG channels, found ${channels}`)
  return {
    format: 'jpeg',
    height: (bytes[offset + 5] << 8) | bytes[offset + 6],
    width: (bytes[offset + 7] << 8) | bytes[offset + 8],
    depth,
    colour
  }
}

function endsWithMarker(bytes: Uint8Array, from: number): boolean {
  for (let offset = bytes.length - 2; offset > from; offset--) {
    if (bytes[offset] === 0xff && bytes[offset + 1] === 0xd9) return true
  }
  return false
}

function refuseFormat(bytes: Uint8Array, file: string): never {
  if (bytes.length === 0) throw bad(file, 'expected a PNG or JPEG, found an empty file')
  const start = Array.from(bytes.subarray(0, 4), (value) => value.toString(16).padStart(2, '0')).join(' ')
  throw bad(file, `expected a PNG or JPEG, found a file that starts with ${start}`)
}

function truncated(file: string, bytes: Uint8Array, expected: string): AppError {
  return bad(file, `expected ${expected}, found the end of the file after ${bytes.length} bytes: the file is truncated`)
}

function bad(file: string, sentence: string): AppError {
  return new AppError('data.bad-image', `${file}: ${sentence}`)
}
