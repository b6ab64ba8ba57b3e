/** A network as an ONNX file: opset 13, IR 8, batch 1, the size fixed, names that a person can read. */
import onnxProto from 'onnx-proto'
import type { MapShape, NetworkGraph, NetworkNode } from '../../shared/networkGraph.js'
import { AppError } from '../../shared/errors.js'
import { addCorner, addLayer, addNode, cornerChannels, integer } from './onnxLayers.js'
import type { OnnxParts } from './onnxLayers.js'
import type { NamedWeights } from './weights.js'

const { onnx } = onnxProto
const { FLOAT, INT64 } = onnx.TensorProto.DataType

export interface OnnxOptions {
  /** Whether batch norms become part of their convolutions. The numbers stay the same but for rounding. */
  foldNorm: boolean
  /** `logits`: the maps of graph.outputs, [1, channels, H, W]. `mask`: class ids of the first, int64 [1, H, W]. */
  output?: 'logits' | 'mask'
  /**
   * Outputs of the graph of which the model gives only a convolution of the first pixel, `NAME.corner` [1, 16, 1, 1]: the map is computed,
   * but nothing needs it in the layout that a caller reads. For timing.
   */
  corners?: readonly string[]
  /** Name of the graph in the file. */
  name?: string
  /** Written as the model's metadata. */
  metadata?: Record<string, string>
}

/**
 * Writes `graph` with `weights` as an ONNX model. Input `image`: float32 [1, 3, H, W], RGB, normalised. First output `logits` (or `mask`),
 * further outputs under their layers' names. Layer `NAME` becomes the operators `NAME.conv`, `NAME.norm`, `NAME.relu` or `NAME`.
 */
export function writeOnnx(graph: NetworkGraph, weights: NamedWeights, options: OnnxOptions): Uint8Array {
  const [input] = graph.nodes
  if (input?.kind !== 'input') throw new AppError('internal', 'The first node of a network graph should be its input.')
  const names = new Map([[graph.outputs[0], 'logits'], [input.name, 'image']])
  const valueName = (layer: string): string => names.get(layer) ?? layer

  const parts: OnnxParts = { nodes: [], initializers: [] }
  for (const node of graph.nodes) addLayer(parts, node, { weights, foldNorm: options.foldNorm, valueName })

  const outputNodes = graph.outputs.map((name) => nodeNamed(graph, name))
  const wantsMask = options.output === 'mask'
  if (wantsMask) addNode(parts, 'ArgMax', 'mask', ['logits'], 'mask', [integer('axis', 1), integer('keepdims', 0)])
  const outputs = wantsMask
    ? [valueInfo('mask', INT64, [1, outputNodes[0].output.height, outputNodes[0].output.width])]
    : outputNodes.map((node) => {
        if (options.corners?.includes(node.name) !== true) return valueInfo(valueName(node.name), FLOAT, nchw(node.output))
        return valueInfo(addCorner(parts, valueName(node.name), node.output), FLOAT, [1, cornerChannels, 1, 1])
      })

  const model = onnx.ModelProto.create({
    irVersion: 8,
    producerName: 'cellscope',
    opsetImport: [{ domain: '', version: 13 }],
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: options.name ?? 'network',
      node: parts.nodes,
      initializer: parts.initializers,
      input: [valueInfo('image', FLOAT, nchw(input.output))],
      output: outputs
    }
  })
  return onnx.ModelProto.encode(model).finish()
}

function nodeNamed(graph: NetworkGraph, name: string): NetworkNode {
  const node = graph.nodes.find((candidate) => candidate.name === name)
  if (node === undefined) throw new AppError('internal', `The network graph has no node ${name}, which it names as an output.`)
  return node
}

function nchw(shape: MapShape): number[] {
  return [1, shape.channels, shape.height, shape.width]
}

function valueInfo(name: string, elementType: number, dims: number[]): onnxProto.onnx.IValueInfoProto {
  return { name, type: { tensorType: { elemType: elementType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } } }
}
