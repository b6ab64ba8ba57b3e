/** A small derived network that has every operator, with random weights, and its forward pass in TensorFlow. */
import type { Architecture, DerivedCell } from '../../../src/shared/architecture.js'
import { deployedGraph } from '../../../src/engine/export/exportedNetwork.js'
import type { ImageSize } from '../../../src/engine/export/exportedNetwork.js'
import { randomWeights } from '../../../src/engine/graph/randomWeights.js'
import type { NamedWeights } from '../../../src/engine/graph/weights.js'
import { BatchStatistics } from '../../../src/engine/network/batchStatistics.js'
import { runGraph } from '../../../src/engine/network/derived/derivedNetwork.js'
import { Pass } from '../../../src/engine/network/pass.js'
import { WeightStore } from '../../../src/engine/network/weightStore.js'
import { tf } from '../../../src/engine/tensor/tf.js'

const cell = (layer: number, operator: DerivedCell['operator'], scale: DerivedCell['scale'], downsample: boolean, width: number): DerivedCell => ({
  layer,
  operator,
  scale,
  downsample,
  width
})

/** 96x224 images give 3x7 maps at 1/32, so the zoomed operators halve odd sides. */
export const tinySize: ImageSize = { height: 96, width: 224 }

export const tinyArchitecture: Architecture = {
  version: 1,
  name: 'tiny',
  classes: 5,
  baseWidth: 4,
  stemWidth: 8,
  branches: [
    {
      finalScale: 32,
      cells: [
        cell(0, 'conv', 8, false, 4),
        cell(1, 'conv_downup', 8, true, 8),
        cell(2, 'skip', 16, true, 12),
        cell(3, 'conv_2x_downup', 32, false, 8)
      ]
    },
    { finalScale: 16, cells: [cell(0, 'conv', 8, false, 4), cell(1, 'conv_2x', 8, true, 12), cell(2, 'conv_downup', 16, false, 8)] }
  ],
  sharedLayers: 1,
  notes: []
}

export function tinyWeights(seed = 1): NamedWeights {
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
