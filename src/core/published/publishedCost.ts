import { channels, type Architecture } from '../../shared/architecture.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { networkCost, type NetworkCost } from '../cost.js'
import { derivedGraph } from '../network/derivedGraph.js'

/**
 * The numbers that the published code reports (thop 0.0.31 on the network as it is built for training, in evaluation mode).
 * Parameters include the auxiliary heads, unless told otherwise, and the fusion's channel attention, which is never executed.
 * Multiply-adds include biases and two per element of a batch norm's output, without the auxiliary heads.
 */
export function publishedCost(
  architecture: Architecture,
  size: { height: number; width: number },
  auxiliaryHeads = true
): NetworkCost {
  const built = derivedGraph(architecture, { ...size, auxiliaryHeads })
  const executed = derivedGraph(architecture, { ...size, auxiliaryHeads: false })
  const fusionChannels = architecture.branches.length * channels(8, architecture.baseWidth, architecture.stemWidth)
  return {
    parameters: networkCost(built).parameters + 2 * fusionChannels ** 2,
    multiplyAdds: networkCost(executed).multiplyAdds + biasAndNormOperations(executed)
  }
}

function biasAndNormOperations(graph: NetworkGraph): number {
  return graph.nodes.reduce((sum, node) => {
    const elements = node.output.height * node.output.width * node.output.channels
    const isNormed = node.kind === 'norm' || (node.kind === 'conv' && node.norm)
    const hasBias = node.kind === 'conv' && node.bias
    return sum + elements * (Number(hasBias) + (isNormed ? 2 : 0))
  }, 0)
}
