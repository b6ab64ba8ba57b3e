/** fixtures/supernet.json (a small supernet in PyTorch) and the same supernet in TensorFlow. */
import { readFileSync } from 'node:fs'
import type { ArchitectureLogits, SearchSpace } from '../../../src/shared/architecture.js'
import { supernetShapes, type PredictionName } from '../../../src/engine/network/supernet/layout.js'
import { Supernet } from '../../../src/engine/network/supernet/supernet.js'
import { WeightStore } from '../../../src/engine/network/weightStore.js'
import { tableShapes } from '../../../src/engine/search/architectureParameters.js'
import type { SupernetBatch } from '../../../src/engine/search/supernetBatch.js'
import { SupernetTrainer } from '../../../src/engine/search/supernetTrainer.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { formulaValues, formulaWeight } from './formulaValues.js'

export type PassName = 'teacher' | 'student' | 'widest' | 'narrowest'
export type TapeEstimator = 'published' | 'masks' | 'soft-masks'

interface Gradients {
  alpha: number[][]
  beta: number[][]
}

interface SupernetFixture {
  space: SearchSpace
  height: number
  width: number
  seed: number
  step: number
  image: string
  labels: number[]
  plan: number[][]
  noise: number[][][]
  /** Of the weights that some pass touches, in the order of `weights` below. */
  names: string[]
  passes: Record<PassName, Gradients & { loss: number; predictions: Record<PredictionName, number[]>; weights: ([number, number] | null)[] }>
  estimators: Record<TapeEstimator, Gradients & { loss: number; gamma: number[][] }>
  /** Length of all weights' gradients, summed over the four passes. */
  totalNorm: number
}

export const fixture = JSON.parse(readFileSync(new URL('../fixtures/supernet.json', import.meta.url), 'utf8')) as SupernetFixture
export const passNames: readonly PassName[] = ['teacher', 'student', 'widest', 'narrowest']

const predictions: PredictionName[] = ['8', '16', '32', '8+32', '16+32']

/** Every weight by formula; the caller disposes it. */
export function fixtureTrainer(options = { momentum: 0.9, weightDecay: 0, clipNorm: 0 }): SupernetTrainer {
  const weights = [...supernetShapes(fixture.space, predictions)].map(([name, shape]) => [name, formulaWeight(name, shape)] as const)
  const store = new WeightStore(new Map(weights))
  return new SupernetTrainer(new Supernet(fixture.space, predictions), store, { threshold: 0.7, keepFraction: 1 / 16 }, options)
}

export function fixtureBatch(): SupernetBatch {
  const { height, width, labels } = fixture
  return {
    images: tf.tensor4d(formulaValues(fixture.image, 2 * height * width * 3), [2, height, width, 3]),
    labels: tf.tensor3d(labels, [2, height / 8, width / 8], 'int32')
  }
}

/** The tables of one architecture, one after the other: as ArchitectureParameters keeps them. */
export function fixtureLogitValues(role: 'teacher' | 'student'): Float32Array {
  const tables = tableShapes(fixture.space, role === 'teacher' ? 1 : fixture.space.widths.length)
  return Float32Array.from(tables.flatMap(([rows, columns], index) => [...formulaValues(`${role} table ${index}`, rows * columns)]))
}

/** One vector out of an architecture's gradients, the teacher's or an estimator's gamma included where there is one. */
export function flattened(gradients: Partial<Record<keyof ArchitectureLogits, number[][]>>): number[] {
  return [...(gradients.alpha ?? []), ...(gradients.beta ?? []), ...(gradients.gamma ?? [])].flat()
}
