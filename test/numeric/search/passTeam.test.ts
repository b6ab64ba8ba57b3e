/** The passes of a step dealt out to threads: the same gradients as on one, the same bits every time. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPassTeam, type PassTeam } from '../../../src/engine/search/passTeam.js'
import { passShares } from '../../../src/engine/search/passShares.js'
import type { SupernetStep } from '../../../src/engine/search/supernetStep.js'
import type { SupernetTrainer } from '../../../src/engine/search/supernetTrainer.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { randomLogits } from '../../unit/core/randomTable.js'
import { tinyLoader, tinySpace, tinyTrainer } from './tinyTraining.js'

const space = tinySpace
const teacher = { ...randomLogits(space.layers, 1, 1) }
const student = randomLogits(space.layers, space.widths.length, 2)
const weightSteps = [{ kind: 'pretrain', seed: 1, step: 0, heads: 'both' }, { kind: 'weights', seed: 1, step: 1, teacher, student }] as const
const estimator = { widthEstimator: 'masks', gumbelTemperature: 1 } as const
const architectureStep = { kind: 'architecture', seed: 1, step: 2, teacher, student, estimator } as const

let folder: string
let threadFile: string

/** The thread runs from a bundle, as it does in the product. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cellscope-pass-'))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  await build({
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    ssr: { external: ['@tensorflow/tfjs-node-gpu'] },
    build: {
      ssr: true, target: 'node16', outDir: join(folder, 'out'),
      rolldownOptions: { input: { passThread: resolve('src/engine/search/passThread.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } }
    }
  })
  threadFile = join(folder, 'out', 'passThread.cjs')
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function withTeam<Result>(workers: number, use: (team: PassTeam, trainer: SupernetTrainer) => Promise<Result>): Promise<Result> {
  const trainer = tinyTrainer(space)
  const team = openPassTeam(trainer, workers, threadFile)
  try {
    return await use(team, trainer)
  } finally {
    team.close()
    trainer.dispose()
  }
}

/** Two weight steps, so that the second sees moved weights, and an architecture step. */
function walk(workers: number): Promise<{ losses: number[]; weights: Float32Array[]; architecture: number[] }> {
  return withTeam(workers, async (team, trainer) => {
    const losses: number[] = []
    for (const step of weightSteps) {
      const found = await team.weightGradients(step, await tinyLoader('team').next(step.step))
      losses.push(...passShares(space, step, 1)[0].map((name) => found.losses[name]))
      expect(trainer.applyGradients(found, 0.05).applied).toBe(true)
      team.weightsMoved()
    }
    const found = await team.architectureGradients(architectureStep, await tinyLoader('team').next(2))
    const weights = [...trainer.weights.variables.values()].map((variable) => variable.dataSync<'float32'>())
    return { losses, weights, architecture: [...found.teacher, ...found.student] }
  })
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
  it.each([2, 4])('of %i gives what one gives, up to the order of sums, and the same bits again', async (workers) => {
    const [alone, together, again] = [await walk(1), await walk(workers), await walk(workers)]
    expect(together).toEqual(again)
    together.losses.forEach((loss, index) => expect(loss).toBeCloseTo(alone.losses[index], 4))
    const scale = Math.max(...alone.architecture.map(Math.abs))
    expect(scale).toBeGreaterThan(0)
    together.architecture.forEach((value, index) => expect(Math.abs(value - alone.architecture[index])).toBeLessThan(1e-4 * scale))
    together.weights.forEach((weight, index) => {
      const largest = Math.max(...alone.weights[index].map(Math.abs), 1e-3)
      weight.forEach((value, place) => expect(Math.abs(value - alone.weights[index][place])).toBeLessThan(1e-4 * largest))
    })
  })

  it('says what went wrong in a thread', async () => {
    const broken = { ...weightSteps[1], student: { ...student, alpha: [] } }
    await expect(withTeam(2, async (team) => team.weightGradients(broken, await tinyLoader('team').next(0)))).rejects.toThrow()
  })

  it('leaves no tensor behind in this thread', async () => {
    await withTeam(2, async (team, trainer) => {
      const step = async (): Promise<void> => {
        const found = await team.weightGradients(weightSteps[1], await tinyLoader('team').next(0))
        trainer.applyGradients(found, 0.01)
        team.weightsMoved()
      }
      await step()
      const before = tf.memory().numTensors
      await step()
      await step()
      expect(tf.memory().numTensors).toBe(before)
    })
  })
})
