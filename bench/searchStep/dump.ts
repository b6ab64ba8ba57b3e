/** What both sides of a comparison of search steps start from: weights, batch, logits and width draws, in files of a folder. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { initialLogits } from '../../src/core/initialLogits.js'
import { randomStream } from '../../src/core/random.js'
import { initialSupernetWeights } from '../../src/engine/network/supernet/initialSupernetWeights.js'
import type { PredictionName } from '../../src/engine/network/supernet/layout.js'
import { gumbelPlan, randomPlan } from '../../src/engine/network/supernet/widthPlan.js'
import type { ArchitectureLogits, SearchSpace } from '../../src/shared/architecture.js'

export const phases = ['pretrain', 'weight', 'architecture'] as const
export type Phase = (typeof phases)[number]

export const predictions: PredictionName[] = ['8', '16', '32', '8+32', '16+32']
export const seed = 1

export interface Meta {
  space: SearchSpace
  batch: number
  height: number
  width: number
  weights: [string, number[]][]
  logits: Record<'teacher' | 'student', number[][][]>
  /** By step: the random plans of pretraining, the Gumbel noise of weight and architecture steps. */
  draws: { pretrain: number[][][]; weight: number[][][]; architecture: number[][][] }[]
}

/** Weights, batch, logits and draws as both sides read them. Labels at 1/8, a tenth of them ignored, as in the peer's own timing. */
export function writeDump(folder: string, space: SearchSpace, size: { batch: number; height: number; width: number }, steps: number): Meta {
  const { batch, height, width } = size
  const named = [...initialSupernetWeights(space, predictions, seed)]
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat(named.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))))
  const random = randomStream(seed, 'bench')
  writeFileSync(join(folder, 'images.bin'), Float32Array.from({ length: batch * height * width * 3 }, () => random.normal()))
  const label = (): number => (random.uniform() < 0.1 ? 255 : random.integer(space.classes))
  writeFileSync(join(folder, 'labels.bin'), Int32Array.from({ length: (batch * height * width) / 64 }, label))
  const tables = ({ alpha, beta, gamma }: ArchitectureLogits): number[][][] => [...alpha, ...beta, ...gamma]
  const [teacher, student] = [initialLogits(space, 'teacher'), initialLogits(space, 'student')]
  const meta: Meta = {
    space, ...size,
    weights: named.map(([name, { shape }]) => [name, shape]),
    logits: { teacher: tables(teacher), student: tables(student) },
    draws: Array.from({ length: steps }, (_, step) => ({
      pretrain: [1, 2].map((draw) => randomPlan(space, seed, `pretrain-widths-${draw}`, step)) as unknown as number[][][],
      weight: gumbelPlan(student.gamma, seed, 2 * step).noise,
      architecture: gumbelPlan(student.gamma, seed, 2 * step + 1).noise
    }))
  }
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta))
  return meta
}
