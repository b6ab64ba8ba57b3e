/**
 * The preset `paper` builds and takes real steps: its 16 layers, widths, pairs and 19 classes at crops of 32x64. Base width 3 instead of 12,
 * for a step would otherwise move 250 million weights; docs/results/paper-preset.md has the steps at full width.
 */
import { describe, expect, it } from 'vitest'
import { presets } from '../../../src/shared/presets.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import type { SettingsInput } from '../../../src/shared/config/settings.js'
import type { SearchSpace } from '../../../src/shared/architecture.js'
import type { RunEvent } from '../../../src/shared/events.js'
import { readCityscapes } from '../../../src/engine/data/readers/cityscapes.js'
import { supernetShapes, type PredictionName } from '../../../src/engine/network/supernet/layout.js'
import { ArchitectureParameters } from '../../../src/engine/search/architectureParameters.js'
import { copied, tinyPretrainer, tinySearcher } from './tinyTraining.js'

const settings = presets.paper.settings as unknown as SettingsInput
const { layers, baseWidth, widths, studentStemWidth } = parseSettings(settings, 'preset').space
const classes = readCityscapes('/nowhere').classes.length
const space: SearchSpace = { layers, baseWidth, widths, studentStemWidth, classes }
const narrow: SearchSpace = { ...space, baseWidth: 3 }
const published: PredictionName[] = ['8', '16', '32', '8+32', '16+32']
const predictions: PredictionName[] = [...published, '8+16']

describe('the supernet of the preset paper', () => {
  it('has the published number of parameters: 252,057,316, with the logits, and with an unused pair of each slimmable norm that is not ours', () => {
    const shapes = supernetShapes(space, published)
    const size = (shape: number[]): number => shape.reduce((product, side) => product * side, 1)
    const ours = [...shapes.values()].reduce((sum, shape) => sum + size(shape), 0)
    const unused = [...shapes].filter(([name]) => /norm12\.(scale|offset)$/.test(name)).reduce((sum, [, shape]) => sum + size(shape), 0)
    const logits = [1, widths.length].reduce((sum, count) => sum + new ArchitectureParameters(space, count).values.length, 0)
    expect(ours + unused + logits).toBe(252_057_316)
  })
})

describe('steps of the preset paper', () => {
  /** Uniform guesses over 19 classes cost ln 19 a prediction; fresh weights a little more. */
  const expectFresh = (losses: Record<string, number>, names: string[]): void => {
    expect(Object.keys(losses).sort()).toEqual([...names].sort())
    for (const [name, loss] of Object.entries(losses)) {
      expect(loss, name).toBeGreaterThan(0.95 * predictions.length * Math.log(19))
      expect(loss, name).toBeLessThan(2 * predictions.length * Math.log(19))
    }
  }

  it('a pretraining step', async () => {
    const events: RunEvent[] = []
    const pretrainer = tinyPretrainer({ space: narrow, predictions, settings }, events)
    const before = copied(pretrainer.tensors())
    expect((await pretrainer.step(0)).applied).toBe(true)
    const [event] = events
    if (event.type !== 'step' || !event.losses) throw new Error('no step was announced')
    expectFresh(event.losses, ['widest', 'narrowest', 'random1', 'random2'])
    expect(event.learningRate).toBe(0.02)
    // What two random draws of widths did not use stays.
    const moved = [...pretrainer.tensors()].filter(([name, { data }]) => before.get(name)?.data.some((value, index) => value !== data[index]))
    expect(moved.length).toBeGreaterThan(before.size / 2)
    pretrainer.dispose()
  })

  it('a search step: every logit of both architectures that a pass uses moves by the published rate', async () => {
    const events: RunEvent[] = []
    const searcher = tinySearcher({ space: narrow, predictions, settings }, events)
    expect((await searcher.step(0)).applied).toBe(true)
    const event = events.find(({ type }) => type === 'step')
    if (event?.type !== 'step' || !event.losses) throw new Error('no step was announced')
    expectFresh(event.losses, ['teacher', 'student', 'widest', 'narrowest', 'architecture'])
    for (const [role, count] of [['teacher', 1], ['student', widths.length]] as const) {
      const { values } = new ArchitectureParameters(narrow, count)
      const { alpha, beta, gamma } = searcher[role].parameters.logits()
      expect(searcher[role].parameters.values.length).toBe(values.length)
      // The first step of Adam is the learning rate, up or down, wherever there is a gradient.
      const moves = [...alpha, ...beta, ...(role === 'student' ? gamma : [])].flat(2).map((value) => Math.abs(value - 1e-3))
      expect(Math.max(...moves)).toBeLessThan(3.01e-4)
      expect(moves.filter((move) => move > 2.9e-4).length / moves.length).toBeGreaterThan(0.95)
    }
    searcher.dispose()
  })
})
