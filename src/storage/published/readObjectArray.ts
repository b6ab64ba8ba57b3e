/** A .npy file that holds one dict of numbers, as `numpy.save(path, dict)` writes it. */
import { ByteCursor } from './byteCursor.js'
import { numpyWords } from './numpyWords.js'
import { describeValue, NumpyArray, PickleDict } from './pickleValues.js'
import { readPickle } from './readPickle.js'
import { refused } from './refused.js'

/** What a .npy file begins with. */
export const numpyMagic = '\u0093NUMPY'

/** The numbers by name. @throws AppError file.format */
export function readObjectArray(bytes: Uint8Array, source: string): Map<string, number> {
  const { value, end } = readPickle(bytes, afterHeader(bytes, source), source, numpyWords)
  if (end !== bytes.length) throw refused(source, `expected nothing after the pickle, found ${bytes.length - end} bytes`)
  const held = value instanceof NumpyArray ? value.items?.[0] : undefined
  if (!(held instanceof PickleDict)) throw refused(source, `expected an array that holds one dict, found ${describeValue(held ?? value)}`)
  return new Map([...held.entries].map(([name, number]) => {
    if (typeof number !== 'number') throw refused(source, `expected a number for ${JSON.stringify(name.slice(0, 80))}, found ${describeValue(number)}`)
    return [name, number]
  }))
}

/** Where the data begins. The header is a Python dict in one fixed spelling; only an array of objects is read further. */
function afterHeader(bytes: Uint8Array, source: string): number {
  const cursor = new ByteCursor(bytes, 0, source)
  if (String.fromCharCode(...cursor.slice(numpyMagic.length)) !== numpyMagic) throw refused(source, 'expected a .npy file, found other bytes')
  const [major] = [cursor.uint8(), cursor.uint8()]
  if (major < 1 || major > 3) throw refused(source, `expected .npy version 1, 2 or 3, found ${major}`)
  const length = major === 1 ? cursor.uint16() : cursor.uint32()
  if (length > 4096) throw refused(source, `expected a .npy header of at most 4096 bytes, found ${length}`)
  const header = cursor.text(length).trim()
  const match = /^\{'descr': '([^']{1,20})', 'fortran_order': (?:True|False), 'shape': \(([\d, ]*)\), \}$/.exec(header)
  if (match === null) throw refused(source, `expected a plain .npy header, found ${JSON.stringify(header.slice(0, 100))}`)
  const [, descriptor, shape] = match
  if (descriptor !== '|O') throw refused(source, `expected an array of objects (|O), found an array of ${descriptor}`)
  if (shape !== '' && shape !== '1,') throw refused(source, `expected a single object, found the shape (${shape})`)
  return cursor.at
}
