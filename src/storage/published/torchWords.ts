/** The names that torch's pickles of float tensors need, and what their persistent ids stand for. */
import { numpyWords } from './numpyWords.js'
import { describeValue, GlobalName, PickleDict, PickleTuple, StorageReference, TensorReference, type PickleValue } from './pickleValues.js'
import type { PickleWords, Refuse } from './readPickle.js'

const elementBytes: Record<string, 4 | 8> = { 'torch.FloatStorage': 4, 'torch.DoubleStorage': 8 }

/** A thousand layers have 15,000 numbers. */
export const mostElements = 1_000_000

/** Words for one file: `storages` is filled with what its persistent ids name. */
export function torchWords(storages: Map<string, StorageReference>): PickleWords {
  let elements = 0
  return {
    names: new Map([
      ...numpyWords.names,
      ['torch.FloatStorage', undefined],
      ['torch.DoubleStorage', undefined],
      ['torch._utils._rebuild_tensor_v2', rebuildTensor],
      ['torch._utils._rebuild_parameter', rebuildParameter],
      ['collections.OrderedDict', orderedDict]
    ]),
    build: numpyWords.build,
    persistent(id, refuse) {
      const storage = storageOf(id, refuse)
      const known = storages.get(storage.key)
      if (known === undefined) {
        elements += storage.elements
        if (elements > mostElements) throw refuse(`expected at most ${mostElements} numbers in all storages, found ${elements}`)
        storages.set(storage.key, storage)
        return storage
      }
      if (known.elements === storage.elements && known.elementBytes === storage.elementBytes) return known
      throw refuse(`the storage "${storage.key}" is named twice with different sizes`)
    }
  }
}

/** ('storage', type, key, device, how many numbers[, no view of another]). */
function storageOf(id: PickleValue, refuse: Refuse): StorageReference {
  const [word, type, key, device, elements, view] = id instanceof PickleTuple ? id.items : []
  const size = type instanceof GlobalName ? elementBytes[type.name] : undefined
  if (word !== 'storage' || size === undefined || typeof key !== 'string' || !/^[\w-]{1,40}$/.test(key) || typeof device !== 'string') {
    throw refuse(`expected the id of a torch.FloatStorage or DoubleStorage, found ${describeValue(type ?? id)}`)
  }
  if (view !== undefined && view !== null) throw refuse(`expected the storage "${key}" to be no view, found ${describeValue(view)}`)
  if (!isCount(elements)) throw refuse(`expected at most ${mostElements} numbers in the storage "${key}", found ${describeValue(elements)}`)
  return new StorageReference(key, size, elements)
}

/** (storage, offset, shape, strides, whether it has a gradient, no hooks). */
function rebuildTensor(given: readonly PickleValue[], refuse: Refuse): PickleValue {
  const [storage, offset, shape, strides, , hooks] = given
  if (given.length !== 6 || !(storage instanceof StorageReference)) throw refuse(`expected a tensor of a storage, found ${describeValue(storage)}`)
  refuseHooks(hooks, refuse)
  const sizes = counts(shape, 'the shape of a tensor', refuse)
  const steps = counts(strides, 'the strides of a tensor', refuse)
  if (!isCount(offset)) throw refuse(`expected the offset of a tensor, found ${describeValue(offset)}`)
  if (sizes.length !== steps.length) throw refuse(`a tensor has ${sizes.length} sizes and ${steps.length} strides`)
  const elements = sizes.reduce((product, size) => product * size, 1)
  if (elements > mostElements) throw refuse(`expected tensors of at most ${mostElements} numbers, found one of ${elements}`)
  const last = sizes.reduce((sum, size, axis) => sum + (size - 1) * steps[axis], offset)
  if (elements > 0 && last >= storage.elements) {
    const view = `shape [${sizes.join(', ')}], strides [${steps.join(', ')}], offset ${offset}`
    throw refuse(`a tensor (${view}) reaches beyond its storage of ${storage.elements} numbers`)
  }
  return new TensorReference(storage, offset, sizes, steps)
}

/** (tensor, whether it has a gradient, no hooks). */
function rebuildParameter(given: readonly PickleValue[], refuse: Refuse): PickleValue {
  const [tensor, , hooks] = given
  if (given.length !== 3 || !(tensor instanceof TensorReference)) throw refuse(`expected a parameter of a tensor, found ${describeValue(tensor)}`)
  refuseHooks(hooks, refuse)
  return tensor
}

function orderedDict(given: readonly PickleValue[], refuse: Refuse): PickleValue {
  if (given.length === 0) return new PickleDict()
  throw refuse(`expected an empty OrderedDict, found one made of ${describeValue(given[0])}`)
}

function refuseHooks(hooks: PickleValue | undefined, refuse: Refuse): void {
  if (hooks instanceof PickleDict && hooks.entries.size === 0) return
  throw refuse(`expected a tensor without hooks, found ${describeValue(hooks)}`)
}

function counts(value: PickleValue | undefined, what: string, refuse: Refuse): number[] {
  const items = value instanceof PickleTuple ? value.items : undefined
  if (items !== undefined && items.length <= 4 && items.every(isCount)) return [...items]
  throw refuse(`expected ${what} as up to 4 whole numbers, found ${describeValue(value)}`)
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostElements
}
