/** Latency tables of the authors: .npy with a dict in it, or its JSON. Files made by fixtures/published.py. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readImportedTable } from '../../../../src/storage/published/readImportedTable.js'
import { readObjectArray } from '../../../../src/storage/published/readObjectArray.js'
import { caught } from '../caught.js'
import { temporaryFolder } from '../temporaryFolder.js'

const folder = new URL('../fixtures/published/', import.meta.url)
const authors = new URL('../../../fixtures/fasterseg/', import.meta.url)
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)))
const place = temporaryFolder()

describe('a table of numpy', () => {
  it('of the authors has the numbers that numpy reads', () => {
    const read = readImportedTable(new URL('latency_lookup_table.npy', authors).pathname)
    expect(read).toEqual(readImportedTable(new URL('latency-lookup-1080ti.json', authors).pathname))
    expect(read.kind === 'published' && Object.keys(read.milliseconds)).toHaveLength(667)
  })

  it('of a new numpy may hold numbers of numpy', () => {
    expect(Object.fromEntries(readObjectArray(bytesOf('table.npy'), 'x'))).toEqual({ ConvNorm_H1_W1: 0.5, head_H1_W1: 0.25, ff_H1_W1: 0.125 })
  })

  it.each([
    ['system.npy', /asks for "posix\.system"/],
    ['floats.npy', /an array of objects \(\|O\), found an array of <f4/],
    ['two.npy', /a single object, found the shape \(2,\)/],
    ['texts.npy', /a number for "ConvNorm_H1_W1", found the text "fast"/]
  ])('%s is refused', (name, message) => {
    const error = caught(() => readObjectArray(bytesOf(name), name))
    expect(error.code).toBe('file.format')
    expect(error.message).toMatch(message)
  })

  it('is refused wherever it is cut short, and with anything behind it', () => {
    const bytes = bytesOf('table.npy')
    for (let length = 0; length < bytes.length; length += 5) {
      expect(caught(() => readObjectArray(bytes.slice(0, length), 'x')).code).toBe('file.format')
    }
    expect(caught(() => readObjectArray(new Uint8Array([...bytes, 0]), 'x')).message).toMatch(/nothing after the pickle, found 1 byte/)
  })
})

describe('a table as JSON', () => {
  it.each([
    ['{"ConvNorm": -1}', /at ConvNorm: /],
    ['{"ConvNorm": "fast"}', /at ConvNorm: /],
    ['[1, 2]', /at the top: /],
    ['{"ConvNorm": 1, "ConvNorm": 2}', /occurs twice/]
  ])('%s is refused', (text, message) => {
    const path = place('table.json')
    writeFileSync(path, text)
    expect(caught(() => readImportedTable(path)).message).toMatch(message)
  })
})
