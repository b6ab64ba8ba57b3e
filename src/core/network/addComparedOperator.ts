import type { ComparedOperator } from '../../shared/operatorComparison.js'
import { addOperator } from './addOperator.js'
import type { BuiltMap, GraphBuilder } from './graphBuilder.js'

/**
 * Adds an operator of the comparison (FasterSeg, section 3.1) under the names `PREFIX.conv` and so on: stride 1, as many channels out as in.
 * The separable one is MobileNet's: a 3x3 filter a channel, then a 1x1 convolution, each with batch norm and ReLU.
 */
export function addComparedOperator(builder: GraphBuilder, prefix: string, operator: ComparedOperator, from: BuiltMap): BuiltMap {
  const outChannels = from.channels
  switch (operator) {
    case 'conv_group2':
      return builder.conv(`${prefix}.conv`, from, { kernel: 3, outChannels, groups: 2 })
    case 'conv_dilated2':
      return builder.conv(`${prefix}.conv`, from, { kernel: 3, outChannels, dilation: 2 })
    case 'conv_separable': {
      const filtered = builder.conv(`${prefix}.depthwise`, from, { kernel: 3, outChannels, groups: outChannels })
      return builder.conv(`${prefix}.pointwise`, filtered, { kernel: 1, outChannels })
    }
    default:
      return addOperator(builder, prefix, operator, from, { outChannels, stride: 1 })
  }
}
