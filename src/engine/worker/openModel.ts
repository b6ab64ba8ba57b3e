/** A model as a person names it, opened: architecture.json alone, an exported folder, or one of a run's networks. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArchitecture } from '../../core/parseArchitecture.js'
import type { Architecture } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import { readBytes } from '../../storage/readBytes.js'
import { readSafetensors } from '../../storage/safetensors.js'
import type { Weight } from '../graph/weights.js'

export interface OpenedModel {
  architecture: Architecture
  /** Undefined where the model is an architecture.json alone. */
  weightsFile: string | undefined
  /** Folder of the run that the model is in. */
  run: string | undefined
}

/** @throws AppError file.not-found, run.incomplete, architecture.invalid */
export function openModel(model: string, network: string): OpenedModel {
  if (!existsSync(model)) throw new AppError('file.not-found', `${model} does not exist.`)
  if (statSync(model).isFile()) return { architecture: readArchitecture(model), weightsFile: undefined, run: undefined }
  if (existsSync(join(model, 'manifest.json'))) return openRunNetwork(model, network)
  const weightsFile = join(model, 'weights.safetensors')
  return {
    architecture: readArchitecture(join(model, 'architecture.json')),
    weightsFile: existsSync(weightsFile) ? weightsFile : undefined,
    run: undefined
  }
}

/** The best weights on the selection images where there are some, else the last. */
function openRunNetwork(run: string, network: string): OpenedModel {
  const folder = join(run, 'outputs', 'networks', network)
  const file = join(folder, 'architecture.json')
  if (!existsSync(file)) throw new AppError('run.incomplete', `${run} has no network "${network}" yet.`)
  const weightsFile = ['best.safetensors', 'last.safetensors'].map((name) => join(folder, name)).find((path) => existsSync(path))
  return { architecture: readArchitecture(file), weightsFile, run }
}

function readArchitecture(file: string): Architecture {
  return parseArchitecture(readFileSync(file, 'utf8'), file)
}

/** The trained weights by name. @throws AppError file.not-found where the model has none, file.format where they are damaged */
export function readWeights({ weightsFile, architecture }: OpenedModel): Map<string, Weight> {
  if (weightsFile === undefined) {
    throw new AppError('file.not-found', `${architecture.name} has no trained weights.`, {
      hint: 'Name a run that has trained it or an exported folder, or take --init random for an untrained network.'
    })
  }
  const weights = new Map<string, Weight>()
  for (const [name, tensor] of readSafetensors(readBytes(weightsFile)).tensors) {
    if (tensor.dtype === 'F32') weights.set(name, { shape: tensor.shape, data: tensor.data })
  }
  return weights
}
