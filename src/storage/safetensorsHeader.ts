/**
 * The header of a safetensors file: eight bytes with its length (little endian), then JSON with a type, a shape and a byte range for each
 * tensor. Strict where the format's own reader is silent (duplicate names), so that one file means one thing.
 * Rules after github.com/huggingface/safetensors, README "Format".
 */
import { AppError } from '../shared/errors.js'
import { parseJson } from './jsonFile.js'
import { elementBytes, type StoredType } from './storedTensor.js'

export interface TensorPlace {
  name: string
  dtype: StoredType
  shape: number[]
  /** Byte range [start, end) after the header. */
  start: number
  end: number
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  places: TensorPlace[]
  metadata: Record<string, string>
}

/** A supernet has thousands of tensors of about 150 header bytes each; 64 MiB is far above that and still harmless. */
export const mostHeaderBytes = 64 * 1024 * 1024
const mostDimensions = 8

/** Length of the header's JSON from the file's first eight bytes. Throws file.format. */
export function headerLength(prefix: Uint8Array, fileBytes: number, source: string): number {
  if (prefix.length < 8) throw bad(source, `expected at least 8 bytes of safetensors, found ${fileBytes}`)
  const view = new DataView(prefix.buffer, prefix.byteOffset, 8)
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  if (length > mostHeaderBytes) throw bad(source, `expected a header of at most ${mostHeaderBytes} bytes, found ${length}`)
  if (length > fileBytes - 8) throw bad(source, `the header should have ${length} bytes, but only ${fileBytes - 8} follow`)
  return length
}

/** Checks the header's JSON against the number of bytes that follow it. Throws file.format. */
export function parseHeader(json: Uint8Array, dataBytes: number, source: string): SafetensorsHeader {
  if (json[0] !== 0x7b) throw bad(source, 'expected the header to begin with {')
  const value = parseJson(json, source, { mostDepth: 4 })
  if (!isRecord(value)) throw bad(source, 'expected the header to be an object')
  const places: TensorPlace[] = []
  let metadata: Record<string, string> = {}
  for (const [name, entry] of Object.entries(value)) {
    if (name === '__metadata__') metadata = checkMetadata(entry, source)
    else places.push(checkPlace(name, entry, source))
  }
  places.sort((a, b) => a.start - b.start || a.end - b.end)
  checkRanges(places, dataBytes, source)
  return { places, metadata }
}

function checkMetadata(entry: unknown, source: string): Record<string, string> {
  if (!isRecord(entry)) throw bad(source, 'expected __metadata__ to be an object')
  for (const [key, text] of Object.entries(entry)) {
    if (typeof text !== 'string') throw bad(source, `expected __metadata__ ${JSON.stringify(key)} to be a string`)
  }
  return entry as Record<string, string>
}

function checkPlace(name: string, entry: unknown, source: string): TensorPlace {
  const tensor = `tensor ${JSON.stringify(name)}`
  if (!isRecord(entry)) throw bad(source, `expected ${tensor} to be an object`)
  const { dtype, shape, data_offsets: range, ...rest } = entry
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined) throw bad(source, `${tensor} has an unknown key ${JSON.stringify(unknown)}`)
  if (!isStoredType(dtype)) throw bad(source, `expected ${tensor} to be F32, F16, I32, I64 or U8, found ${JSON.stringify(dtype)}`)
  if (!isSizes(shape) || shape.length > mostDimensions) {
    throw bad(source, `expected ${tensor} to have at most ${mostDimensions} whole sizes from 0, found ${JSON.stringify(shape)}`)
  }
  if (!isSizes(range) || range.length !== 2 || range[0] > range[1]) {
    throw bad(source, `expected ${tensor} to have two ascending offsets, found ${JSON.stringify(range)}`)
  }
  const [start, end] = range
  const wanted = shape.reduce((product, size) => product * BigInt(size), BigInt(elementBytes[dtype]))
  if (wanted !== BigInt(end - start))
    throw bad(source, `${tensor} of ${dtype} ${JSON.stringify(shape)} needs ${wanted} bytes, found ${end - start}`)
  return { name, dtype, shape, start, end }
}

/** The ranges follow each other without hole or overlap and end with the file. */
function checkRanges(places: TensorPlace[], dataBytes: number, source: string): void {
  let at = 0
  for (const place of places) {
    const name = JSON.stringify(place.name)
    if (place.start !== at) throw bad(source, `expected tensor ${name} to begin at byte ${at}, found ${place.start}`)
    at = place.end
  }
  if (at !== dataBytes) throw bad(source, `the tensors should have ${at} bytes, found ${dataBytes}`)
}

function isStoredType(value: unknown): value is StoredType {
  return typeof value === 'string' && Object.prototype.hasOwnProperty.call(elementBytes, value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bad(source: string, sentence: string): AppError {
  return new AppError('file.format', `${source}: ${sentence}.`)
}
