/** Writes the folder that a person takes away: the network in three formats, compared, with a script that needs nothing of ours. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Architecture } from '../../shared/architecture.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { encodeSafetensors } from '../../storage/safetensors.js'
import type { StoredTensor } from '../../storage/safetensors.js'
import nodeScript from '../../../resources/export/run.mjs?raw'
import pythonScript from '../../../resources/export/run.py?raw'
import { writeGraphModel } from '../graph/graphModel.js'
import { openSession, runtimeVersion } from '../graph/session.js'
import { weightOf } from '../graph/weights.js'
import type { NamedWeights } from '../graph/weights.js'
import { weightShapes } from '../graph/weightShapes.js'
import { openGraphModel } from '../tensor/graphModel.js'
import { channelsFirst } from './channelsFirst.js'
import { deployedGraph, onnxOf } from './exportedNetwork.js'
import type { ImageSize, Normalisation } from './exportedNetwork.js'
import { exportReadme } from './exportReadme.js'
import { checkParity } from './parity.js'
import type { ParityReport, ReferenceLogits, ReopenedModel, SampleImage } from './parity.js'
import { writeFolder } from './writeFolder.js'

export interface ExportFolderOptions {
  architecture: Architecture
  /** Named as in shared/networkGraph.ts; may hold auxiliary heads, which are left out. */
  weights: NamedWeights
  classes: readonly { name: string; colour: readonly number[] }[]
  normalisation: Normalisation
  /** Size of the network's input. */
  size: ImageSize
  /** Path of the folder to write. An earlier export that is there is replaced as a whole; anything else is left alone. */
  folder: string
  /** At least one; the exports are compared on them. */
  sampleImages: SampleImage[]
  /** The network's own forward pass. */
  reference: ReferenceLogits
}

export interface ExportedFile {
  format: 'onnx' | 'tfjs-graph-model'
  /** Within the folder, with forward slashes: a run's journal must not depend on where the run lies. */
  path: string
  largestDifference: number
  argmaxAgreement: number
}

/**
 * Writes the whole folder or nothing, every format re-opened from its files and compared with the network before the folder gets its name.
 * Throws export.mismatch if a format computes something else, file.exists if something other than an export is in the way, disk.full or
 * file.write if it cannot be written.
 */
export async function exportFolder(options: ExportFolderOptions): Promise<ExportedFile[]> {
  const graph = deployedGraph(options.architecture, options.size)
  const report = await writeFolder(options.folder, (name) => name === 'parity.json', async (write, folder) => {
    writeNetwork(write, graph, options)
    const parity = await compareReopened(graph, options, folder)
    write('parity.json', json(parity))
    write('README.md', exportReadme({ name: options.architecture.name, size: options.size, classNames: classNames(options), parity }))
    return parity
  })
  const paths: Record<string, string> = { onnx: 'model.onnx', 'tfjs-graph-model': 'tfjs/model.json' }
  return report.models.map(({ format, largestDifference, argmaxAgreement }) => ({
    format: format === 'onnx' ? 'onnx' : 'tfjs-graph-model',
    path: paths[format],
    largestDifference,
    argmaxAgreement
  }))
}

type WriteFile = (name: string, content: Uint8Array | string) => void

function writeNetwork(write: WriteFile, graph: NetworkGraph, options: ExportFolderOptions): void {
  const { architecture, weights, classes, normalisation, size } = options
  const metadata = { classes: JSON.stringify(classNames(options)), normalisation: JSON.stringify(normalisation) }
  write('model.onnx', onnxOf(architecture, weights, size, metadata))
  const graphModel = writeGraphModel(graph, weights, metadata)
  write('tfjs/model.json', JSON.stringify(graphModel.model))
  write('tfjs/weights.bin', graphModel.weights)
  write('weights.safetensors', encodeSafetensors(deployedWeights(graph, weights), { architecture: architecture.name }))
  write('architecture.json', json(architecture))
  write('classes.json', json(classes.map(({ name, colour }) => ({ name, colour }))))
  write('normalisation.json', json({ ...normalisation, channels: 'RGB', input: '(value / 255 - mean) / deviation', ...size }))
  write('run.mjs', nodeScript)
  write('run.py', pythonScript)
  write('package.json', json({ name: 'exported-network', private: true, type: 'module', dependencies: scriptDependencies }))
}

/** The packages that run.mjs needs, in the versions that it was tested with. */
export const scriptDependencies = { 'fast-png': '8.0.0', 'onnxruntime-node': '1.30.0' }

async function compareReopened(graph: NetworkGraph, options: ExportFolderOptions, folder: string): Promise<ParityReport> {
  const shape = { ...options.size, channels: options.architecture.classes }
  const session = await openSession(readFileSync(join(folder, 'model.onnx')), { threads: 1 })
  const graphModel = await openGraphModel(join(folder, 'tfjs'))
  const models: ReopenedModel[] = [
    {
      format: 'onnx',
      runtime: `onnxruntime ${runtimeVersion()}`,
      layout: 'NCHW',
      run: async (image) => (await session.run(channelsFirst(image, graph.nodes[0].output))).get('logits')?.data as Float32Array
    },
    { format: 'tfjs-graph-model', runtime: graphModel.runtime, layout: 'NHWC', run: graphModel.run }
  ]
  try {
    return await checkParity(models, options.sampleImages, options.reference, shape)
  } finally {
    graphModel.dispose()
    await session.close()
  }
}

/** Exactly the weights that the deployed network has. */
function deployedWeights(graph: NetworkGraph, weights: NamedWeights): Map<string, StoredTensor> {
  const shapes = [...weightShapes(graph)]
  return new Map(shapes.map(([name, shape]) => [name, { dtype: 'F32', shape, data: weightOf(weights, name, shape) }]))
}

function classNames(options: ExportFolderOptions): string[] {
  return options.classes.map(({ name }) => name)
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
