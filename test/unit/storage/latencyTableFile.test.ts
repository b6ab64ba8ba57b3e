/** Latency tables as files: what is written comes back, and every damaged one is refused with its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTable, requireEntries, writeTable } from '../../../src/storage/latencyTableFile.js'
import type { LatencyCorrection, LatencyKey, LatencyTable } from '../../../src/shared/latencyTable.js'

const key: LatencyKey = { part: 'conv_2x', height: 128, width: 256, inChannels: 64, outChannels: 32, stride: 1 }

const table: LatencyTable = {
  version: 1,
  name: 'laptop',
  height: 1024,
  width: 2048,
  machine: { cpu: 'some cpu', cores: 2, memoryBytes: 1e9, platform: 'linux-x64' },
  runtime: { name: 'onnxruntime', version: '1.30.0', threads: 2 },
  warmup: 3,
  repeats: 10,
  callMs: 0.02,
  measuredAt: '2024-01-01T00:00:00.000Z',
  entries: { 'conv_2x 128x256 64>32 s1': { medianMs: 4.5, deviationMs: 0.1, count: 10 } }
}

const correction: LatencyCorrection = {
  version: 1,
  factors: { fixed: 0.8, plain: 1.05, zoomed: 1.2, join: 0.8 },
  perLayerMs: 0.01,
  perMegaweightMs: 0.2,
  perMegavalueMs: 0,
  fitted: { networks: 50, seed: 1, rounds: 5, ridge: 0.001, medianErrorBefore: 0.1, medianErrorAfter: 0.02, medianErrorLeftOut: 0.03, worstErrorAfter: 0.1 }
}

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellscope-table-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

function fileWith(text: string): string {
  const path = join(folder, '延迟 table.json')
  writeFileSync(path, text)
  return path
}

describe('a latency table on disk', () => {
  it('comes back as it was written', () => {
    const path = join(folder, 'table.json')
    writeTable(path, table)
    expect(readTable(path)).toEqual(table)
  })

  it('is never overwritten', () => {
    const path = join(folder, 'once.json')
    writeTable(path, table)
    expect(() => writeTable(path, { ...table, name: 'other' })).toThrow(/once\.json.*never overwritten/)
    expect(readTable(path).name).toBe('laptop')
  })

  it('may lack the cost of a call, as an imported one does', () => {
    const { callMs, ...imported } = table
    expect(callMs).toBe(0.02)
    expect(readTable(fileWith(JSON.stringify(imported)))).toEqual(imported)
  })

  it('may have a correction, a clock and a pace, which come back', () => {
    const whole = { ...table, clock: 'processor' as const, metronomeMs: { medianMs: 1.7, deviationMs: 0.1, count: 9 }, correction }
    expect(readTable(fileWith(JSON.stringify(whole)))).toEqual(whole)
  })

  it.each<[string, object, string]>([
    ['of a later version', { ...correction, version: 2 }, 'correction / version'],
    ['without a factor', { ...correction, factors: { fixed: 1, plain: 1, zoomed: 1 } }, 'correction / factors / join'],
    ['with a negative number', { ...correction, perLayerMs: -0.1 }, 'correction / perLayerMs'],
    ['that does not say how it was fitted', { ...correction, fitted: undefined }, 'correction / fitted']
  ])('with a correction %s is refused with its place', (_, changed, place) => {
    const path = fileWith(JSON.stringify({ ...table, correction: changed }))
    expect(() => readTable(path)).toThrow(expect.objectContaining({ code: 'latency.invalid-table', message: expect.stringContaining(place) as string }) as Error)
  })

  const entry = table.entries['conv_2x 128x256 64>32 s1']
  const withEntry = (changed: unknown): string => JSON.stringify({ ...table, entries: { 'conv_2x 128x256 64>32 s1': changed } })

  it.each<[string, string, string]>([
    ['a negative latency', withEntry({ ...entry, medianMs: -1 }), 'entries / conv_2x 128x256 64>32 s1 / medianMs'],
    ['a missing number', withEntry({ deviationMs: 0, count: 1 }), 'entries / conv_2x 128x256 64>32 s1 / medianMs'],
    ['NaN, which JSON writes as null', withEntry({ ...entry, medianMs: null }), 'entries / conv_2x 128x256 64>32 s1 / medianMs'],
    ['text for a number', withEntry({ ...entry, deviationMs: '0.1' }), 'entries / conv_2x 128x256 64>32 s1 / deviationMs'],
    ['no runs at all', withEntry({ ...entry, count: 0 }), 'entries / conv_2x 128x256 64>32 s1 / count'],
    ['an unknown field', withEntry({ ...entry, meanMs: 1 }), 'meanMs'],
    ['no entries', JSON.stringify({ ...table, entries: undefined }), 'entries'],
    ['a later version', JSON.stringify({ ...table, version: 2 }), 'version'],
    ['another file', '[]', 'the top']
  ])('with %s is refused with its place', (_, text, place) => {
    const path = fileWith(text)
    expect(() => readTable(path)).toThrow(expect.objectContaining({ code: 'latency.invalid-table', message: expect.stringContaining(place) as string }) as Error)
    expect(() => readTable(path)).toThrow(path)
  })

  it.each([
    ['infinity', withEntry({ ...entry, medianMs: 'X' }).replace('"X"', '1e999')],
    ['text that is no JSON', '{"version": 1,'],
    ['an empty file', '']
  ])('with %s is refused as a file', (_, text) => {
    expect(() => readTable(fileWith(text))).toThrow(expect.objectContaining({ code: 'file.format' }) as Error)
  })

  it('that is not there is said so', () => {
    expect(() => readTable(join(folder, 'none.json'))).toThrow(expect.objectContaining({ code: 'file.not-found' }) as Error)
  })
})

describe('requireEntries', () => {
  it('passes a table that has them all, and names the first missing one', () => {
    requireEntries(table, [key, key], 'table.json')
    const others = [key, { ...key, stride: 2 }, { ...key, inChannels: 7 }]
    expect(() => requireEntries(table, others, 'table.json')).toThrow(
      expect.objectContaining({
        code: 'latency.missing-entry',
        message: 'table.json: the table has no entry "conv_2x 128x256 64>32 s2" and 1 more.'
      }) as Error
    )
  })

  it('does not mistake what every object has for an entry', () => {
    const constructor = { ...key, part: 'constructor' as LatencyKey['part'] }
    expect(() => requireEntries(table, [constructor], 't')).toThrow('constructor')
  })
})
