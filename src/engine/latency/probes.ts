/**
 * How one part is timed as it stands in a network: a network with the part, and the same network without it. The difference is the part.
 *
 * ONNX Runtime computes convolutions in a blocked channel layout and reorders maps where a neighbour cannot. Timed alone, a part would pay
 * for bringing its map into that layout and out again, and for the call. So a cheap 1x1 convolution, the carrier, makes the part's input,
 * and every map that is at an end is read by a corner: a convolution of its first pixel, which computes nothing to speak of and lets the
 * map stay in its layout. What is cut off here, the next part begins with, so that over a network all of it cancels but the parts.
 */
import { partGraph } from '../../core/networkBuilder.js'
import type { LatencyKey } from '../../shared/latencyTable.js'
import type { MapShape, NetworkGraph, NetworkNode } from '../../shared/networkGraph.js'
import { carrierChannels } from './carriedGraph.js'

/** A network whose outputs named in `corners` are only read at their first pixel. */
export interface TimedGraph {
  graph: NetworkGraph
  corners: readonly string[]
}

export interface Probe {
  whole: TimedGraph
  without: TimedGraph
}

export interface ProbeContext {
  /** Of the image in pixels; says where a part stands. */
  height: number
  /** Of the search space; makes the stem's inner channels exact. */
  baseWidth: number
  /** Every part that is to be timed. */
  keys: readonly LatencyKey[]
}

/**
 * The parts that read a joined map are timed with the joining: the 3x3 convolution behind a resize and a branch's own map, and the fusion
 * (of two equal maps, whatever the number of branches). The resize to the image is timed to the memory that the caller reads.
 */
export function probeOf(key: LatencyKey, context: ProbeContext): Probe {
  if (key.part === 'stem') return stemProbe(partGraph(key, context.baseWidth))
  if (key.part === 'conv3x3' && key.inChannels > key.outChannels && key.height % 2 === 0) return refineProbe(key)
  const isFusion = key.part === 'conv1x1' && key.height * 8 === context.height && key.inChannels === key.outChannels
  if (isFusion && key.inChannels % 2 === 0) return fusionProbe(key)
  return plainProbe(key, context)
}

function stemProbe(graph: NetworkGraph): Probe {
  const [image] = graph.nodes
  return { whole: cornered(graph.nodes, graph.outputs), without: cornered([image], [image.name]) }
}

function plainProbe(key: LatencyKey, { baseWidth, keys }: ProbeContext): Probe {
  const { nodes, outputs } = partGraph(key, baseWidth)
  const [input, ...layers] = nodes
  const carried = [before(input.output, carrierChannels(key, keys)), carrier(input.name, input.output, carrierChannels(key, keys))]
  const without = cornered(carried, [input.name])
  if (key.part !== 'resize' || key.stride !== 8) return { whole: cornered([...carried, ...layers], outputs), without }
  return { whole: { graph: { nodes: [...carried, ...layers], outputs: [...outputs, input.name] }, corners: [input.name] }, without }
}

/** coarse map -> resize, beside a lateral map; with: joined and convolved. */
function refineProbe(key: LatencyKey): Probe {
  const { height, width, inChannels, outChannels } = key
  const fine = { height, width }
  const start: NetworkNode[] = [
    before({ ...fine, channels: 8 }, 8),
    { ...carrier('coarse', { height: height / 2, width: width / 2, channels: outChannels }, 8), stride: 2 },
    { kind: 'resize', name: 'grown', inputs: ['coarse'], output: { ...fine, channels: outChannels } },
    carrier('lateral', { ...fine, channels: inChannels - outChannels }, 8)
  ]
  return joinedProbe(start, ['grown', 'lateral'], key, 3)
}

function fusionProbe(key: LatencyKey): Probe {
  const half = { height: key.height, width: key.width, channels: key.inChannels / 2 }
  return joinedProbe([before(half, 8), carrier('first', half, 8), carrier('second', half, 8)], ['first', 'second'], key, 1)
}

/** Both networks end in two corners, so that these cancel too. */
function joinedProbe(start: NetworkNode[], joined: [string, string], key: LatencyKey, kernel: 1 | 3): Probe {
  const { height, width, inChannels, outChannels } = key
  const layers: NetworkNode[] = [
    { kind: 'concat', name: 'joined', inputs: joined, output: { height, width, channels: inChannels } },
    {
      kind: 'conv', name: 'conv', inputs: ['joined'], output: { height, width, channels: outChannels },
      kernel, stride: 1, inChannels, bias: false, norm: true, relu: true
    }
  ]
  return { whole: cornered([...start, ...layers], ['conv', joined[1]]), without: cornered(start, joined) }
}

function before(shape: MapShape, channels: number): NetworkNode {
  return { kind: 'input', name: 'before', inputs: [], output: { ...shape, channels } }
}

function carrier(name: string, shape: MapShape, channels: number): NetworkNode & { kind: 'conv' } {
  return {
    kind: 'conv', name, inputs: ['before'], output: shape,
    kernel: 1, stride: 1, inChannels: channels, bias: true, norm: false, relu: false
  }
}

function cornered(nodes: NetworkNode[], outputs: string[]): TimedGraph {
  return { graph: { nodes, outputs }, corners: outputs }
}
