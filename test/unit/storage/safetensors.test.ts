import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { encodeSafetensors, readSafetensors, writeSafetensors, type StoredTensor } from '../../../src/storage/safetensors.js'
import { tensorBytes } from '../../../src/storage/storedTensor.js'
import { randomStream } from '../../../src/core/random.js'
import { AppError } from '../../../src/shared/errors.js'
import fixture from './fixtures/safetensors.json'
import { caught } from './caught.js'
import { temporaryFolder } from './temporaryFolder.js'

const at = temporaryFolder()

describe("against the format's own library", () => {
  const types: Record<string, string> = { float32: 'F32', float16: 'F16', int32: 'I32', int64: 'I64', uint8: 'U8' }
  const file = Buffer.from(fixture.file, 'base64')

  test('its file is read number by number', () => {
    const { tensors, metadata } = readSafetensors(file)
    expect(metadata).toEqual({ format: 'np' })
    expect([...tensors.keys()].sort()).toEqual(Object.keys(fixture.tensors).sort())
    for (const [name, expected] of Object.entries(fixture.tensors)) {
      const tensor = tensors.get(name)
      expect([name, tensor?.dtype, tensor?.shape]).toEqual([name, types[expected.dtype], expected.shape])
      if (tensor !== undefined) expect(Buffer.from(tensorBytes(tensor)).toString('base64')).toBe(expected.bytes)
    }
    expect(tensors.get('scalar')?.data[0]).toBeCloseTo(0.1, 7)
    expect(tensors.get('steps')?.data[0]).toBe(-(2n ** 62n))
  })

  test('the same tensors give the same bytes, in whatever order they come', () => {
    const { tensors, metadata } = readSafetensors(file)
    expect(Buffer.compare(encodeSafetensors(new Map([...tensors].reverse()), metadata), file)).toBe(0)
  })
})

test('a file round trip, also of parts of larger arrays', () => {
  const large = Float32Array.from({ length: 10 }, (_, index) => index)
  const tensors = new Map<string, StoredTensor>([
    ['part', { dtype: 'F32', shape: [2, 2], data: large.subarray(3, 7) }],
    ['__name"\\ 街', { dtype: 'U8', shape: [0], data: new Uint8Array(0) }]
  ])
  const seen: Uint8Array[] = []
  writeSafetensors(at('a.safetensors'), tensors, { b: '2', a: '1' })
  const read = readSafetensors(at('a.safetensors'), { onBytes: (bytes) => seen.push(Uint8Array.from(bytes)) })
  expect(read.tensors.get('part')?.data).toEqual(Float32Array.of(3, 4, 5, 6))
  expect(read.tensors.get('__name"\\ 街')?.shape).toEqual([0])
  expect(read.metadata).toEqual({ a: '1', b: '2' })
  expect(Buffer.compare(Buffer.concat(seen), fs.readFileSync(at('a.safetensors')))).toBe(0)
})

test('no tensors at all is a file too', () => {
  expect(readSafetensors(encodeSafetensors(new Map()))).toEqual({ tensors: new Map(), metadata: {} })
})

/** A file from a header's text and a number of data bytes. */
function fileOf(header: string, dataBytes: number, length?: bigint): Uint8Array {
  const json = Buffer.from(header)
  const bytes = Buffer.alloc(8 + json.length + dataBytes)
  bytes.writeBigUInt64LE(length ?? BigInt(json.length), 0)
  json.copy(bytes, 8)
  return bytes
}

const one = (dtype: string, shape: string, from: number | string, to: number | string): string =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":[${from},${to}]}`
const w = (shape: string, from: number | string, to: number | string): string => `{"w":${one('"F32"', shape, from, to)}}`

describe('every rule of the format', () => {
  test.each<[string, Uint8Array, string]>([
    ['empty file', new Uint8Array(0), 'expected at least 8 bytes of safetensors, found 0'],
    ['seven bytes', new Uint8Array(7), 'expected at least 8 bytes of safetensors, found 7'],
    ['header beyond the file', fileOf('{}', 0, 100n), 'the header should have 100 bytes, but only 2 follow'],
    ['header of 2^63 bytes', fileOf('{}', 0, 2n ** 63n), 'expected a header of at most 67108864 bytes, found 9223372036854776000'],
    ['header just over the cap', fileOf('{}', 0, 67108865n), 'expected a header of at most 67108864 bytes, found 67108865'],
    ['header of no bytes', fileOf('', 0), 'expected the header to begin with {'],
    ['leading space', fileOf(' {}', 0), 'expected the header to begin with {'],
    ['a list', fileOf('[]', 0), 'expected the header to begin with {'],
    ['a zip', fileOf('PK\u0003\u0004', 0), 'expected the header to begin with {'],
    ['text after the header', fileOf('{}x', 0), 'expected JSON, found'],
    [
      'duplicate name',
      fileOf(`{"w":${one('"U8"', '[1]', 0, 1)},"w":${one('"U8"', '[1]', 0, 1)}}`, 1),
      'the key "w" occurs twice in one object'
    ],
    [
      'duplicate inner key',
      fileOf('{"w":{"dtype":"U8","dtype":"F32","shape":[0],"data_offsets":[0,0]}}', 0),
      'the key "dtype" occurs twice'
    ],
    ['prototype name', fileOf(`{"__proto__":${one('"U8"', '[1]', 0, 1)}}`, 1), 'the key "__proto__" is not allowed'],
    ['tensor that is a number', fileOf('{"w":1}', 0), 'expected tensor "w" to be an object'],
    ['tensor that is null', fileOf('{"w":null}', 0), 'expected tensor "w" to be an object'],
    ['unknown key', fileOf('{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"code":1}}', 0), 'tensor "w" has an unknown key "code"'],
    ['unknown type', fileOf(`{"w":${one('"F64"', '[1]', 0, 8)}}`, 8), 'F32, F16, I32, I64 or U8, found "F64"'],
    ['type from the prototype', fileOf(`{"w":${one('"toString"', '[1]', 0, 8)}}`, 8), 'found "toString"'],
    ['type that is no text', fileOf(`{"w":${one('7', '[1]', 0, 4)}}`, 4), 'found 7'],
    ['no shape', fileOf('{"w":{"dtype":"U8","data_offsets":[0,0]}}', 0), 'at most 8 whole sizes from 0, found undefined'],
    ['nine dimensions', fileOf(w('[1,1,1,1,1,1,1,1,1]', 0, 4), 4), 'at most 8 whole sizes from 0'],
    ['negative size', fileOf(w('[-1]', 0, 4), 4), 'at most 8 whole sizes from 0, found [-1]'],
    ['size with a fraction', fileOf(w('[1.5]', 0, 6), 6), 'at most 8 whole sizes from 0, found [1.5]'],
    ['size beyond whole numbers', fileOf(w('[9007199254740993]', 0, 4), 4), 'at most 8 whole sizes from 0'],
    ['size as text', fileOf(w('["1"]', 0, 4), 4), 'at most 8 whole sizes from 0, found ["1"]'],
    // 2^32 * 2^32 wraps to 0 in 64 bits: a reader without checked products would find 0 bytes right.
    ['product that wraps', fileOf(w('[4294967296,4294967296]', 0, 0), 0), 'needs 73786976294838206464 bytes, found 0'],
    ['too many bytes for the shape', fileOf(w('[1]', 0, 8), 8), 'tensor "w" of F32 [1] needs 4 bytes, found 8'],
    ['too few bytes for the shape', fileOf(w('[2]', 0, 4), 4), 'tensor "w" of F32 [2] needs 8 bytes, found 4'],
    [
      'one offset',
      fileOf('{"w":{"dtype":"U8","shape":[0],"data_offsets":[0]}}', 0),
      'expected tensor "w" to have two ascending offsets, found [0]'
    ],
    ['no offsets', fileOf('{"w":{"dtype":"U8","shape":[0]}}', 0), 'expected tensor "w" to have two ascending offsets'],
    ['descending offsets', fileOf(w('[1]', 4, 0), 4), 'expected tensor "w" to have two ascending offsets, found [4,0]'],
    ['negative offset', fileOf(w('[1]', -4, 0), 4), 'expected tensor "w" to have two ascending offsets'],
    ['infinite offset', fileOf(w('[1]', 0, '1e999'), 4), 'expected finite numbers'],
    ['hole at the start', fileOf(w('[1]', 4, 8), 8), 'expected tensor "w" to begin at byte 0, found 4'],
    [
      'hole between',
      fileOf(`{"a":${one('"U8"', '[1]', 0, 1)},"b":${one('"U8"', '[1]', 2, 3)}}`, 3),
      'expected tensor "b" to begin at byte 1, found 2'
    ],
    [
      'overlap',
      fileOf(`{"a":${one('"U8"', '[2]', 0, 2)},"b":${one('"U8"', '[2]', 1, 3)}}`, 3),
      'expected tensor "b" to begin at byte 2, found 1'
    ],
    ['same bytes twice', fileOf(`{"a":${one('"U8"', '[2]', 0, 2)},"b":${one('"U8"', '[2]', 0, 2)}}`, 2), 'to begin at byte 2, found 0'],
    ['bytes after the last tensor', fileOf(w('[1]', 0, 4), 5), 'the tensors should have 4 bytes, found 5'],
    ['bytes missing at the end', fileOf(w('[2]', 0, 8), 7), 'the tensors should have 8 bytes, found 7'],
    ['metadata that is a list', fileOf('{"__metadata__":[]}', 0), 'expected __metadata__ to be an object'],
    ['metadata that is a number', fileOf('{"__metadata__":{"a":1}}', 0), 'expected __metadata__ "a" to be a string'],
    ['nested too deep', fileOf(`{"w":${'['.repeat(50)}`, 0), 'expected at most 4 nested levels'],
    ['bytes that are no text', fileOf('{"\u00ff":1}', 0).map((byte) => (byte === 0xc3 ? 0xff : byte)), 'expected UTF-8 text']
  ])('%s', (_, bytes, sentence) => {
    const error = caught(() => readSafetensors(bytes, { source: 'w.safetensors' }))
    expect(error.code).toBe('file.format')
    expect(error.message).toContain(sentence)
    expect(error.message).toMatch(/^w\.safetensors: /)
  })

  test('the same holds for a file, which the error names', () => {
    fs.writeFileSync(at('a.safetensors'), fileOf(w('[2]', 0, 8), 7))
    expect(caught(() => readSafetensors(at('a.safetensors'))).message).toBe(
      `${at('a.safetensors')}: the tensors should have 8 bytes, found 7.`
    )
    expect(caught(() => readSafetensors(at('b.safetensors'))).code).toBe('file.not-found')
  })
})

describe('numbers that are not finite', () => {
  test.each<[StoredTensor, string]>([
    [{ dtype: 'F32', shape: [3], data: Float32Array.of(1, NaN, 2) }, 'NaN in tensor "w" at 1'],
    [{ dtype: 'F32', shape: [2], data: Float32Array.of(3e38, -Infinity) }, '-Infinity in tensor "w" at 1'],
    [{ dtype: 'F16', shape: [2], data: Uint16Array.of(0x3c00, 0xfc00) }, 'NaN or infinity in tensor "w" at 1']
  ])('are refused where that is asked for', (tensor, sentence) => {
    const bytes = encodeSafetensors(new Map([['w', tensor]]))
    expect(readSafetensors(bytes).tensors.get('w')).toEqual(tensor)
    const error = caught(() => readSafetensors(bytes, { finite: true }))
    expect(error.code).toBe('training.not-finite')
    expect(error.message).toContain(sentence)
  })

  test('the largest and smallest finite numbers pass', () => {
    const data = Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0)
    const bytes = encodeSafetensors(
      new Map<string, StoredTensor>([
        ['w', { dtype: 'F32', shape: [4], data }],
        ['h', { dtype: 'F16', shape: [1], data: Uint16Array.of(0x7bff) }],
        ['i', { dtype: 'I32', shape: [1], data: Int32Array.of(0x7f800000) }]
      ])
    )
    expect(readSafetensors(bytes, { finite: true }).tensors.get('w')?.data).toEqual(data)
  })
})

test.each<[string, StoredTensor]>([
  ['w', { dtype: 'F32', shape: [3], data: new Float32Array(2) }],
  ['w', { dtype: 'F32', shape: [-1, -2], data: new Float32Array(2) }],
  ['w', { dtype: 'U8', shape: [1, 1, 1, 1, 1, 1, 1, 1, 1], data: new Uint8Array(1) }],
  ['__metadata__', { dtype: 'U8', shape: [1], data: new Uint8Array(1) }],
  ['__proto__', { dtype: 'U8', shape: [1], data: new Uint8Array(1) }]
])('what could not be read again is not written: %s', (name, tensor) => {
  expect(caught(() => encodeSafetensors(new Map([[name, tensor]]))).code).toBe('file.format')
})

test('3,000 mutants of a file either fail with a named error or are whole files themselves', () => {
  const sound = Buffer.from(fixture.file, 'base64')
  let refused = 0
  for (let mutant = 0; mutant < 3000; mutant++) {
    const random = randomStream(1, 'mutant', mutant)
    let bytes = Uint8Array.from(sound)
    const changes = 1 + random.integer(3)
    for (let change = 0; change < changes; change++) {
      const place = random.uniform() < 0.9 ? random.integer(Math.min(bytes.length, 560)) : random.integer(bytes.length)
      const kind = random.integer(3)
      if (kind === 0) bytes[place] ^= 1 << random.integer(8)
      else if (kind === 1) bytes = bytes.slice(0, place + 1)
      else bytes = Uint8Array.from([...bytes.subarray(0, place), random.integer(256), ...bytes.subarray(place)])
    }
    try {
      const { tensors, metadata } = readSafetensors(bytes)
      const total = [...tensors.values()].reduce((sum, tensor) => sum + tensor.data.byteLength, 0)
      expect(total).toBeLessThan(bytes.length)
      encodeSafetensors(tensors, metadata)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      refused++
    }
  }
  expect(refused).toBeGreaterThan(2000)
})
