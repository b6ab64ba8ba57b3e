/**
 * A part of a network as it stands in one: behind a convolution.
 *
 * ONNX Runtime computes convolutions in a blocked channel layout and reorders maps where a neighbour cannot. A part alone would be charged
 * for bringing its map into that layout, and the last resize, some three times faster when its input is in that layout already, would be
 * timed on a way that it never goes. So a part is timed as "carrier, then part" less "carrier", where the carrier is a cheap 1x1
 * convolution that makes the part's input. Both end by leaving the layout, so that over a chain of parts these costs cancel, and so does
 * the cost of the call.
 */
import type { LatencyKey } from '../../shared/latencyTable.js'
import type { MapShape, NetworkGraph, NetworkNode } from '../../shared/networkGraph.js'

/** The carrier alone: makes a map of `shape` from one of `channels` channels. */
export function carrierGraph(shape: MapShape, channels: number): NetworkGraph {
  return { nodes: carrierNodes('input', shape, channels), outputs: ['input'] }
}

/** `part` with the carrier in front of it. */
export function carriedGraph(part: NetworkGraph, channels: number): NetworkGraph {
  const [input, ...layers] = part.nodes
  return { nodes: [...carrierNodes(input.name, input.output, channels), ...layers], outputs: part.outputs }
}

/**
 * How many channels the carrier of a part should read. Only a resize cares, for whether its input is in the blocked layout depends on the
 * convolution before it: for the resize to the image that is the end of a head (the narrowest of `keys`), for one by 2 the 1x1
 * convolution that makes its map. All others read 8, which is cheap.
 */
export function carrierChannels(key: LatencyKey, keys: readonly LatencyKey[]): number {
  if (key.part !== 'resize') return 8
  const makers = keys.filter((other) => {
    const sameMap = other.height === key.height && other.width === key.width && other.outChannels === key.inChannels
    return sameMap && other.part === (key.stride === 8 ? 'head' : 'conv1x1')
  })
  return makers.length === 0 ? 8 : Math.min(...makers.map(({ inChannels }) => inChannels))
}

/** The carrier takes over the name of the input whose map it makes. */
function carrierNodes(name: string, shape: MapShape, channels: number): NetworkNode[] {
  const before: NetworkNode = { kind: 'input', name: `before.${name}`, inputs: [], output: { ...shape, channels } }
  const carrier: NetworkNode = {
    kind: 'conv',
    name,
    inputs: [before.name],
    output: shape,
    kernel: 1,
    stride: 1,
    inChannels: channels,
    bias: true,
    norm: false,
    relu: false
  }
  return [before, carrier]
}
