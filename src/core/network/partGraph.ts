import { channels, operators, type Operator } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import { latencyKeyText, type LatencyKey } from '../../shared/latencyTable.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { addHead } from './addHead.js'
import { addStem, stemChannels } from './addStem.js'
import { GraphBuilder, type BuiltMap } from './graphBuilder.js'
import { operatorGraph } from './operatorGraph.js'

/**
 * The network of one entry of the latency table, to be built and timed.
 *
 * A stem's key has only its output channels; `baseWidth` (of the search space) makes its inner channels exact. Without it they are the
 * nearest that a stem of these output channels has, which is the same for the paper's widths.
 */
export function partGraph(key: LatencyKey, baseWidth?: number): NetworkGraph {
  const { part, stride } = key
  if (isOperator(part)) {
    if (stride !== 1 && stride !== 2) throw new AppError('internal', `${latencyKeyText(key)} has a stride other than 1 or 2.`)
    return operatorGraph(part, { ...key, stride })
  }
  const builder = new GraphBuilder()
  const input = builder.input({ height: key.height, width: key.width, channels: key.inChannels })
  return builder.graph([addPart(builder, input, key, baseWidth)])
}

function addPart(builder: GraphBuilder, input: BuiltMap, key: LatencyKey, baseWidth: number | undefined): BuiltMap {
  const { outChannels } = key
  switch (key.part) {
    case 'stem':
      return addStem(builder, input, innerStemChannels(outChannels, baseWidth))
    case 'conv1x1':
      return builder.conv('conv', input, { kernel: 1, outChannels })
    case 'conv3x3':
      return builder.conv('conv', input, { kernel: 3, outChannels })
    case 'head':
      return addHead(builder, 'head', input, outChannels)
    case 'resize':
      return builder.resize('resize', input, { height: key.height * key.stride, width: key.width * key.stride })
    default:
      throw new AppError('internal', `${latencyKeyText(key)} is not a part of a network.`)
  }
}

function innerStemChannels(outChannels: number, baseWidth: number | undefined): [number, number, number] {
  for (let twelfths = 12; baseWidth !== undefined && twelfths >= 1; twelfths--) {
    if (channels(8, baseWidth, twelfths) === outChannels) return stemChannels(baseWidth, twelfths)
  }
  return [2 * Math.round(outChannels / 4), 2 * Math.round(outChannels / 2), outChannels]
}

function isOperator(part: string): part is Operator {
  return (operators as readonly string[]).includes(part)
}
