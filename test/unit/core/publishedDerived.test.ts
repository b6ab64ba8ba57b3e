/**
 * Pairs of branches of random architectures as the published code builds them (fixtures/fasterseg/derived.py): what is shared, parameters,
 * multiply-adds and latency by the authors' table. The architectures are those of decode.json, whose branches derive.test.ts compares.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { deriveArchitecture } from '../../../src/core/derive.js'
import { publishedCost } from '../../../src/core/published/publishedCost.js'
import { publishedTableLatencyMs } from '../../../src/core/published/publishedTable.js'
import type { ArchitectureLogits, Scale } from '../../../src/shared/architecture.js'
import { publishedSpace, publishedTable } from './publishedStudent.js'

/** Cells that all branches share, parameters, multiply-adds, milliseconds; null where the authors' table has no entry. */
type Numbers = [number, number, number, number | null]

interface DerivedFixture {
  cases: ({ stemWidth: number } & Record<string, Numbers>)[]
}

interface DecodeFixture {
  cases: { layers: number; forbidSkip: boolean; logits: ArchitectureLogits }[]
}

const folder = new URL('../../fixtures/fasterseg/', import.meta.url)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
const { cases: decoded } = read('decode.json') as DecodeFixture
const { cases: built } = read('derived.json') as DerivedFixture
const size = { height: 1024, width: 2048 }

function numbersOf(index: number, finalScales: Scale[]): Numbers {
  const { layers, forbidSkip, logits } = decoded[index]
  const { stemWidth } = built[index]
  const options = { finalScales, rules: 'published', forbidSkip, stemWidth, name: `architecture ${index}` } as const
  const architecture = deriveArchitecture({ ...publishedSpace, layers }, logits, options)
  const { parameters, multiplyAdds } = publishedCost(architecture, size)
  return [architecture.sharedLayers, parameters, multiplyAdds, latencyOf(architecture)]
}

function latencyOf(architecture: Parameters<typeof publishedTableLatencyMs>[0]): number | null {
  try {
    return Number(publishedTableLatencyMs(architecture, publishedTable).toFixed(9))
  } catch (error) {
    expect((error as { code?: string }).code).toBe('latency.missing-entry')
    return null
  }
}

const branchesOf = (entry: object): string[] => Object.keys(entry).filter((key) => key !== 'stemWidth')

describe('branches of random architectures, built as by the published code', () => {
  test('are of many depths, share nothing, some cells or many, and mostly have a latency', () => {
    expect(built).toHaveLength(decoded.length)
    expect(new Set(decoded.map(({ layers }) => layers))).toEqual(new Set([6, 7, 8, 9, 12, 16, 20]))
    const numbers = built.flatMap((entry) => branchesOf(entry).map((key) => entry[key]))
    expect(new Set(numbers.map(([shared]) => shared)).size).toBeGreaterThan(6)
    expect(numbers.filter(([, , , milliseconds]) => milliseconds !== null).length).toBeGreaterThan(100)
  })

  test.each(built.map((entry, index) => [index, decoded[index].layers, entry] as const))('architecture %i, of %i layers', (index, _, entry) => {
    expect(branchesOf(entry)).toEqual(expect.arrayContaining(['32,8', '32,16']))
    for (const key of branchesOf(entry)) {
      expect({ [key]: numbersOf(index, key.split(',').map(Number) as Scale[]) }).toEqual({ [key]: entry[key] })
    }
  })
})
