import type { Operator } from '../../shared/architecture.js'
import type { MapShape, NetworkGraph } from '../../shared/networkGraph.js'
import { addOperator } from './addOperator.js'
import { GraphBuilder } from './graphBuilder.js'

export interface OperatorGraphShape {
  /** Size of the input map in pixels. */
  height: number
  width: number
  inChannels: number
  outChannels: number
  stride: 1 | 2
}

/** One operator as a network of its own; its nodes are named `cell.conv` and so on. A stride-1 skip is the supernet's 1x1 convolution. */
export function operatorGraph(operator: Operator, shape: OperatorGraphShape): NetworkGraph {
  const builder = new GraphBuilder()
  const input: MapShape = { height: shape.height, width: shape.width, channels: shape.inChannels }
  const output = addOperator(builder, 'cell', operator, builder.input(input), shape)
  return builder.graph([output])
}
