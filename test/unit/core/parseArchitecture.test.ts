import { describe, expect, test } from 'vitest'
import { parseArchitecture } from '../../../src/core/parseArchitecture.js'
import { publishedStudent } from './publishedStudent.js'

const student = publishedStudent([32, 16])

describe('parseArchitecture', () => {
  test('reads what was derived', () => {
    expect(parseArchitecture(JSON.stringify(student), 'architecture.json')).toEqual(student)
  })

  test('refuses text that is not JSON, with the file name', () => {
    expect(() => parseArchitecture('{', 'some/architecture.json')).toThrow(/^some\/architecture\.json is not JSON: /)
  })

  test('refuses sharing that the cells do not have', () => {
    const text = JSON.stringify({ ...student, sharedLayers: 2 })
    expect(() => parseArchitecture(text, 'a.json')).toThrow('a.json: sharedLayers is 2, but the branches have 3 cells in common.')
  })

  test.each([
    ['a path that jumps', (text: string) => text.replace('"downsample":true', '"downsample":false')],
    ['an unknown operator', (text: string) => text.replace('"conv_2x"', '"conv_3x"')],
    ['an unknown field', (text: string) => text.replace('"version":1', '"version":1,"colour":"red"')],
    ['no branch', (text: string) => JSON.stringify({ ...(JSON.parse(text) as object), branches: [] })]
  ])('refuses %s', (_, change) => {
    const text = JSON.stringify(student)
    expect(change(text)).not.toBe(text)
    expect(() => parseArchitecture(change(text), 'a.json')).toThrow(expect.objectContaining({ code: 'architecture.invalid' }))
  })
})
