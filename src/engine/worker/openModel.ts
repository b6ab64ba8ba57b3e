/** A model as a person names it, opened: architecture.json alone, an exported folder, or one of a run's networks. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { derivedGraph } from '../../core/networkBuilder.js'
import { parseArchitecture } from '../../core/parseArchitecture.js'
import type { Architecture } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import { disk } from '../../storage/disk.js'
import { readJsonFile } from '../../storage/jsonFile.js'
import { readSafetensors } from '../../storage/safetensors.js'
import type { NamedWeights } from '../graph/weights.js'
import { weightShapes } from '../graph/weightShapes.js'

export interface OpenedModel {
  architecture: Architecture
  /** Undefined where the model is an architecture.json alone. */
  weightsFile: string | undefined
  /** Folder of the run that the model is in. */
  run: string | undefined
  /** Names of the classes in order, where the model brings them. */
  classNames: string[] | undefined
}

/** @throws AppError file.not-found, run.incomplete, architecture.invalid */
export function openModel(model: string, network: string): OpenedModel {
  if (!existsSync(model)) throw new AppError('file.not-found', `${model} does not exist.`)
  if (statSync(model).isFile()) return { architecture: readArchitecture(model), weightsFile: undefined, run: undefined, classNames: undefined }
  if (existsSync(join(model, 'manifest.json'))) return openRunNetwork(model, network)
  const [weightsFile, classesFile] = ['weights.safetensors', 'classes.json'].map((name) => join(model, name))
  return {
    architecture: readArchitecture(join(model, 'architecture.json')),
    weightsFile: existsSync(weightsFile) ? weightsFile : undefined,
    run: undefined,
    classNames: existsSync(classesFile) ? readClassNames(classesFile) : undefined
  }
}

/** The best weights on the selection images where there are some, else the last. */
function openRunNetwork(run: string, network: string): OpenedModel {
  const networks = join(run, 'outputs', 'networks')
  const file = join(networks, network, 'architecture.json')
  if (!existsSync(file)) {
    const known = existsSync(networks) ? disk.list(networks) : []
    throw new AppError('run.incomplete', `${run} has no network "${network}".`, {
      hint: known.length === 0 ? 'It has none yet: go on with `cellscope resume`.' : `It has ${known.join(' and ')}; choose with --network.`
    })
  }
  const weightsFile = ['best.safetensors', 'last.safetensors'].map((name) => join(networks, network, name)).find((path) => existsSync(path))
  return { architecture: readArchitecture(file), weightsFile, run, classNames: undefined }
}

function readArchitecture(file: string): Architecture {
  if (!existsSync(file)) throw new AppError('file.not-found', `${file} does not exist, and a network without it is none.`)
  return parseArchitecture(readFileSync(file, 'utf8'), file)
}

function readClassNames(file: string): string[] | undefined {
  const classes = readJsonFile(file)
  if (!Array.isArray(classes)) return undefined
  return classes.map((entry: unknown) => (typeof entry === 'object' && entry !== null && 'name' in entry ? String(entry.name) : ''))
}

/**
 * The trained weights by name.
 * @throws AppError file.not-found where the model has none, file.format where they are damaged or another network's
 */
export function readWeights({ weightsFile, architecture }: OpenedModel): NamedWeights {
  if (weightsFile === undefined) {
    throw new AppError('file.not-found', `${architecture.name} has no trained weights.`, {
      hint: 'Name a run that has trained it or an exported folder, or take --init random for an untrained network.'
    })
  }
  const weights: NamedWeights = new Map()
  for (const [name, tensor] of readSafetensors(weightsFile, { finite: true }).tensors) {
    if (tensor.dtype === 'F32') weights.set(name, { shape: tensor.shape, data: tensor.data })
  }
  refuseForeign(weights, architecture, weightsFile)
  return weights
}

/** The weights of one architecture in the folder of another are met here, not deep in a layer. */
function refuseForeign(weights: NamedWeights, architecture: Architecture, file: string): void {
  const graph = derivedGraph(architecture, { height: 32, width: 32, auxiliaryHeads: false })
  for (const [name, shape] of weightShapes(graph)) {
    const found = weights.get(name)
    if (found?.shape.join() === shape.join()) continue
    const what = found === undefined ? 'none' : `shape [${found.shape.join(', ')}]`
    throw new AppError('file.format', `${file}: expected ${name} of shape [${shape.join(', ')}] as in architecture.json, found ${what}.`)
  }
}
