import { channels } from '../../shared/architecture.js'
import { addConvTwice } from './addOperator.js'
import type { BuiltMap, GraphBuilder } from './graphBuilder.js'

/** Channels after the stem's three blocks, at 1/2, 1/4, 1/8 of the image (paper's student: 32, 64, 64; its teacher: 48, 96, 96). */
export function stemChannels(baseWidth: number, twelfths: number): [number, number, number] {
  return [2 * channels(2, baseWidth, twelfths), 2 * channels(4, baseWidth, twelfths), channels(8, baseWidth, twelfths)]
}

/** From the image [H, W, 3] to a map at 1/8: a 3x3 convolution, then two pairs of them, each block with stride 2. */
export function addStem(builder: GraphBuilder, image: BuiltMap, [half, quarter, eighth]: [number, number, number]): BuiltMap {
  builder.part('stem', 'stem', image, eighth, 8)
  let map = builder.conv('stem.0', image, { kernel: 3, stride: 2, outChannels: half })
  map = addConvTwice(builder, 'stem.1', map, { outChannels: quarter, stride: 2 })
  return addConvTwice(builder, 'stem.2', map, { outChannels: eighth, stride: 2 })
}
