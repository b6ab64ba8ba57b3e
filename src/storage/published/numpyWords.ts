/** The names that numpy's pickles of numbers and of object arrays need. */
import { describeValue, GlobalName, NumpyArray, NumpyType, PickleList, PickleTuple, type PickleValue } from './pickleValues.js'
import type { PickleWords, Refuse } from './readPickle.js'

const readNumber: Record<string, (view: DataView, isLittleEndian: boolean) => number> = {
  f8: (view, little) => view.getFloat64(0, little),
  f4: (view, little) => view.getFloat32(0, little),
  i8: (view, little) => Number(view.getBigInt64(0, little)),
  i4: (view, little) => view.getInt32(0, little)
}

const objectCodes = ['O8', 'O4', 'O']

function dtype([code]: readonly PickleValue[], refuse: Refuse): PickleValue {
  if (typeof code === 'string' && (Object.hasOwn(readNumber, code) || objectCodes.includes(code))) return new NumpyType(code)
  throw refuse(`expected the numpy type f8, f4, i8, i4 or O8, found ${describeValue(code)}`)
}

/** numpy.core.multiarray.scalar(dtype, bytes): one number. */
function scalar([type, bytes]: readonly PickleValue[], refuse: Refuse): PickleValue {
  if (!(type instanceof NumpyType) || !(bytes instanceof Uint8Array) || !Object.hasOwn(readNumber, type.code)) {
    throw refuse(`expected a numpy number, found ${describeValue(type)} of ${describeValue(bytes)}`)
  }
  if (bytes.length !== Number(type.code.slice(1))) throw refuse(`expected a numpy ${type.code}, found ${bytes.length} bytes`)
  return readNumber[type.code](new DataView(bytes.buffer, bytes.byteOffset, bytes.length), type.isLittleEndian)
}

/** numpy.core.multiarray._reconstruct(ndarray, (0,), b'b'): an empty array, whose state comes next. */
function reconstruct([type]: readonly PickleValue[], refuse: Refuse): PickleValue {
  if (type instanceof GlobalName && type.name === 'numpy.ndarray') return new NumpyArray()
  throw refuse(`expected numpy.ndarray to be rebuilt, found ${describeValue(type)}`)
}

/** _codecs.encode(text, 'latin1'): how protocol 2 spells bytes. */
function encode([text, coding]: readonly PickleValue[], refuse: Refuse): PickleValue {
  if (typeof text !== 'string' || coding !== 'latin1') throw refuse(`expected latin1 text to encode, found ${describeValue(coding)}`)
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  if (codes.some((code) => code > 255)) throw refuse('expected latin1 text to encode, found other characters')
  return Uint8Array.from(codes)
}

function build(target: PickleValue, state: PickleValue, refuse: Refuse): void {
  const fields = state instanceof PickleTuple ? state.items : []
  if (target instanceof NumpyType) setType(target, fields, refuse)
  else if (target instanceof NumpyArray) setArray(target, fields, refuse)
  else throw refuse(`the pickle sets the state of ${describeValue(target)} (BUILD), which is not allowed`)
}

/** (3, byte order, no sub-array, no names, no fields, ...). */
function setType(type: NumpyType, fields: readonly PickleValue[], refuse: Refuse): void {
  const [version, order, ...others] = fields
  const isPlain = others.slice(0, 3).every((field) => field === null)
  if (version !== 3 || fields.length !== 8 || typeof order !== 'string' || !['<', '>', '|'].includes(order) || !isPlain) {
    throw refuse(`expected the state of a plain numpy type, found another (${describeValue(version)}, ${describeValue(order)})`)
  }
  type.isLittleEndian = order !== '>'
}

/** (1, shape, dtype, whether in Fortran's order, items). Only single objects: shape () or (1,). */
function setArray(array: NumpyArray, fields: readonly PickleValue[], refuse: Refuse): void {
  const [version, shape, type, , items] = fields
  const isObject = type instanceof NumpyType && objectCodes.includes(type.code)
  if (version !== 1 || fields.length !== 5 || !isObject || !(shape instanceof PickleTuple) || !(items instanceof PickleList)) {
    throw refuse(`expected the state of a numpy array of objects, found ${describeValue(type)}, ${describeValue(items)}`)
  }
  if (array.items !== undefined) throw refuse('the state of a numpy array is set twice')
  const isSingle = shape.items.length === 0 || (shape.items.length === 1 && shape.items[0] === 1)
  if (!isSingle || items.items.length !== 1) throw refuse('expected a numpy array of a single object, found another shape')
  array.shape = shape.items.length === 0 ? [] : [1]
  array.items = items.items
}

export const numpyWords: PickleWords & { build: NonNullable<PickleWords['build']> } = {
  names: new Map([
    ['numpy.dtype', dtype],
    ['numpy.ndarray', undefined],
    ['numpy.core.multiarray.scalar', scalar],
    ['numpy._core.multiarray.scalar', scalar],
    ['numpy.core.multiarray._reconstruct', reconstruct],
    ['numpy._core.multiarray._reconstruct', reconstruct],
    ['_codecs.encode', encode]
  ]),
  build
}
