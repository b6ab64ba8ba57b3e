/** One layer of a network graph as nodes of a TensorFlow GraphDef, in the JSON form of tfjs graph models (NHWC, HWIO: as we have it). */
import type { ConvNode, MapShape, NetworkNode, NormNode } from '../../shared/networkGraph.js'
import { foldedConvolution, normAsAffine } from './foldNorm.js'
import { requirePlainConvolution } from './requirePlainConvolution.js'
import type { NamedWeights } from './weights.js'

/** A GraphDef attribute in protobuf's JSON form. */
type Attribute = Record<string, unknown>

export interface GraphDefNode {
  name: string
  op: string
  input: string[]
  attr: Record<string, Attribute>
}

/** A constant: its node is in the graph, its numbers are in the weights file. */
export interface GraphConstant {
  name: string
  shape: number[]
  data: Float32Array | Int32Array
}

export interface GraphDefParts {
  nodes: GraphDefNode[]
  constants: GraphConstant[]
}

const float: Attribute = { type: 'DT_FLOAT' }
const int32: Attribute = { type: 'DT_INT32' }

/** Adds the nodes of `node`; its result stands under the layer's own name. */
export function addGraphDefLayer(parts: GraphDefParts, node: NetworkNode, weights: NamedWeights): void {
  const { name, inputs } = node
  switch (node.kind) {
    case 'input':
      return addNode(parts, 'Placeholder', name, [], { dtype: float, shape: { shape: tensorShape(nhwc(node.output)) } })
    case 'conv':
      return addConvolution(parts, node, weights)
    case 'norm':
      return addNorm(parts, node, weights)
    case 'relu':
      return addNode(parts, 'Relu', name, inputs, { T: float })
    case 'resize': {
      const size = addConstant(parts, `${name}.size`, [2], Int32Array.of(node.output.height, node.output.width))
      return addNode(parts, 'ResizeBilinear', name, [inputs[0], size], { T: float, align_corners: { b: true }, half_pixel_centers: { b: false } })
    }
    case 'concat': {
      const axis = addConstant(parts, `${name}.axis`, [], Int32Array.of(3))
      return addNode(parts, 'ConcatV2', name, [...inputs, axis], { N: { i: String(inputs.length) }, T: float, Tidx: int32 })
    }
    case 'shift': {
      const begin = addConstant(parts, `${name}.begin`, [4], Int32Array.of(0, 1, 1, 0))
      const size = addConstant(parts, `${name}.size`, [4], Int32Array.of(-1, -1, -1, -1))
      addNode(parts, 'Slice', `${name}.slice`, [inputs[0], begin, size], { T: float, Index: int32 })
      return addPad(parts, name, `${name}.slice`, [0, 1])
    }
  }
}

/** Norms are folded; TensorFlow's SAME pads a stride-2 convolution otherwise than the network does, so the padding is a node of its own. */
function addConvolution(parts: GraphDefParts, node: ConvNode, weights: NamedWeights): void {
  requirePlainConvolution(node, 'the tfjs graph model')
  const { name, kernel, stride, inChannels, output } = node
  const { weight, bias } = foldedConvolution(node, weights)
  const input = kernel === 3 && stride === 2 ? `${name}.pad` : node.inputs[0]
  if (input !== node.inputs[0]) addPad(parts, input, node.inputs[0], [1, 1])
  const filter = addConstant(parts, `${name}.weight`, [kernel, kernel, inChannels, output.channels], weight)
  const attributes: Record<string, Attribute> = {
    T: float,
    data_format: text('NHWC'),
    dilations: list([1, 1, 1, 1]),
    padding: text(stride === 1 ? 'SAME' : 'VALID'),
    strides: list([1, stride, stride, 1])
  }
  const added = bias === null ? null : addConstant(parts, `${name}.bias`, [output.channels], bias)
  if (added !== null) {
    const fused = node.relu ? ['BiasAdd', 'Relu'] : ['BiasAdd']
    const fusion = { fused_ops: { list: { s: fused.map(base64) } }, num_args: { i: '1' }, epsilon: { f: 0 } }
    return addNode(parts, '_FusedConv2D', name, [input, filter, added], { ...attributes, ...fusion })
  }
  addNode(parts, 'Conv2D', node.relu ? `${name}.conv` : name, [input, filter], attributes)
  if (node.relu) addNode(parts, 'Relu', name, [`${name}.conv`], { T: float })
}

function addNorm(parts: GraphDefParts, node: NormNode, weights: NamedWeights): void {
  const { name, output, relu } = node
  const { factor, offset } = normAsAffine(node, weights)
  const factorName = addConstant(parts, `${name}.norm.factor`, [output.channels], factor)
  const offsetName = addConstant(parts, `${name}.norm.offset`, [output.channels], offset)
  addNode(parts, 'Mul', `${name}.norm.scaled`, [node.inputs[0], factorName], { T: float })
  addNode(parts, 'AddV2', relu ? `${name}.norm` : name, [`${name}.norm.scaled`, offsetName], { T: float })
  if (relu) addNode(parts, 'Relu', name, [`${name}.norm`], { T: float })
}

/** Zero rows and columns, `before` and `after` the map in both directions. */
function addPad(parts: GraphDefParts, name: string, input: string, [before, after]: [number, number]): void {
  const paddings = addConstant(parts, `${name}.paddings`, [4, 2], Int32Array.of(0, 0, before, after, before, after, 0, 0))
  addNode(parts, 'Pad', name, [input, paddings], { T: float, Tpaddings: int32 })
}

/** Adds a node of one operation. */
export function addNode(parts: GraphDefParts, op: string, name: string, input: string[], attr: Record<string, Attribute>): void {
  parts.nodes.push({ name, op, input, attr })
}

function addConstant(parts: GraphDefParts, name: string, shape: number[], data: Float32Array | Int32Array): string {
  parts.constants.push({ name, shape, data })
  const dtype = data instanceof Float32Array ? float : int32
  addNode(parts, 'Const', name, [], { dtype, value: { tensor: { dtype: dtype.type, tensorShape: tensorShape(shape) } } })
  return name
}

export function tensorShape(sides: number[]): { dim: { size: string }[] } {
  return { dim: sides.map((size) => ({ size: String(size) })) }
}

export function nhwc(shape: MapShape): number[] {
  return [1, shape.height, shape.width, shape.channels]
}

function text(value: string): Attribute {
  return { s: base64(value) }
}

function list(values: number[]): Attribute {
  return { list: { i: values.map(String) } }
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64')
}
