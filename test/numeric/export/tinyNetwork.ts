/** The small network with random weights, and its forward pass in TensorFlow. */
import { deployedGraph } from '../../../src/engine/export/exportedNetwork.js'
import { randomWeights } from '../../../src/engine/graph/randomWeights.js'
import type { NamedWeights } from '../../../src/engine/graph/weights.js'
import { BatchStatistics } from '../../../src/engine/network/batchStatistics.js'
import { runGraph } from '../../../src/engine/network/derived/derivedNetwork.js'
import { Pass } from '../../../src/engine/network/pass.js'
import { WeightStore } from '../../../src/engine/network/weightStore.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { tinyArchitecture, tinySize } from './tinyArchitecture.js'

/** With seed 3 every class occurs on a street scene. */
export function tinyWeights(seed = 3): NamedWeights {
  return randomWeights(deployedGraph(tinyArchitecture, tinySize), seed)
}

/** The logits [1, H, W, classes] of an image [1, H, W, 3], by the network that is trained and evaluated. */
export function forward(weights: NamedWeights, image: Float32Array): Float32Array {
  const store = new WeightStore(weights)
  const statistics = new BatchStatistics(0.1)
  statistics.write(weights)
  try {
    return tf.tidy(() => {
      const images = tf.tensor4d(image, [1, tinySize.height, tinySize.width, 3])
      const [logits] = runGraph(deployedGraph(tinyArchitecture, tinySize), new Pass(store, 'fixed', statistics), images)
      return logits.dataSync<'float32'>()
    })
  } finally {
    statistics.clear()
    store.dispose()
  }
}
