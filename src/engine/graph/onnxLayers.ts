/** One layer of a network graph as ONNX operators (opset 13, NCHW). The only place where weights go from NHWC's HWIO to NCHW's OIHW. */
import onnxProto from 'onnx-proto'
import { normEpsilon } from '../../shared/networkGraph.js'
import type { ConvNode, MapShape, NetworkNode, NormNode } from '../../shared/networkGraph.js'
import { convolutionOf, foldedConvolution } from './foldNorm.js'
import { weightOf } from './weights.js'
import type { NamedWeights } from './weights.js'

const { onnx } = onnxProto
const { FLOAT, INT64 } = onnx.TensorProto.DataType
const { AttributeType } = onnx.AttributeProto

/** ONNX operators and constants in the making. */
export interface OnnxParts {
  nodes: onnxProto.onnx.INodeProto[]
  initializers: onnxProto.onnx.ITensorProto[]
}

export interface LayerContext {
  weights: NamedWeights
  foldNorm: boolean
  /** The ONNX name of a layer's map; the input's and the outputs' differ from the layer's own name. */
  valueName: (layer: string) => string
}

/** Adds the operators of `node`; its result stands under `context.valueName(node.name)`. */
export function addLayer(parts: OnnxParts, node: NetworkNode, context: LayerContext): void {
  const inputs = node.inputs.map(context.valueName)
  const output = context.valueName(node.name)
  switch (node.kind) {
    case 'input':
      return
    case 'conv':
      return addConvolution(parts, node, inputs, output, context)
    case 'norm':
      return addNorm(parts, node, inputs[0], node.relu, output, context.weights)
    case 'relu':
      return addNode(parts, 'Relu', node.name, inputs, output)
    case 'resize':
      return addResize(parts, node.name, inputs[0], output, node.output)
    case 'concat':
      return addNode(parts, 'Concat', node.name, inputs, output, [integer('axis', 1)])
    case 'shift':
      return addShift(parts, node.name, inputs[0], output)
  }
}

function addConvolution(parts: OnnxParts, node: ConvNode, inputs: string[], output: string, context: LayerContext): void {
  const { name, kernel, stride, groups = 1, dilation = 1 } = node
  const separateNorm = node.norm && !context.foldNorm
  const { weight, bias } = separateNorm ? convolutionOf(node, context.weights) : foldedConvolution(node, context.weights)
  const pad = (dilation * (kernel - 1)) / 2
  const outChannels = node.output.channels
  const readChannels = node.inChannels / groups
  const weightNames = [addFloats(parts, `${name}.weight`, [outChannels, readChannels, kernel, kernel], toOihw(weight, readChannels, outChannels))]
  if (bias !== null) weightNames.push(addFloats(parts, `${name}.bias`, [outChannels], bias))
  const convolved = separateNorm || node.relu ? `${name}.conv.out` : output
  addNode(parts, 'Conv', `${name}.conv`, [...inputs, ...weightNames], convolved, [
    integers('kernel_shape', [kernel, kernel]),
    integers('pads', [pad, pad, pad, pad]),
    integers('strides', [stride, stride]),
    ...(groups > 1 ? [integer('group', groups)] : []),
    ...(dilation > 1 ? [integers('dilations', [dilation, dilation])] : [])
  ])
  if (separateNorm) addNorm(parts, node, convolved, node.relu, output, context.weights)
  else if (node.relu) addNode(parts, 'Relu', `${name}.relu`, [convolved], output)
}

function addNorm(parts: OnnxParts, node: ConvNode | NormNode, input: string, relu: boolean, output: string, weights: NamedWeights): void {
  const { channels } = node.output
  const statistics = ['scale', 'offset', 'mean', 'variance'].map((part) => {
    const name = `${node.name}.norm.${part}`
    return addFloats(parts, name, [channels], weightOf(weights, name, [channels]))
  })
  const normed = relu ? `${node.name}.norm.out` : output
  addNode(parts, 'BatchNormalization', `${node.name}.norm`, [input, ...statistics], normed, [
    { name: 'epsilon', type: AttributeType.FLOAT, f: normEpsilon }
  ])
  if (relu) addNode(parts, 'Relu', `${node.name}.relu`, [normed], output)
}

/** Resize takes region, scales, sizes; the first two stay empty. */
function addResize(parts: OnnxParts, name: string, input: string, output: string, shape: MapShape): void {
  const sizes = addIntegers(parts, `${name}.sizes`, [1, shape.channels, shape.height, shape.width])
  addNode(parts, 'Resize', name, [input, '', '', sizes], output, [
    text('mode', 'linear'),
    text('coordinate_transformation_mode', 'align_corners')
  ])
}

function addShift(parts: OnnxParts, name: string, input: string, output: string): void {
  const toTheEnd = 2 ** 31 - 1
  const starts = addIntegers(parts, `${name}.starts`, [1, 1])
  const ends = addIntegers(parts, `${name}.ends`, [toTheEnd, toTheEnd])
  const axes = addIntegers(parts, `${name}.axes`, [2, 3])
  const pads = addIntegers(parts, `${name}.pads`, [0, 0, 0, 0, 0, 0, 1, 1])
  addNode(parts, 'Slice', `${name}.slice`, [input, starts, ends, axes], `${name}.slice.out`)
  addNode(parts, 'Pad', `${name}.pad`, [`${name}.slice.out`, pads], output)
}

/** As many as the widest block of ONNX Runtime's layout has. */
export const cornerChannels = 16

/** Adds a 1x1 convolution of the first pixel of the map `value`; returns the name of its output [1, 16, 1, 1]. */
export function addCorner(parts: OnnxParts, value: string, { height, width, channels }: MapShape): string {
  const name = `${value}.corner`
  const weight = Float32Array.from({ length: cornerChannels * channels }, (_, index) => ((index % 7) - 3) / 16)
  const weightName = addFloats(parts, `${name}.weight`, [cornerChannels, channels, 1, 1], weight)
  addNode(parts, 'Conv', `${name}.conv`, [value, weightName], name, [
    integers('kernel_shape', [1, 1]),
    integers('pads', [0, 0, 0, 0]),
    integers('strides', [height, width])
  ])
  return name
}

/** Adds one ONNX operator with one output. */
export function addNode(
  parts: OnnxParts,
  operator: string,
  name: string,
  inputs: string[],
  output: string,
  attribute: onnxProto.onnx.IAttributeProto[] = []
): void {
  parts.nodes.push({ opType: operator, name, input: inputs, output: [output], attribute })
}

export function integer(name: string, value: number): onnxProto.onnx.IAttributeProto {
  return { name, type: AttributeType.INT, i: value }
}

function integers(name: string, values: number[]): onnxProto.onnx.IAttributeProto {
  return { name, type: AttributeType.INTS, ints: values }
}

function text(name: string, value: string): onnxProto.onnx.IAttributeProto {
  return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) }
}

function addFloats(parts: OnnxParts, name: string, dims: number[], data: Float32Array): string {
  parts.initializers.push({ name, dims, dataType: FLOAT, rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) })
  return name
}

function addIntegers(parts: OnnxParts, name: string, values: number[]): string {
  const data = BigInt64Array.from(values, BigInt)
  parts.initializers.push({ name, dims: [values.length], dataType: INT64, rawData: new Uint8Array(data.buffer) })
  return name
}

/** [kernel, kernel, in, out] to [out, in, kernel, kernel]. */
function toOihw(weight: Float32Array, inChannels: number, outChannels: number): Float32Array {
  const taps = weight.length / (inChannels * outChannels)
  const result = new Float32Array(weight.length)
  let index = 0
  for (let tap = 0; tap < taps; tap++) {
    for (let input = 0; input < inChannels; input++) {
      for (let output = 0; output < outChannels; output++) result[(output * inChannels + input) * taps + tap] = weight[index++]
    }
  }
  return result
}
