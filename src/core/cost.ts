import type { ConvNode, NetworkGraph, NetworkNode } from '../shared/networkGraph.js'

export interface NetworkCost {
  /** Trainable numbers: weights, biases, scale and offset of batch norms. */
  parameters: number
  /** Multiplications with their additions, for one image; only convolutions count. */
  multiplyAdds: number
}

/** Counts everything that is in the graph, so auxiliary heads count if the graph has them. */
export function networkCost(graph: NetworkGraph): NetworkCost {
  return {
    parameters: graph.nodes.reduce((sum, node) => sum + nodeParameters(node), 0),
    multiplyAdds: graph.nodes.reduce((sum, node) => sum + nodeMultiplyAdds(node), 0)
  }
}

function nodeParameters(node: NetworkNode): number {
  const { channels } = node.output
  if (node.kind === 'norm') return 2 * channels
  if (node.kind !== 'conv') return 0
  return channels * (filterSize(node) + Number(node.bias) + (node.norm ? 2 : 0))
}

function nodeMultiplyAdds(node: NetworkNode): number {
  if (node.kind !== 'conv') return 0
  const { height, width, channels } = node.output
  return height * width * channels * filterSize(node)
}

/** Numbers of the filter of one output channel: it reads the input channels of its group. */
function filterSize({ inChannels, groups = 1, kernel }: ConvNode): number {
  return (inChannels / groups) * kernel ** 2
}
