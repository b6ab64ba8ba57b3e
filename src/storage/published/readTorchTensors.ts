/** The float tensors of a file that torch.save wrote: the zip archive of today, or the row of pickles of before (torch < 1.6). */
import { ByteCursor } from './byteCursor.js'
import { describeValue, PickleDict, PickleList, TensorReference, type PickleValue, type StorageReference } from './pickleValues.js'
import { readPickle } from './readPickle.js'
import { readTorchZip } from './readTorchZip.js'
import { refused } from './refused.js'
import { mostElements, torchWords } from './torchWords.js'

export interface TorchTensor {
  shape: readonly number[]
  /** In C's order, whatever the strides were. */
  values: number[]
}

const noWords = { names: new Map() }
const magicNumber = 119547037146038801333356n
const legacyVersion = 1001

/** Tensors by name; what else the dict holds (numbers) was read and checked, and is left out. @throws AppError file.format */
export function readTorchTensors(bytes: Uint8Array, source: string): Map<string, TorchTensor> {
  const isZip = bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b
  const storages = new Map<string, StorageReference>()
  const { value, data } = isZip ? readZip(bytes, source, storages) : readLegacy(bytes, source, storages)
  if (!(value instanceof PickleDict)) throw refused(source, `expected a dict of tensors, found ${describeValue(value)}`)
  const tensors = new Map<string, TorchTensor>()
  let elements = 0
  for (const [name, entry] of value.entries) {
    if (entry instanceof TensorReference) {
      // Many tensors may look at the same few numbers, so what they unfold to is counted again.
      elements += entry.shape.reduce((product, size) => product * size, 1)
      if (elements > mostElements) throw refused(source, `expected at most ${mostElements} numbers in all tensors, found more`)
      tensors.set(name, { shape: entry.shape, values: valuesOf(entry, data) })
    } else if (typeof entry !== 'number') {
      throw refused(source, `expected a tensor or a number for ${JSON.stringify(name.slice(0, 60))}, found ${describeValue(entry)}`)
    }
  }
  return tensors
}

type Decoded = { value: PickleValue; data: ReadonlyMap<string, Uint8Array> }

function readZip(bytes: Uint8Array, source: string, storages: Map<string, StorageReference>): Decoded {
  const { pickle, data } = readTorchZip(bytes, source)
  const { value, end } = readPickle(pickle, 0, `${source} (data.pkl)`, torchWords(storages))
  if (end !== pickle.length) throw refused(source, `expected nothing after the pickle in data.pkl, found ${pickle.length - end} bytes`)
  for (const key of data.keys()) {
    if (!storages.has(key)) throw refused(source, `the archive holds data/${key}, which no tensor refers to`)
  }
  for (const { key, elements, elementBytes } of storages.values()) {
    const found = data.get(key)?.length
    if (found !== elements * elementBytes) {
      throw refused(source, `expected ${elements * elementBytes} bytes in data/${key}, found ${found ?? 'no such entry'}`)
    }
  }
  return { value, data }
}

/** Magic number, version, what the machine was like, the value, the keys of the storages; then each storage's length and numbers. */
function readLegacy(bytes: Uint8Array, source: string, storages: Map<string, StorageReference>): Decoded {
  let at = 0
  const next = (words: Parameters<typeof readPickle>[3]): PickleValue => {
    const { value, end } = readPickle(bytes, at, source, words)
    at = end
    return value
  }
  const magic = next(noWords)
  if (magic !== magicNumber) throw refused(source, `expected a file of torch.save, found a pickle of ${describeValue(magic)}`)
  const version = next(noWords)
  if (version !== legacyVersion) throw refused(source, `expected version ${legacyVersion} of torch's file, found ${describeValue(version)}`)
  const machine = next(noWords)
  if (!(machine instanceof PickleDict) || machine.entries.get('little_endian') !== true) {
    throw refused(source, 'expected numbers that a little-endian machine wrote, found others')
  }
  const value = next(torchWords(storages))
  const keys = next(noWords)
  return { value, data: readLegacyStorages(new ByteCursor(bytes, at, source), keys, storages, source) }
}

function readLegacyStorages(
  cursor: ByteCursor,
  keys: PickleValue,
  storages: ReadonlyMap<string, StorageReference>,
  source: string
): Map<string, Uint8Array> {
  if (!(keys instanceof PickleList)) throw refused(source, `expected the list of the storages, found ${describeValue(keys)}`)
  const data = new Map<string, Uint8Array>()
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (storage === undefined || data.has(storage.key)) throw refused(source, `the list of storages has ${describeValue(key)}, expected each storage once`)
    const elements = cursor.uint64()
    if (elements !== BigInt(storage.elements)) throw refused(source, `expected ${storage.elements} numbers in the storage "${storage.key}", found ${elements}`)
    data.set(storage.key, cursor.slice(storage.elements * storage.elementBytes))
  }
  if (data.size !== storages.size) throw refused(source, `expected ${storages.size} storages, found ${data.size}`)
  if (cursor.remaining > 0) throw refused(source, `expected nothing after the storages, found ${cursor.remaining} bytes`)
  return data
}

function valuesOf({ storage, offset, shape, strides }: TensorReference, data: ReadonlyMap<string, Uint8Array>): number[] {
  const bytes = data.get(storage.key) ?? new Uint8Array()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const read = (index: number): number => (storage.elementBytes === 4 ? view.getFloat32(4 * index, true) : view.getFloat64(8 * index, true))
  if (shape.includes(0)) return []
  let places = [offset]
  shape.forEach((size, axis) => {
    places = places.flatMap((place) => Array.from({ length: size }, (_, index) => place + index * strides[axis]))
  })
  return places.map(read)
}
