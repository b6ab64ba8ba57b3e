/**
 * Reading and writing safetensors: the weights' file format, which holds numbers and nothing that could run.
 * The same tensors always give the same bytes. Numbers are little endian, as on every machine that TensorFlow runs on.
 */
import { AppError } from '../shared/errors.js'
import { writeFileAtomic } from './atomicFile.js'
import { disk } from './disk.js'
import { readRange } from './readBytes.js'
import { headerLength, mostHeaderBytes, parseHeader, type SafetensorsHeader } from './safetensorsHeader.js'
import { named } from './storageError.js'
import { firstNonFinite, tensorBytes, tensorOver, type StoredTensor, type StoredType } from './storedTensor.js'

export type { StoredTensor, StoredType } from './storedTensor.js'

export interface SafetensorsContent {
  tensors: Map<string, StoredTensor>
  metadata: Record<string, string>
}

export interface ReadOptions {
  /** Whether NaN and infinities are refused (default: they are not). */
  finite?: boolean
  /** What errors call the file, when bytes are given instead of a path. */
  source?: string
  /** Is shown every byte of the file in order, such as a hash. */
  onBytes?: (bytes: Uint8Array) => void
}

/** Reads a file, or bytes that are one. Throws file.not-found; file.format with what was expected and found; training.not-finite. */
export function readSafetensors(from: string | Uint8Array, options: ReadOptions = {}): SafetensorsContent {
  if (typeof from !== 'string')
    return readPieces((start, length) => Uint8Array.from(from.subarray(start, start + length)), from.length, options)
  return named('reading', from, () => {
    const file = disk.open(from, 'r')
    try {
      const read = (start: number, length: number): Uint8Array => readRange(file, start, length)
      return readPieces(read, disk.sizeBytes(file), { source: from, ...options })
    } finally {
      disk.close(file)
    }
  })
}

/** Writes a file atomically. The file is built in memory; checkpoints, which are larger, use `safetensorsPieces`. */
export function writeSafetensors(path: string, tensors: ReadonlyMap<string, StoredTensor>, metadata: Record<string, string> = {}): void {
  writeFileAtomic(path, encodeSafetensors(tensors, metadata))
}

/** The whole file as bytes. */
export function encodeSafetensors(tensors: ReadonlyMap<string, StoredTensor>, metadata: Record<string, string> = {}): Uint8Array {
  return Buffer.concat([...safetensorsPieces(tensors, metadata)])
}

/** The file piece by piece: the header, then each tensor's bytes without a copy. Throws file.format for a tensor that is not one. */
export function* safetensorsPieces(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Record<string, string> = {}
): Iterable<Uint8Array> {
  const ordered = [...tensors].sort(inFileOrder)
  yield encodeHeader(ordered, metadata)
  for (const [, tensor] of ordered) yield tensorBytes(tensor)
}

/** Wide elements first, so that every tensor is aligned to its elements, which PyTorch's reader needs; as the format's own library. */
const typeOrder: readonly StoredType[] = ['I64', 'F32', 'I32', 'F16', 'U8']

function inFileOrder([nameA, a]: [string, StoredTensor], [nameB, b]: [string, StoredTensor]): number {
  return typeOrder.indexOf(a.dtype) - typeOrder.indexOf(b.dtype) || (nameA < nameB ? -1 : 1)
}

function encodeHeader(ordered: [string, StoredTensor][], metadata: Record<string, string>): Uint8Array {
  const parts: string[] = []
  const keys = Object.keys(metadata).sort()
  if (keys.length > 0)
    parts.push(`"__metadata__":{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`).join(',')}}`)
  let at = 0
  for (const [name, tensor] of ordered) {
    const { dtype, shape, data } = tensor
    checkWritable(name, tensor)
    const entry = { dtype, shape, data_offsets: [at, at + data.byteLength] }
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`)
    at += data.byteLength
  }
  const json = Buffer.from(`{${parts.join(',')}}`)
  const padded = Math.ceil(json.length / 8) * 8
  if (padded > mostHeaderBytes) throw new AppError('file.format', `expected a header of at most ${mostHeaderBytes} bytes, found ${padded}.`)
  const bytes = Buffer.alloc(8 + padded, 0x20)
  bytes.writeBigUInt64LE(BigInt(padded), 0)
  json.copy(bytes, 8)
  return bytes
}

function checkWritable(name: string, tensor: StoredTensor): void {
  const wanted = tensor.shape.reduce((product, size) => product * size, 1)
  const sound = tensor.shape.length <= 8 && tensor.shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  if (!sound || wanted !== tensor.data.length) {
    const found = `${tensor.data.length} numbers for shape ${JSON.stringify(tensor.shape)}`
    throw new AppError('file.format', `tensor ${JSON.stringify(name)}: expected ${wanted} numbers in at most 8 dimensions, found ${found}.`)
  }
  if (['__metadata__', '__proto__', 'constructor', 'prototype'].includes(name)) {
    throw new AppError('file.format', `a tensor cannot have the name ${name}.`)
  }
}

/** `read(start, length)` gives fresh bytes, so that a tensor may keep them. */
function readPieces(read: (start: number, length: number) => Uint8Array, fileBytes: number, options: ReadOptions): SafetensorsContent {
  const source = options.source ?? 'The safetensors data'
  const prefix = read(0, Math.min(8, fileBytes))
  const length = headerLength(prefix, fileBytes, source)
  const json = read(8, length)
  const header: SafetensorsHeader = parseHeader(json, fileBytes - 8 - length, source)
  options.onBytes?.(prefix)
  options.onBytes?.(json)
  const tensors = new Map<string, StoredTensor>()
  for (const { name, dtype, shape, start, end } of header.places) {
    const bytes = read(8 + length + start, end - start)
    if (bytes.length !== end - start) throw new AppError('file.format', `${source}: the file became shorter while it was read.`)
    options.onBytes?.(bytes)
    const tensor = tensorOver(dtype, shape, bytes)
    if (options.finite === true) refuseNonFinite(name, tensor, source)
    tensors.set(name, tensor)
  }
  return { tensors, metadata: header.metadata }
}

/** Throws training.not-finite at the first number that is not finite; `where` is the file or what is about to be written. */
export function refuseNonFinite(name: string, tensor: StoredTensor, where: string): void {
  const index = firstNonFinite(tensor)
  if (index < 0) return
  const found = tensor.dtype === 'F32' ? String(tensor.data[index]) : 'NaN or infinity'
  throw new AppError(
    'training.not-finite',
    `${where}: expected finite numbers, found ${found} in tensor ${JSON.stringify(name)} at ${index}.`
  )
}
