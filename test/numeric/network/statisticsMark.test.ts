/** Batch statistics go back to a mark: a refused step must leave no trace in them. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { BatchStatistics } from '../../../src/engine/network/batchStatistics.js'
import { tf } from '../../../src/engine/tensor/tf.js'

let tensors = 0
let statistics: BatchStatistics
beforeEach(() => {
  tensors = tf.memory().numTensors
  statistics = new BatchStatistics(0.1)
})
afterEach(() => {
  statistics.clear()
  expect(tf.memory().numTensors).toBe(tensors)
})

function record(name: string, mean: number[]): void {
  tf.tidy(() => statistics.record(name, tf.tensor1d(mean), tf.tensor1d(mean.map(() => 1))))
}
const means = (): Record<string, number[]> =>
  Object.fromEntries([...statistics.read()].filter(([name]) => name.endsWith('.mean')).map(([name, { data }]) => [name, [...data]]))

it('goes back past batches whose numbers are not finite, and norms that are new', () => {
  record('a.norm', [1, 2])
  const mark = statistics.mark()
  record('a.norm', [NaN, Infinity])
  record('b.norm', [3])
  statistics.goBack(mark)
  expect(means()).toEqual({ 'a.norm.mean': [1, 2] })
  record('a.norm', [2, 3])
  expect(means()['a.norm.mean'].map((value) => Number(value.toFixed(5)))).toEqual([1.1, 2.1])
})

it('a mark that is forgotten changes nothing', () => {
  record('a.norm', [0])
  const mark = statistics.mark()
  record('a.norm', [10])
  statistics.forget(mark)
  expect(means()).toEqual({ 'a.norm.mean': [1] })
})

it('a plain average counts on from the mark', () => {
  statistics = new BatchStatistics('average')
  record('a.norm', [1])
  const mark = statistics.mark()
  record('a.norm', [100])
  statistics.goBack(mark)
  record('a.norm', [3])
  expect(means()).toEqual({ 'a.norm.mean': [2] })
})
