/** From the logits that a search moved to the discrete network that is trained (FasterSeg, section 3.5). */
import {
  scales,
  type Architecture,
  type ArchitectureLogits,
  type Scale,
  type SearchSpace
} from '../shared/architecture.js'
import { AppError } from '../shared/errors.js'
import { decodeBranch, newAlphaState, type BranchContext, type DecodedBranch } from './derivation/decodeBranch.js'
import { float32Softmax } from './derivation/float32Softmax.js'
import { mostProbablePath } from './derivation/mostProbablePath.js'
import { publishedPath } from './derivation/publishedPath.js'
import { rowOf } from './lattice.js'
import { sharedLayerCount } from './network/sharedGroups.js'
import { softmax } from './softmax.js'

export interface DeriveOptions {
  /** Final scales of the branches, one to three different ones. */
  finalScales: Scale[]
  /**
   * ours: every branch takes its most probable path and is decoded alone. published: as the published code, in which the branches to
   * 1/8, 1/16, 1/32 are decoded one after the other on the same changing numbers; needs at least 6 layers.
   */
  rules: 'ours' | 'published'
  /** Replace every skip by the next best operator, so that all layers stay: the rule for the teacher. */
  forbidSkip: boolean
  /** Stem and head width in twelfths. */
  stemWidth: number
  name: string
}

/** Pure: the logits are not changed. Rows of gamma with one column (the teacher's) mean the widest maps. */
export function deriveArchitecture(space: SearchSpace, logits: ArchitectureLogits, options: DeriveOptions): Architecture {
  const decoded = options.rules === 'ours' ? decodeOurs(space, logits, options) : decodePublished(space, logits, options)
  const coarsestFirst = [...decoded].sort((a, b) => b.branch.finalScale - a.branch.finalScale)
  const branches = coarsestFirst.map(({ branch }) => branch)
  return {
    version: 1,
    name: options.name,
    classes: space.classes,
    baseWidth: space.baseWidth,
    stemWidth: options.stemWidth,
    branches,
    sharedLayers: sharedLayerCount(branches),
    notes: coarsestFirst.flatMap(({ notes }) => notes)
  }
}

function decodeOurs(space: SearchSpace, logits: ArchitectureLogits, options: DeriveOptions): DecodedBranch[] {
  const context: BranchContext = { ...branchContext(space, logits, options), onlyWidth: 12, softmax }
  return options.finalScales.map((finalScale) => {
    const path = mostProbablePath(space, logits.beta, rowOf(finalScale))
    return decodeBranch(context, newAlphaState(logits.alpha), path)
  })
}

/**
 * The order matters: skips that one branch forbids stay forbidden for the next, and beta is softmaxed once more before each branch. All in
 * float32, as the published code has it: what ties there is decided by order.
 */
function decodePublished(space: SearchSpace, given: ArchitectureLogits, options: DeriveOptions): DecodedBranch[] {
  if (space.layers < 6) {
    throw new AppError('architecture.invalid', `The published decoding needs at least 6 layers, and the space has ${space.layers}.`, {
      hint: 'Decode with the rules `ours`, or search with more layers.'
    })
  }
  const logits = { alpha: inFloat32(given.alpha), beta: inFloat32(given.beta), gamma: inFloat32(given.gamma) }
  // Without forbidSkip the published code gives an architecture that has no widths to choose from 4/12 everywhere.
  const context = { ...branchContext(space, logits, options), onlyWidth: options.forbidSkip ? 12 : 4, softmax: float32Softmax }
  const state = newAlphaState(logits.alpha)
  let beta = logits.beta
  return scales.flatMap((finalScale) => {
    beta = beta.map((rows) => rows.map(float32Softmax))
    const decoded = decodeBranch(context, state, publishedPath(space.layers, beta, rowOf(finalScale)))
    return options.finalScales.includes(finalScale) ? [decoded] : []
  })
}

function branchContext(space: SearchSpace, { gamma }: ArchitectureLogits, { stemWidth, forbidSkip }: DeriveOptions) {
  return { space, gamma, stemWidth, forbidSkip }
}

function inFloat32(tables: number[][][]): number[][][] {
  return tables.map((rows) => rows.map((row) => row.map(Math.fround)))
}
