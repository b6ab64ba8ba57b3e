/**
 * A derived network (or a single operator) as a graph of layers: the one description from which the network is trained, counted,
 * written as ONNX and as a tfjs graph model, and timed. Plain data; shapes are known at every node.
 *
 * Layers are kept whole (convolution, its batch norm, its ReLU are one node), because that is the unit that is fused, folded and read.
 */

/** What every batch norm adds to the variance before its root (PyTorch's default, as in the published code). */
export const normEpsilon = 1e-5

export interface MapShape {
  height: number
  width: number
  channels: number
}

interface NodeBase {
  /** Readable and unique, such as `branch32.cell3.conv1`; weights are named after it (`NAME.weight`, `NAME.norm.scale`). */
  name: string
  /** Names of the nodes that it reads. */
  inputs: string[]
  output: MapShape
}

export interface InputNode extends NodeBase {
  kind: 'input'
}

/**
 * Convolution with zero padding dilation * (kernel - 1) / 2 on every side (PyTorch's padding=1 for 3x3), then optionally batch norm, then
 * optionally ReLU. Weights: `NAME.weight` [kernel, kernel, in / groups, out] (HWIO); `NAME.bias` [out] if bias;
 * if norm: `NAME.norm.scale`, `.norm.offset`, `.norm.mean`, `.norm.variance`, each [out].
 */
export interface ConvNode extends NodeBase {
  kind: 'conv'
  kernel: 1 | 3
  stride: 1 | 2
  inChannels: number
  /** Output channel o reads only the input channels of group floor(o * groups / out); absent means 1, all of them. Of comparisons only. */
  groups?: number
  /** Pixels from one tap of the kernel to the next; absent means 1. Of comparisons only. */
  dilation?: number
  bias: boolean
  norm: boolean
  relu: boolean
}

/** Batch norm and optionally ReLU of a map that no single convolution made (the stride-2 skip). Weights as in ConvNode. */
export interface NormNode extends NodeBase {
  kind: 'norm'
  relu: boolean
}

export interface ReluNode extends NodeBase {
  kind: 'relu'
}

/** Bilinear, align_corners=true, to output.height x output.width. */
export interface ResizeNode extends NodeBase {
  kind: 'resize'
}

/** Concatenation over channels. */
export interface ConcatNode extends NodeBase {
  kind: 'concat'
}

/** Drops the first row and the first column and pads one zero row and column at the end: the shifted view of the stride-2 skip. */
export interface ShiftNode extends NodeBase {
  kind: 'shift'
}

export type NetworkNode = InputNode | ConvNode | NormNode | ReluNode | ResizeNode | ConcatNode | ShiftNode

export interface NetworkGraph {
  /** In an order in which every node follows its inputs; the first is the input. */
  nodes: NetworkNode[]
  /** Names of the nodes whose maps are the network's outputs; the first is the main logits at input size. */
  outputs: string[]
}
