/**
 * From a path through the lattice to the cells of a branch (published code; section 7 of our notes on it). A skip with stride 1 is an
 * identity and is dropped, but not so often that the branch becomes shorter than round(layers / 3) + 2 * (number of halvings), and not
 * everywhere between two halvings. A skip that has to stay is replaced by the next best operator.
 */
import {
  operators,
  scales,
  type DerivationNote,
  type DerivedBranch,
  type DerivedCell,
  type SearchSpace
} from '../../shared/architecture.js'
import { argmax } from '../argmax.js'
import { alphaRow, enteringGammaRow } from '../lattice.js'

type ReplacementReason = Exclude<DerivationNote['reason'], 'skip-is-identity'>

/** Raw alpha, in which decoding sets the skips that must not stand to -Infinity, and why it did. */
export interface AlphaState {
  alpha: number[][][]
  replaced: Map<string, ReplacementReason>
}

export interface BranchContext {
  space: SearchSpace
  gamma: number[][][]
  stemWidth: number
  forbidSkip: boolean
  /** Width in twelfths where gamma has a single column. */
  onlyWidth: number
  /** Of a row of alpha. */
  softmax: (logits: readonly number[]) => number[]
}

export interface DecodedBranch {
  branch: DerivedBranch
  notes: DerivationNote[]
}

export function newAlphaState(alpha: number[][][]): AlphaState {
  return { alpha: alpha.map((rows) => rows.map((row) => [...row])), replaced: new Map() }
}

/** Changes `state`: the published code carries these changes on to the branches that it decodes later. */
export function decodeBranch(context: BranchContext, state: AlphaState, path: number[]): DecodedBranch {
  const dropped = layersToDrop(context, state, path)
  const kept = path.map((_, layer) => layer).filter((layer) => !dropped.has(layer))
  const finalScale = scales[path[path.length - 1]]
  const cells = kept.map((layer, position): DerivedCell => ({
    layer,
    operator: operators[argmax(alphaOf(state, path, layer))],
    scale: scales[path[layer]],
    downsample: isDown(path, layer),
    width: position === kept.length - 1 ? context.stemWidth : outputWidth(context, path, layer)
  }))
  return { branch: { finalScale, cells }, notes: branchNotes(state, path, dropped) }
}

/** Layers of the path that vanish. Marks the skips that must not stand in `state`. */
function layersToDrop(context: BranchContext, state: AlphaState, path: number[]): Set<number> {
  if (context.forbidSkip) path.forEach((_, layer) => forbidSkip(state, path, layer, 'skip-forbidden'))
  const removable = path.flatMap((_, layer) => {
    const alpha = alphaOf(state, path, layer)
    return argmax(alpha) === 0 && !isDown(path, layer) ? [{ layer, probability: skipProbability(context, state, path, layer) }] : []
  })
  keepOneCellPerStretch(context, state, path, new Set(removable.map(({ layer }) => layer)))
  const most = Math.max(0, path.length - minimumLength(path))
  // Array sort is stable, so of equal probabilities the earlier layer is dropped first, as in the published code.
  const mayDrop = new Set([...removable].sort((a, b) => b.probability - a.probability).slice(0, most).map(({ layer }) => layer))
  const dropped = new Set<number>()
  path.forEach((_, layer) => {
    if (argmax(alphaOf(state, path, layer)) !== 0) return
    if (mayDrop.has(layer)) dropped.add(layer)
    else forbidSkip(state, path, layer, isDown(path, layer) ? 'skip-at-downsampling' : 'minimum-length')
  })
  return dropped
}

function minimumLength(path: number[]): number {
  return Math.round(path.length / 3) + 2 * path[path.length - 1]
}

/** After each halving, up to the next or to the end, at least one cell stays: the one least sure of being a skip, the last of equals. */
function keepOneCellPerStretch(context: BranchContext, state: AlphaState, path: number[], removable: Set<number>): void {
  const downs = path.map((_, layer) => layer).filter((layer) => isDown(path, layer))
  downs.forEach((down, index) => {
    const end = index + 1 < downs.length ? downs[index + 1] : path.length
    const stretch = path.map((_, layer) => layer).slice(down + 1, end)
    if (stretch.length === 0 || !stretch.every((layer) => removable.has(layer))) return
    const probability = (layer: number) => skipProbability(context, state, path, layer)
    const least = stretch.reduce((best, layer) => (probability(layer) <= probability(best) ? layer : best))
    forbidSkip(state, path, least, 'stretch-kept')
  })
}

/** The width of the map after `layer` is that of the map which enters the next cell of the path. */
function outputWidth(context: BranchContext, path: number[], layer: number): number {
  const row = path[layer + 1]
  const logits = context.gamma[row][enteringGammaRow(layer + 1, row)]
  return logits.length === 1 ? context.onlyWidth : context.space.widths[argmax(logits)]
}

function branchNotes(state: AlphaState, path: number[], dropped: Set<number>): DerivationNote[] {
  const finalScale = scales[path[path.length - 1]]
  return path.flatMap((row, layer): DerivationNote[] => {
    const note = { finalScale, layer, scale: scales[row], from: operators[0] }
    if (dropped.has(layer)) return [{ ...note, action: 'dropped', reason: 'skip-is-identity' }]
    const reason = state.replaced.get(cellKey(path, layer))
    if (reason === undefined) return []
    return [{ ...note, action: 'replaced', to: operators[argmax(alphaOf(state, path, layer))], reason }]
  })
}

function isDown(path: number[], layer: number): boolean {
  return layer + 1 < path.length && path[layer + 1] > path[layer]
}

function alphaOf(state: AlphaState, path: number[], layer: number): number[] {
  return state.alpha[path[layer]][alphaRow(layer, path[layer])]
}

function skipProbability({ softmax }: BranchContext, state: AlphaState, path: number[], layer: number): number {
  return softmax(alphaOf(state, path, layer))[0]
}

/** Only a skip that would have been chosen counts as replaced. */
function forbidSkip(state: AlphaState, path: number[], layer: number, reason: ReplacementReason): void {
  const alpha = alphaOf(state, path, layer)
  if (argmax(alpha) === 0) state.replaced.set(cellKey(path, layer), reason)
  alpha[0] = -Infinity
}

function cellKey(path: number[], layer: number): string {
  return `${layer} ${path[layer]}`
}
