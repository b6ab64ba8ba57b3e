/**
 * A derived network in TensorFlow: walks the NetworkGraph, the same description that is counted, exported and timed. What is trained is
 * thus what is exported, node by node.
 */
import type { NetworkGraph, NetworkNode } from '../../../shared/networkGraph.js'
import { requirePlainConvolution } from '../../graph/requirePlainConvolution.js'
import { relu } from '../../tensor/relu.js'
import { resizeBilinear } from '../../tensor/resizeBilinear.js'
import { shiftOnePixel } from '../../tensor/shiftOnePixel.js'
import { tf } from '../../tensor/tf.js'
import type { Pass } from '../pass.js'

/**
 * images is [N, H, W, 3] with the height and width that the graph was built for. Returns the maps of `outputs` (default: the graph's
 * outputs), in order. Nodes that no wanted output needs are not run.
 */
export function runGraph(graph: NetworkGraph, pass: Pass, images: tf.Tensor4D, outputs: readonly string[] = graph.outputs): tf.Tensor4D[] {
  const needed = ancestors(graph, outputs)
  const maps = new Map<string, tf.Tensor4D>()
  for (const node of graph.nodes) {
    if (!needed.has(node.name)) continue
    const inputs = node.inputs.map((name) => maps.get(name) as tf.Tensor4D)
    maps.set(node.name, runNode(node, pass, inputs, images))
  }
  return outputs.map((name) => maps.get(name) as tf.Tensor4D)
}

function ancestors(graph: NetworkGraph, outputs: readonly string[]): Set<string> {
  const needed = new Set(outputs)
  for (const node of [...graph.nodes].reverse()) {
    if (needed.has(node.name)) node.inputs.forEach((name) => needed.add(name))
  }
  return needed
}

function runNode(node: NetworkNode, pass: Pass, inputs: tf.Tensor4D[], images: tf.Tensor4D): tf.Tensor4D {
  switch (node.kind) {
    case 'input':
      return images
    case 'conv': {
      requirePlainConvolution(node, 'the network in TensorFlow')
      if (node.norm) return pass.convNorm(node.name, inputs[0], { stride: node.stride, relu: node.relu })
      const result = pass.convolution(node.name, inputs[0], { stride: node.stride, bias: node.bias })
      return node.relu ? relu(result) : result
    }
    case 'norm':
      return pass.norm(`${node.name}.norm`, inputs[0], node.relu)
    case 'relu':
      return relu(inputs[0])
    case 'resize':
      return resizeBilinear(inputs[0], [node.output.height, node.output.width])
    case 'concat':
      return tf.concat(inputs, 3)
    case 'shift':
      return shiftOnePixel(inputs[0])
  }
}
