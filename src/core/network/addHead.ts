import type { BuiltMap, GraphBuilder } from './graphBuilder.js'

/** A head's hidden channels: those of its input, or half of them above 256. */
export function headChannels(inChannels: number): number {
  return inChannels <= 256 ? inChannels : Math.floor(inChannels / 2)
}

/** 3x3 convolution, then a 1x1 convolution with bias to the classes; named `PREFIX.0` and `PREFIX.1`. */
export function addHead(builder: GraphBuilder, prefix: string, from: BuiltMap, classes: number): BuiltMap {
  builder.part(prefix, 'head', from, classes, 1)
  const hidden = builder.conv(`${prefix}.0`, from, { kernel: 3, outChannels: headChannels(from.channels) })
  return builder.conv(`${prefix}.1`, hidden, { kernel: 1, outChannels: classes, bias: true, norm: false, relu: false })
}
