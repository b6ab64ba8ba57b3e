import type { Operator } from '../../shared/architecture.js'
import type { BuiltMap, GraphBuilder } from './graphBuilder.js'

export interface OperatorShape {
  outChannels: number
  stride: 1 | 2
}

/**
 * Adds one of the five operators (FasterSeg, section 3.1) under the names `PREFIX.conv`, `PREFIX.conv1` and so on.
 * There is no residual addition in any of them. A stride-1 skip is the supernet's 1x1 convolution; see `addCell` for derived networks.
 */
export function addOperator(builder: GraphBuilder, prefix: string, operator: Operator, from: BuiltMap, shape: OperatorShape): BuiltMap {
  switch (operator) {
    case 'skip':
      return shape.stride === 1
        ? builder.conv(`${prefix}.conv`, from, { kernel: 1, outChannels: shape.outChannels })
        : addReducingSkip(builder, prefix, from, shape.outChannels)
    case 'conv':
      return builder.conv(`${prefix}.conv`, from, { kernel: 3, ...shape })
    case 'conv_2x':
      return addConvTwice(builder, prefix, from, shape)
    case 'conv_downup':
    case 'conv_2x_downup':
      return addZoomed(builder, prefix, operator === 'conv_2x_downup', from, shape)
  }
}

/** Two 3x3 convolutions, the first of which has the stride. Also the block of the stem. */
export function addConvTwice(builder: GraphBuilder, prefix: string, from: BuiltMap, shape: OperatorShape): BuiltMap {
  const first = builder.conv(`${prefix}.conv1`, from, { kernel: 3, ...shape })
  return builder.conv(`${prefix}.conv2`, first, { kernel: 3, outChannels: shape.outChannels })
}

/**
 * Half of the channels come from the pixels at even places, half from those at odd places (the map shifted by one pixel).
 * An odd channel more goes to the first half.
 */
function addReducingSkip(builder: GraphBuilder, prefix: string, from: BuiltMap, outChannels: number): BuiltMap {
  const secondHalf = Math.floor(outChannels / 2)
  const plain = { kernel: 1, stride: 2, norm: false, relu: false } as const
  const halves = [builder.conv(`${prefix}.conv1`, from, { ...plain, outChannels: outChannels - secondHalf })]
  if (secondHalf > 0) {
    const shifted = builder.shift(`${prefix}.shift`, from)
    halves.push(builder.conv(`${prefix}.conv2`, shifted, { ...plain, outChannels: secondHalf }))
  }
  return builder.norm(`${prefix}.norm`, builder.concat(`${prefix}.concat`, halves), true)
}

/**
 * Zoomed convolution: shrink to half, convolve, and, unless the stride is 2, grow back. The last ReLU comes after the growing,
 * as in the published code. Half of an odd side is rounded down, but never to nothing.
 */
function addZoomed(builder: GraphBuilder, prefix: string, twice: boolean, from: BuiltMap, shape: OperatorShape): BuiltMap {
  const half = { height: Math.max(1, Math.floor(from.height / 2)), width: Math.max(1, Math.floor(from.width / 2)) }
  const outChannels = shape.outChannels
  const growsBack = shape.stride === 1
  let map = builder.resize(`${prefix}.down`, from, half)
  if (twice) map = builder.conv(`${prefix}.conv1`, map, { kernel: 3, outChannels })
  map = builder.conv(twice ? `${prefix}.conv2` : `${prefix}.conv`, map, { kernel: 3, outChannels, relu: !growsBack })
  if (!growsBack) return map
  return builder.relu(`${prefix}.relu`, builder.resize(`${prefix}.up`, map, from))
}
