/** A network as a tfjs graph model: model.json and one file of weights, for tf.loadGraphModel in a browser or in Node. */
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { addGraphDefLayer, addNode, nhwc, tensorShape } from './graphModelLayers.js'
import type { GraphDefParts } from './graphModelLayers.js'
import type { NamedWeights } from './weights.js'

export interface GraphModelFiles {
  /** Content of model.json, to be written as JSON. */
  model: Record<string, unknown>
  /** Content of the file that `model` calls weights.bin. */
  weights: Uint8Array
}

export const weightsFileName = 'weights.bin'

/**
 * Writes `graph` with `weights` as a tfjs graph model, norms folded. Input `image`: float32 [1, H, W, 3], RGB, normalised. First output
 * `logits` [1, H, W, classes], further outputs under their layers' names. `metadata` becomes the model's userDefinedMetadata.
 */
export function writeGraphModel(graph: NetworkGraph, weights: NamedWeights, metadata: Record<string, string> = {}): GraphModelFiles {
  const parts: GraphDefParts = { nodes: [], constants: [] }
  const names = new Map([[graph.nodes[0].name, 'image']])
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => names.get(input) ?? input)
    addGraphDefLayer(parts, { ...node, name: names.get(node.name) ?? node.name, inputs }, weights)
  }
  const outputs = graph.outputs.map((layer, index) => (index === 0 ? 'logits' : layer))
  if (graph.outputs[0] !== 'logits') addNode(parts, 'Identity', 'logits', [graph.outputs[0]], { T: { type: 'DT_FLOAT' } })

  const shapes = new Map(graph.nodes.map((node) => [node.name, nhwc(node.output)]))
  const model = {
    format: 'graph-model',
    generatedBy: 'cellscope',
    convertedBy: 'cellscope',
    signature: {
      inputs: { image: tensorInfo('image', nhwc(graph.nodes[0].output)) },
      outputs: Object.fromEntries(outputs.map((name, index) => [name, tensorInfo(name, shapes.get(graph.outputs[index]) ?? [])]))
    },
    userDefinedMetadata: metadata,
    modelTopology: { node: parts.nodes, library: {}, versions: { producer: 1 } },
    weightsManifest: [
      {
        paths: [weightsFileName],
        weights: parts.constants.map(({ name, shape, data }) => ({ name, shape, dtype: data instanceof Float32Array ? 'float32' : 'int32' }))
      }
    ]
  }
  const bytes = Buffer.concat(parts.constants.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)))
  return { model, weights: bytes }
}

function tensorInfo(name: string, shape: number[]): Record<string, unknown> {
  return { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: tensorShape(shape) }
}
