/** The Gumbel softmax over widths and the ways of the loss to gamma, against PyTorch under equal noise (fixtures/search.py). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SearchSpace } from '../../../src/shared/architecture.js'
import { gumbelPlan } from '../../../src/engine/network/supernet/widthPlan.js'
import { maskScores, publishedScores, softMaskScores, type ScoredWidths } from '../../../src/engine/search/widthScores.js'
import { lossGradients } from '../../../src/engine/tensor/gradients.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { formulaValues } from '../network/formulaValues.js'
import { expectClose } from '../tensor/expectClose.js'

interface Scored {
  value: number
  gradient: number[][]
}

interface WidthsFixture {
  temperature: number
  noise: number[][][]
  plan: number[][]
  published: Scored
  masks: Scored & { masks: number[] }
  'soft-masks': Scored & { masks: number[] }
}

const { space, widths } = JSON.parse(readFileSync(new URL('../fixtures/search.json', import.meta.url), 'utf8')) as { space: SearchSpace; widths: WidthsFixture }
const rows = [3, 3, 2]

const gammaTensors = (): tf.Tensor2D[] => rows.map((count, table) => tf.tensor2d(formulaValues(`gamma ${table}`, count * 3), [count, 3]))
const everyPlace = rows.flatMap((count, table) => Array.from({ length: count }, (_, index) => ({ table, index })))

/** Value and gradient of `score`, a function of all the scores. */
function expectScored(expected: Scored, score: (gamma: tf.Tensor2D[]) => tf.Scalar): void {
  const gamma = gammaTensors()
  const { loss, gradients } = lossGradients(() => score(gamma), gamma)
  expect(Math.abs(loss.dataSync()[0] - expected.value)).toBeLessThan(1e-5 * Math.abs(expected.value))
  gradients.forEach((gradient, table) => expectClose(gradient!, expected.gradient[table]))
  tf.dispose([loss, ...gamma, ...gradients.filter((gradient) => gradient !== null)])
}

describe('width scores under given noise', () => {
  it('published: a factor of value 1 with the gradient of the sample, wherever the width is used', () => {
    expectScored(widths.published, (gamma) => {
      const { widths: plan, scores } = publishedScores(gamma, widths.noise, widths.plan, widths.temperature)
      expect(plan).toEqual(widths.plan)
      const terms = everyPlace.map(({ table, index }) => {
        const weight = formulaValues(`score ${table}`, rows[table])
        const score = scores.scalar!(table, index)
        expect(score.dataSync()[0]).toBe(1)
        return tf.add(score.mul(weight[index]), scores.scalar!(table, index).square().mul(0.5 * weight[rows[table] - 1 - index]))
      })
      return tf.addN(terms) as tf.Scalar
    })
  })

  function expectMasks(name: 'masks' | 'soft-masks', scored: (gamma: tf.Tensor2D[]) => ScoredWidths): void {
    const expected = widths[name]
    expectScored(expected, (gamma) => {
      const { widths: plan, scores } = scored(gamma)
      const found: number[] = []
      const terms = everyPlace.map(({ table, index }) => {
        const count = Math.round((8 * 2 ** table * space.baseWidth * space.widths[plan[table][index]]) / 12)
        const mask = scores.mask!(table, index, count)
        found.push(...mask.dataSync())
        return tf.add(mask.mul(formulaValues(`mask ${table} ${index}`, count)).sum(), mask.square().sum())
      })
      expectClose(tf.tensor1d(found), expected.masks)
      return tf.addN(terms) as tf.Scalar
    })
  }

  it('masks: the sampled width runs, each channel with the gradient of a width that includes it', () => {
    expectMasks('masks', (gamma) => maskScores(space, gamma, widths.noise, widths.plan, widths.temperature))
  })

  it('soft masks: the widest map runs under the probability of a width that includes each channel', () => {
    expectMasks('soft-masks', (gamma) => softMaskScores(space, gamma, widths.noise, widths.temperature))
  })
})

describe('the sampled plan', () => {
  const gamma = rows.map((count, table) => Array.from({ length: count }, (_, index) => [...formulaValues(`plan ${table} ${index}`, 3)]))

  it('is the argmax of logits and noise', () => {
    const { plan, noise } = gumbelPlan(gamma, 5, 11)
    for (const { table, index } of everyPlace) {
      const noisy = gamma[table][index].map((logit, k) => logit + noise[table][index][k])
      expect(noisy[plan[table][index]]).toBe(Math.max(...noisy))
    }
  })

  it('draws every width as often as its probability says', () => {
    const draws = 6000
    const counts = gamma.map((table) => table.map((row) => row.map(() => 0)))
    for (let step = 0; step < draws; step++) {
      gumbelPlan(gamma, 5, step).plan.forEach((table, t) => table.forEach((width, r) => counts[t][r][width]++))
    }
    for (const { table, index } of everyPlace) {
      const exponentials = gamma[table][index].map(Math.exp)
      const sum = exponentials.reduce((a, b) => a + b, 0)
      exponentials.forEach((exponential, k) => {
        const probability = exponential / sum
        // Five standard deviations of a binomial draw.
        expect(Math.abs(counts[table][index][k] / draws - probability)).toBeLessThan(5 * Math.sqrt((probability * (1 - probability)) / draws))
      })
    }
  })
})
