/** Adam over architecture logits against torch.optim.Adam (fixtures/search.py). */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ArchitectureAdam } from '../../../src/engine/search/architectureAdam.js'
import { formulaValues } from '../network/formulaValues.js'

interface AdamFixture {
  rates: number[]
  moved: number[][]
}

const { adam } = JSON.parse(readFileSync(new URL('../fixtures/search.json', import.meta.url), 'utf8')) as { adam: AdamFixture }

const gradientOf = (step: number): number[] => [...formulaValues(`adam gradient ${step}`, 12)].map((value, i) => (i === 5 ? 0 : value * 10 ** -i))

it('moves logits as PyTorch does, for gradients from 1 down to 1e-11', () => {
  const start = formulaValues('adam start', 12)
  const values = start.slice()
  const optimizer = new ArchitectureAdam(12)
  adam.rates.forEach((rate, step) => {
    optimizer.apply(values, gradientOf(step), rate, step)
    const moved = values.map((value, i) => value - start[i])
    // float32 logits of size 1 are 1e-7 apart.
    adam.moved[step].forEach((expected, i) => expect(Math.abs(moved[i] - expected), `step ${step}, logit ${i}`).toBeLessThan(1e-6 + 1e-5 * Math.abs(expected)))
    expect(moved[5]).toBe(0)
  })
  expect(Math.abs(adam.moved.at(-1)![0])).toBeGreaterThan(0.01)
})
