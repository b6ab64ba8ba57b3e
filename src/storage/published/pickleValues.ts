/** What the closed reader of pickle can hold. All of it is plain data: names stay names, and nothing has behaviour. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleList
  | PickleDict
  | GlobalName
  | StorageReference
  | TensorReference
  | NumpyType
  | NumpyArray

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

export class PickleList {
  readonly items: PickleValue[] = []
}

export class PickleDict {
  readonly entries = new Map<string, PickleValue>()
}

/** The name of something in a Python module, such as `torch.FloatStorage`. */
export class GlobalName {
  constructor(readonly name: string) {}
}

/** Numbers of a torch file that stand elsewhere in it. */
export class StorageReference {
  constructor(
    readonly key: string,
    readonly elementBytes: 4 | 8,
    readonly elements: number
  ) {}
}

/** A view into a storage; its last element was checked to lie within. */
export class TensorReference {
  constructor(
    readonly storage: StorageReference,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[]
  ) {}
}

/** A numpy dtype, such as `f8`. */
export class NumpyType {
  isLittleEndian = true
  constructor(readonly code: string) {}
}

/** A numpy array of Python objects, empty until its state is set. */
export class NumpyArray {
  shape: readonly number[] = []
  items: readonly PickleValue[] | undefined
}

/** A few words for error messages; never follows what a value holds, which may be itself. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'None'
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 60))}`
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value).slice(0, 60)
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (value instanceof PickleTuple) return `a tuple of ${value.items.length}`
  if (value instanceof PickleList) return `a list of ${value.items.length}`
  if (value instanceof PickleDict) return `a dict of ${value.entries.size}`
  if (value instanceof GlobalName) return `the name ${value.name}`
  if (value instanceof TensorReference) return `a tensor of shape [${value.shape.join(', ')}]`
  if (value instanceof StorageReference) return 'a storage of numbers'
  return value instanceof NumpyType ? `the numpy type ${value.code}` : 'a numpy array'
}
