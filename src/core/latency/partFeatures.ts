/** What the correction of a latency table reads off a part of a network, besides its entry. */
import { latencyKeyText, type LatencyKey, type PartGroup } from '../../shared/latencyTable.js'
import { networkCost } from '../cost.js'
import { partGraph } from '../network/partGraph.js'

export interface PartFeatures {
  group: PartGroup
  /** Layers of the runtime: convolutions (with norm and ReLU), resizes, concatenations and so on. */
  layers: number
  /** In millions. */
  megaweights: number
  /** Numbers of all maps that the part makes, in millions. */
  megavalues: number
}

/** A search looks the same few hundred parts up again and again. */
const known = new Map<string, PartFeatures>()

export function partFeatures(key: LatencyKey): PartFeatures {
  const text = latencyKeyText(key)
  const features = known.get(text) ?? countFeatures(key)
  known.set(text, features)
  return features
}

function countFeatures(key: LatencyKey): PartFeatures {
  const group = groupOf(key)
  if (group === 'fixed') return { group, layers: 0, megaweights: 0, megavalues: 0 }
  const graph = partGraph(key)
  const [, ...layers] = graph.nodes
  const values = layers.reduce((sum, { output }) => sum + output.height * output.width * output.channels, 0)
  return { group, layers: layers.length, megaweights: networkCost(graph).parameters / 1e6, megavalues: values / 1e6 }
}

/** A fusion is the 1x1 convolution that keeps its channels; those on a branch's way back halve them. */
function groupOf({ part, stride, inChannels, outChannels }: LatencyKey): PartGroup {
  switch (part) {
    case 'stem':
    case 'head':
      return 'fixed'
    case 'resize':
      return stride === 8 ? 'fixed' : 'join'
    case 'conv1x1':
      return inChannels === outChannels ? 'fixed' : 'join'
    case 'conv3x3':
      return 'join'
    case 'conv_downup':
    case 'conv_2x_downup':
      return 'zoomed'
    default:
      return 'plain'
  }
}
