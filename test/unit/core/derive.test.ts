import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { deriveArchitecture, type DeriveOptions } from '../../../src/core/derive.js'
import {
  operators,
  scales,
  type ArchitectureLogits,
  type DerivedBranch,
  type Scale,
  type SearchSpace
} from '../../../src/shared/architecture.js'
import { studentFixture, studentLogits } from './publishedStudent.js'

interface PublishedBranch {
  operators: number[]
  rows: number[]
  downs: number[]
  widths: number[]
}

interface DecodeFixture {
  widths: number[]
  cases: { layers: number; forbidSkip: boolean; logits: ArchitectureLogits; branches: PublishedBranch[] }[]
}

const folder = new URL('../../fixtures/fasterseg/', import.meta.url)
const decodeFixture = JSON.parse(readFileSync(new URL('decode.json', folder), 'utf8')) as DecodeFixture
function space(layers: number, widths = [4, 6, 8, 10, 12]): SearchSpace {
  return { layers, baseWidth: 12, widths, studentStemWidth: 8, classes: 19 }
}

const published: DeriveOptions = { finalScales: [8, 16, 32], rules: 'published', forbidSkip: false, stemWidth: 8, name: 'student' }

function asPublished(branch: DerivedBranch): PublishedBranch {
  return {
    operators: branch.cells.map((cell) => operators.indexOf(cell.operator)),
    rows: branch.cells.map((cell) => scales.indexOf(cell.scale)),
    downs: branch.cells.map((cell) => Number(cell.downsample)),
    widths: branch.cells.slice(0, -1).map((cell) => cell.width)
  }
}

describe('published rules', () => {
  test.each(decodeFixture.cases.map((one, index) => ({ ...one, index })))(
    'decode random architecture $index ($layers layers) as the published code does',
    ({ layers, forbidSkip, logits, branches }) => {
      const before = JSON.stringify(logits)
      const derived = deriveArchitecture(space(layers), logits, { ...published, forbidSkip })
      expect([...derived.branches].reverse().map(asPublished)).toEqual(branches)
      expect(JSON.stringify(logits)).toBe(before)
    }
  )

  test('decode the published student', () => {
    const derived = deriveArchitecture(space(16), studentLogits, published)
    const found = [...derived.branches].reverse().map((branch) => ({
      ops: branch.cells.map((cell) => cell.operator as string),
      downsample_rate: branch.cells.map((cell) => cell.scale as number),
      down: branch.cells.map((cell) => Number(cell.downsample)),
      width_twelfths_of_output_of_layer: branch.cells.slice(0, -1).map((cell) => cell.width)
    }))
    const expected = ['last0', 'last1', 'last2'].map((last) => studentFixture.branches[last])
    expect(found).toEqual(expected.map(({ ops, downsample_rate, down, width_twelfths_of_output_of_layer }) => (
      { ops, downsample_rate, down, width_twelfths_of_output_of_layer }
    )))
  })

  test('share the first three cells of the published pair', () => {
    const derived = deriveArchitecture(space(16), studentLogits, { ...published, finalScales: [16, 32] })
    expect(derived.branches.map((branch) => branch.finalScale)).toEqual([32, 16])
    expect(derived.sharedLayers).toBe(3)
    expect(derived.branches.map((branch) => branch.cells[branch.cells.length - 1].width)).toEqual([8, 8])
  })

  test('drop the earlier of two skips that are both certain in float32, whatever doubles say', () => {
    const logits = constantLogits(6)
    const skips = [30, 31, 32, 33, 34, 35]
    logits.alpha[0] = skips.map((skip) => [skip, 0, 0, 0, 0])
    const kept = (rules: 'ours' | 'published') => (
      deriveArchitecture(space(6), logits, { ...published, rules, finalScales: [8] }).branches[0].cells.map(({ layer }) => layer)
    )
    // Four of six may go. In doubles the surest are the last ones.
    expect(kept('published')).toEqual([4, 5])
    expect(kept('ours')).toEqual([0, 1])
  })

  test('refuse a space that is too shallow for the published code', () => {
    const logits = constantLogits(5)
    expect(() => deriveArchitecture(space(5), logits, published)).toThrow(/at least 6 layers/)
  })
})

describe('our rules', () => {
  test('take the most probable of all paths', () => {
    for (const one of decodeFixture.cases.filter((fixture) => fixture.layers <= 9 && fixture.logits.beta[0][0][0] !== 0)) {
      for (const finalScale of scales) {
        const derived = deriveArchitecture(space(one.layers), one.logits, { ...ours([finalScale]), forbidSkip: true })
        const best = bruteForcePath(one.layers, one.logits.beta, scales.indexOf(finalScale))
        expect(derived.branches[0].cells.map((cell) => scales.indexOf(cell.scale))).toEqual(best)
      }
    }
  })

  test('decode each branch alone, whatever the others are', () => {
    for (const { layers, logits } of decodeFixture.cases) {
      const together = deriveArchitecture(space(layers), logits, ours([8, 16, 32]))
      const alone = ([32, 16, 8] as Scale[]).map((scale) => deriveArchitecture(space(layers), logits, ours([scale])))
      expect(together.branches).toEqual(alone.flatMap((one) => one.branches))
      expect(together.notes).toEqual(alone.flatMap((one) => one.notes))
    }
  })

  test('explain every cell that is not what its argmax says', () => {
    for (const { layers, logits, forbidSkip } of decodeFixture.cases) {
      const derived = deriveArchitecture(space(layers), logits, { ...ours([8, 16, 32]), forbidSkip })
      for (const branch of derived.branches) {
        const notes = derived.notes.filter((note) => note.finalScale === branch.finalScale)
        const dropped = notes.filter((note) => note.action === 'dropped').map((note) => note.layer)
        const kept = branch.cells.map((cell) => cell.layer)
        expect([...dropped, ...kept].sort((a, b) => a - b)).toEqual(Array.from({ length: layers }, (_, layer) => layer))
        for (const cell of branch.cells) {
          const note = notes.find(({ layer }) => layer === cell.layer)
          const argmaxIsSkip = skipWins(logits.alpha[scales.indexOf(cell.scale)][cell.layer - scales.indexOf(cell.scale)])
          expect(note?.action).toBe(argmaxIsSkip ? 'replaced' : undefined)
          if (note) expect(note.to).toBe(cell.operator)
        }
      }
    }
  })

  test('work for the shallowest space', () => {
    const derived = deriveArchitecture(space(3), constantLogits(3), ours([8, 16, 32]))
    expect(derived.branches.map((branch) => branch.cells.length)).toEqual([3, 3, 1])
  })

  test('give a teacher the widest maps and every layer', () => {
    const logits = { ...studentLogits, gamma: studentLogits.gamma.map((rows) => rows.map(() => [0.001])) }
    const derived = deriveArchitecture(space(16), logits, { ...ours([16, 32]), forbidSkip: true, stemWidth: 12 })
    for (const branch of derived.branches) {
      expect(branch.cells).toHaveLength(16)
      expect(branch.cells.every((cell) => cell.width === 12 && cell.operator !== 'skip')).toBe(true)
    }
  })
})

function ours(finalScales: Scale[]): DeriveOptions {
  return { finalScales, rules: 'ours', forbidSkip: false, stemWidth: 8, name: 'ours' }
}

function skipWins(row: number[]): boolean {
  return row.every((logit) => row[0] >= logit)
}

function constantLogits(layers: number): ArchitectureLogits {
  const rows = (count: number, columns: number) => Array.from({ length: count }, () => Array.from({ length: columns }, () => 1e-3))
  return {
    alpha: [rows(layers, 5), rows(layers - 1, 5), rows(layers - 2, 5)],
    beta: [rows(layers - 2, 2), rows(layers - 3, 2)],
    gamma: [rows(layers - 1, 5), rows(layers - 1, 5), rows(layers - 2, 5)]
  }
}

/** Every monotone path from row 0 to `finalRow`, weighed by sigmoids of the beta logits' differences. */
function bruteForcePath(layers: number, beta: number[][][], finalRow: number): number[] {
  const downsChoices = finalRow === 0 ? [[]] : finalRow === 1 ? range(layers - 1).map((a) => [a]) :
    range(layers - 1).flatMap((b) => range(b).map((a) => [a, b]))
  let best = { probability: -1, path: [] as number[] }
  for (const downs of downsChoices) {
    const path = range(layers).map((layer) => downs.filter((down) => down < layer).length)
    let probability = 1
    for (let layer = 2; layer < layers; layer++) {
      const row = path[layer]
      if (row === 0 || row === layer) continue
      const [finer, same] = beta[row - 1][layer - row - 1]
      const fromFiner = 1 / (1 + Math.exp(same - finer))
      // Relative to the half that every choice begins with, so that paths with more choices are not the less probable for it.
      probability *= 2 * (path[layer - 1] < row ? fromFiner : 1 - fromFiner)
    }
    if (probability > best.probability) best = { probability, path }
  }
  return best.path
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
