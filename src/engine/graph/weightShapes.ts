/** Which weights a network has. */
import type { ConvNode, NetworkGraph } from '../../shared/networkGraph.js'

/** Names and shapes of all weights of `graph`, as shared/networkGraph.ts says them, in the order of the nodes. */
export function weightShapes(graph: NetworkGraph): Map<string, number[]> {
  const shapes = new Map<string, number[]>()
  for (const node of graph.nodes) {
    const { name, output } = node
    if (node.kind === 'conv') shapes.set(`${name}.weight`, filterShape(node))
    if (node.kind === 'conv' && node.bias) shapes.set(`${name}.bias`, [output.channels])
    if (node.kind === 'norm' || (node.kind === 'conv' && node.norm)) {
      for (const part of ['scale', 'offset', 'mean', 'variance']) shapes.set(`${name}.norm.${part}`, [output.channels])
    }
  }
  return shapes
}

/** [kernel, kernel, in / groups, out]. */
export function filterShape({ kernel, inChannels, groups = 1, output }: ConvNode): [number, number, number, number] {
  return [kernel, kernel, inChannels / groups, output.channels]
}
