/** Files of torch.save: the good ones give their numbers, every other one is refused by what is in it. Made by fixtures/published.py. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readRawArchitecture } from '../../../../src/storage/published/readRawArchitecture.js'
import { readTorchTensors } from '../../../../src/storage/published/readTorchTensors.js'
import { caught } from '../caught.js'

const folder = new URL('../fixtures/published/', import.meta.url)
const authors = new URL('../../../fixtures/fasterseg/', import.meta.url)
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)))
const refusal = (name: string) => caught(() => readTorchTensors(bytesOf(name), name))

describe.each(['both.zip.pt', 'both.legacy.pt'])('%s', (name) => {
  it('gives the numbers that torch wrote, whatever the strides and the storage', () => {
    const expected = JSON.parse(readFileSync(new URL('both.json', folder), 'utf8')) as Record<string, number[][]>
    const tensors = readTorchTensors(bytesOf(name), name)
    expect([...tensors.keys()].sort()).toEqual(Object.keys(expected).sort())
    for (const [key, rows] of Object.entries(expected)) {
      expect(tensors.get(key), key).toEqual({ shape: [rows.length, rows[0].length], values: rows.flat() })
    }
  })

  it('has a teacher and a student', () => {
    const path = new URL(name, folder).pathname
    const student = readRawArchitecture(path)
    const teacher = readRawArchitecture(path, 'teacher')
    expect(student).toMatchObject({ layers: 7, forbidSkip: false, stemWidth: 8, widths: [4, 6, 8, 10, 12] })
    expect(teacher).toMatchObject({ layers: 7, forbidSkip: true, stemWidth: 12, widths: [12] })
    expect(teacher.ratio.map((rows) => rows.map((row) => row.length))).toEqual([6, 6, 5].map((rows) => Array.from({ length: rows }, () => 1)))
    expect(readRawArchitecture(path, 'student')).toEqual(student)
  })

  it('is refused wherever it is cut short, and with anything behind it', () => {
    const bytes = bytesOf(name)
    for (let length = 0; length < bytes.length; length += 61) {
      expect(caught(() => readTorchTensors(bytes.slice(0, length), name)).code, String(length)).toBe('file.format')
    }
    if (name === 'both.zip.pt') return
    expect(caught(() => readTorchTensors(new Uint8Array([...bytes, 0]), name)).message).toMatch(/nothing after the storages, found 1 byte/)
  })
})

describe('the authors\' arch_1.pt', () => {
  it('gives the arrays that were read from it with torch', () => {
    const { raw } = JSON.parse(readFileSync(new URL('published-student.json', authors), 'utf8')) as { raw: Record<string, number[][] | number> }
    const tensors = readTorchTensors(new Uint8Array(readFileSync(new URL('arch_1.pt', authors))), 'arch_1.pt')
    const arrays = Object.entries(raw).filter((entry): entry is [string, number[][]] => Array.isArray(entry[1]))
    expect(tensors.size).toBe(8)
    expect(arrays).toHaveLength(8)
    for (const [name, rows] of arrays) expect(tensors.get(name)?.values, name).toEqual(rows.flat())
  })

  it('has no teacher, and says so', () => {
    const error = caught(() => readRawArchitecture(new URL('arch_1.pt', authors).pathname, 'teacher'))
    expect(error.message).toMatch(/arrays of the teacher have no "alpha_0_0"; found ratio_1_0, beta_1_1/)
  })
})

describe('a pickle that asks for more than arrays is refused by name', () => {
  it.each([
    ['system.zip.pt', /asks for "posix\.system"/],
    ['system.legacy.pt', /asks for "posix\.system"/],
    ['eval.zip.pt', /asks for "__builtin__\.eval"/],
    ['module.zip.pt', /asks for "torch\.nn\.modules\.linear\.Linear"/],
    ['half.zip.pt', /asks for "torch\.HalfStorage"/],
    ['complex.zip.pt', /asks for "__builtin__\.complex"/]
  ])('%s', (name, message) => {
    const error = refusal(name)
    expect(error.code).toBe('file.format')
    expect(error.message).toContain(name)
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(/Nothing in this file was executed/)
    expect(existsSync('/tmp/cellscope-was-here')).toBe(false)
  })
})

describe('an archive that torch does not write is refused', () => {
  it.each([
    ['bomb.zip.pt', /"archive\/data\.pkl" in the archive is compressed/],
    ['compressed.zip.pt', /is compressed, which torch\.save never does/],
    ['declared.zip.pt', /at most 16777216 bytes in the archive, but "archive\/data\.pkl" makes them 1073741824/],
    ['unfolding.zip.pt', /at most 1000000 numbers in all tensors/],
    ['no-storage.zip.pt', /expected 40 bytes in data\/3, found no such entry/],
    ['short-storage.zip.pt', /expected 40 bytes in data\/3, found 36/],
    ['no-pickle.zip.pt', /with data\.pkl, found another zip archive/],
    ['short-pickle.zip.pt', /the file ends/],
    ['trailing-pickle.zip.pt', /nothing after the pickle in data\.pkl, found 1 byte/],
    ['big-endian.zip.pt', /little-endian order, found "big"/],
    ['code.zip.pt', /the archive holds "archive\/code\/run\.py"/],
    ['strides-beyond.zip.pt', /shape \[2, 2\], strides \[2, 2\], offset 0\) reaches beyond its storage of 4 numbers/],
    ['strides-negative.zip.pt', /expected the strides of a tensor/],
    ['strides-few.zip.pt', /2 sizes and 1 strides/],
    ['strides-huge.zip.pt', /tensors of at most 1000000 numbers, found one of 1000000000/],
    ['offset-beyond.zip.pt', /offset 1\) reaches beyond its storage/]
  ])('%s', (name, message) => {
    const error = refusal(name)
    expect(error.code).toBe('file.format')
    expect(error.message).toMatch(message)
  })

  it('but an empty tensor of a large shape is only empty', () => {
    expect(readTorchTensors(bytesOf('strides-empty.zip.pt'), 'x').get('alpha_1_0')).toEqual({ shape: [1000000, 1000000, 0], values: [] })
  })

  it('and an ordered dict is a dict', () => {
    expect(readTorchTensors(bytesOf('ordered.zip.pt'), 'x').get('alpha_1_0')).toEqual({ shape: [2, 2], values: [0, 0, 0, 0] })
  })
})
