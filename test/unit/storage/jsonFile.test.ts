import fs from 'node:fs'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/storage/canonicalJson.js'
import { parseJson, readJsonFile, writeJsonFile } from '../../../src/storage/jsonFile.js'
import { caught } from './caught.js'
import { temporaryFolder } from './temporaryFolder.js'

const at = temporaryFolder()
const parse = (text: string | Uint8Array): unknown => parseJson(typeof text === 'string' ? Buffer.from(text) : text, 'a.json')

test.each([
  '{"a":[1,-2.5e3,true,null,"x"],"b":{"a":1}}',
  '[]',
  '"just {[ text"',
  '{"quoted \\" : key":"va\\\\\\"lue: {"}',
  '{"街道":"\\u8857"}',
  ' { "a" : [ { } , { } ] } ',
  '0'
])('%s is read as JSON.parse reads it', (text) => {
  expect(parse(text)).toEqual(JSON.parse(text))
})

test.each([
  ['{"__proto__":{"x":1}}', 'a.json: the key "__proto__" is not allowed.'],
  ['{"\\u005f_proto__":1}', 'a.json: the key "__proto__" is not allowed.'],
  ['{"a":{"constructor":1}}', 'a.json: the key "constructor" is not allowed.'],
  ['[{"prototype" : 1}]', 'a.json: the key "prototype" is not allowed.'],
  ['{"a":1,"b":2,"a":3}', 'a.json: the key "a" occurs twice in one object.'],
  ['{"a":1,"\\u0061":2}', 'a.json: the key "a" occurs twice in one object.'],
  ['{"a":{"loss":[0,1e999]}}', 'a.json: expected finite numbers, found a.loss.1: Infinity.'],
  ['-1e999', 'a.json: expected finite numbers, found the value: -Infinity.'],
  ['['.repeat(65) + ']'.repeat(65), 'a.json: expected at most 64 nested levels, found more.'],
  ['['.repeat(100_000), 'a.json: expected at most 64 nested levels, found more.'],
  [Uint8Array.of(0x22, 0xff, 0x22), 'a.json: expected UTF-8 text, found other bytes.']
])('%s is refused', (text, message) => {
  expect(caught(() => parse(text)).message).toBe(message)
})

test.each(['', '{', '{"a":}', '{"a":1,}', '"open', '{"a\\', 'NaN', '[1] x', '{"\\x":1}'])('%s is no JSON', (text) => {
  const error = caught(() => parse(text))
  expect(error.code).toBe('file.format')
  expect(error.message).toMatch(/^a\.json: expected JSON, found: /)
})

test('a file is read within its limits, and errors name it', () => {
  writeJsonFile(at('a.json'), { a: [1, 2] })
  expect(readJsonFile(at('a.json'))).toEqual({ a: [1, 2] })
  expect(caught(() => readJsonFile(at('a.json'), { mostBytes: 5 })).message).toBe(`${at('a.json')}: expected at most 5 bytes, found 30.`)
  expect(caught(() => readJsonFile(at('a.json'), { mostDepth: 1 })).code).toBe('file.format')
  expect(caught(() => readJsonFile(at('b.json'))).code).toBe('file.not-found')
  fs.mkdirSync(at('folder'))
  expect(caught(() => readJsonFile(at('folder'))).message).toBe(`${at('folder')} cannot be read (EISDIR).`)
})

test('numbers that JSON cannot hold are not written', () => {
  expect(caught(() => writeJsonFile(at('a.json'), { loss: NaN })).message).toBe(
    `${at('a.json')}: expected finite numbers, found loss: NaN.`
  )
  expect(fs.existsSync(at('a.json'))).toBe(false)
})

test('canonical JSON does not depend on the order of keys', () => {
  expect(canonicalJson({ b: [1, { d: null, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":null}]}')
  expect(canonicalJson({ b: 1, a: 2 })).toBe(canonicalJson({ a: 2, b: 1 }))
})
