/** The passes of a step dealt out to threads: the same gradients as on one, the same bits every time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPassTeam } from '../../../src/engine/search/openPassTeam.js'
import type { PassTeam } from '../../../src/engine/search/passTeam.js'
import { plainPassTeam } from '../../../src/engine/search/plainPassTeam.js'
import { passShares } from '../../../src/engine/search/passShares.js'
import type { Weight } from '../../../src/engine/graph/weights.js'
import type { SupernetStep, WeightStepPlan } from '../../../src/engine/search/supernetStep.js'
import type { SupernetTrainer } from '../../../src/engine/search/supernetTrainer.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { randomLogits } from '../../unit/core/randomTable.js'
import { bundledThread, type BundledThread } from '../bundledThread.js'
import { tinyLoader, tinySpace, tinyTrainer } from './tinyTraining.js'

const space = tinySpace
const teacher = { ...randomLogits(space.layers, 1, 1) }
const student = randomLogits(space.layers, space.widths.length, 2)
const weightSteps = [{ kind: 'pretrain', seed: 1, step: 0, heads: 'both' }, { kind: 'weights', seed: 1, step: 1, teacher, student }] as const
const estimator = { widthEstimator: 'masks', gumbelTemperature: 1 } as const
const architectureStep = { kind: 'architecture', seed: 1, step: 2, teacher, student, estimator } as const

let thread: BundledThread
beforeAll(async () => void (thread = await bundledThread('src/engine/search/passThread.ts')), 120_000)
afterAll(() => thread.remove())

/** 0 workers: the plain path, by tensors alone. */
async function withTeam<Result>(workers: number, use: (team: PassTeam, trainer: SupernetTrainer) => Promise<Result>): Promise<Result> {
  const trainer = tinyTrainer(space)
  const team = workers === 0 ? plainPassTeam(trainer) : openPassTeam(trainer, workers, thread.file)
  try {
    return await use(team, trainer)
  } finally {
    team.close()
    trainer.dispose()
  }
}

interface Walk {
  losses: number[]
  weights: Map<string, Weight>
  velocities: Map<string, Weight>
  architecture: number[]
}

/** The weight steps given (two, so that the second sees moved weights), and an architecture step. */
function walk(workers: number, steps: readonly WeightStepPlan[] = weightSteps): Promise<Walk> {
  return withTeam(workers, async (team, trainer) => {
    const losses: number[] = []
    for (const step of steps) {
      const found = await team.weightStep(step, await tinyLoader('team').next(step.step), 0.05)
      losses.push(...passShares(space, step, 1)[0].map((name) => found.losses[name]))
      expect(found.applied).toBe(true)
    }
    const found = await team.architectureGradients(architectureStep, await tinyLoader('team').next(2))
    return { losses, weights: trainer.weights.read(), velocities: team.velocities(), architecture: [...found.teacher, ...found.student] }
  })
}

function expectClose(found: Walk, expected: Walk, relative: number, relativeAfter: number): void {
  found.losses.forEach((loss, index) => expect(Math.abs(loss / expected.losses[index] - 1)).toBeLessThan(relative))
  for (const kind of ['weights', 'velocities'] as const) {
    expect([...found[kind].keys()].sort()).toEqual([...expected[kind].keys()].sort())
    const largest = Math.max(...[...expected[kind].values()].map(({ data }) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)))
    for (const [name, { data }] of expected[kind]) {
      const other = found[kind].get(name)!.data
      const distance = data.reduce((most, value, place) => Math.max(most, Math.abs(value - other[place])), 0)
      expect(distance / largest, `${kind} ${name}`).toBeLessThan(relative)
    }
  }
  const scale = Math.max(...expected.architecture.map(Math.abs))
  expect(scale).toBeGreaterThan(0)
  // After the weight steps, whose last bits differ; batch norms over the four pixels of 1/32 make up to 1.5e-3 of that.
  found.architecture.forEach((value, index) => expect(Math.abs(value - expected.architecture[index])).toBeLessThan(relativeAfter * scale))
}

describe('shares', () => {
  it.each<[string, SupernetStep]>([['pretraining', weightSteps[0]], ['weights', weightSteps[1]], ['architecture', architectureStep]])('%s: every pass is somebody\'s, once', (_, step) => {
    const all = passShares(space, step, 1)[0].sort()
    expect(all).toHaveLength(4)
    for (const workers of [2, 3, 4, 9]) {
      const shares = passShares(space, step, workers)
      expect(shares).toHaveLength(Math.min(4, workers))
      expect(shares.flat().sort()).toEqual(all)
    }
  })
})

describe('a team', () => {
  it.each(weightSteps)('of one gives what the plain path gives: a step of kind $kind', async (step) => {
    expectClose(await walk(1, [step]), await walk(0, [step]), 1e-5, 5e-3)
  })

  it('of one gives the architecture the gradients of the plain path, while no weight has moved', async () => {
    expectClose(await walk(1, []), await walk(0, []), 1e-5, 1e-5)
  })

  it.each([2, 4])('of %i gives what one gives, up to the order of sums, and the same bits again', async (workers) => {
    const [alone, together, again] = [await walk(1), await walk(workers), await walk(workers)]
    expect(together).toEqual(again)
    // Two steps: the second begins where the first one's last bits differ.
    expectClose(together, alone, 1e-4, 1e-4)
  })

  it('goes on from weights and velocities of a checkpoint to the same bits', async () => {
    const [first, second] = weightSteps
    const batch = await tinyLoader('team').next(0)
    const state = (team: PassTeam, trainer: SupernetTrainer): Pick<Walk, 'weights' | 'velocities'> => (
      { weights: trainer.weights.read(), velocities: team.velocities() }
    )
    const [between, straight] = await withTeam(2, async (team, trainer) => {
      await team.weightStep(first, batch, 0.05)
      const checkpoint = state(team, trainer)
      await team.weightStep(second, batch, 0.05)
      return [checkpoint, state(team, trainer)]
    })
    const resumed = await withTeam(2, async (team, trainer) => {
      await team.weightStep(second, batch, 0.05)
      team.restore(between.weights, between.velocities)
      await team.weightStep(second, batch, 0.05)
      return state(team, trainer)
    })
    expect(resumed).toEqual(straight)
    expect(straight).not.toEqual(between)
  })

  it('of two moves nothing when a number is not finite', async () => {
    await withTeam(2, async (team, trainer) => {
      const batch = await tinyLoader('team').next(0)
      await team.weightStep(weightSteps[0], batch, 0.05)
      const before = { weights: trainer.weights.read(), velocities: team.velocities() }
      expect((await team.weightStep(weightSteps[1], await tinyLoader('team', [1]).next(1), 0.05)).applied).toBe(false)
      expect({ weights: trainer.weights.read(), velocities: team.velocities() }).toEqual(before)
    })
  })

  it('says what went wrong in a thread', async () => {
    const broken = { ...weightSteps[1], student: { ...student, alpha: [] } }
    await expect(withTeam(2, async (team) => team.weightStep(broken, await tinyLoader('team').next(0), 0.05))).rejects.toThrow()
  })

  it('leaves no tensor behind in this thread', async () => {
    await withTeam(2, async (team) => {
      const step = async (): Promise<void> => void (await team.weightStep(weightSteps[1], await tinyLoader('team').next(0), 0.01))
      await step()
      const before = tf.memory().numTensors
      await step()
      await step()
      expect(tf.memory().numTensors).toBe(before)
    })
  })
})
