/** The lattice at one moment as plain numbers: what every cell holds, how thick every ribbon is, what lies on the path. */
import { argmax } from '../../core/argmax.js'
import { predecessorProbabilities, mostProbablePath } from '../../core/derivation/mostProbablePath.js'
import { alphaRow, enteringGammaRow, rowsAt } from '../../core/lattice.js'
import { softmax } from '../../core/softmax.js'
import { operators, scales, type Architecture, type ArchitectureLogits, type DerivationNote, type Operator, type Scale, type SearchSpace } from '../../shared/architecture.js'

export interface LatticeCell {
  layer: number
  /** Scale row: 0 is 1/8, 1 is 1/16, 2 is 1/32. */
  row: number
  scale: Scale
  /** By operator, in the order of `operators`. */
  alpha: number[]
  likeliest: Operator
  /** Probability of each width of the map that enters; empty where it comes from the stem. */
  gamma: number[]
  /** Probability that the input comes from the finer scale, and from the same. */
  from: { finer: number; same: number }
  /** Final scales of the branches whose path leads through this cell. */
  paths: Scale[]
  /** What derivation would do to this cell. */
  notes: DerivationNote[]
}

export interface LatticeRibbon {
  layer: number
  fromRow: number
  toRow: number
  probability: number
  lit: boolean
}

export interface LatticeModel {
  cells: LatticeCell[]
  ribbons: LatticeRibbon[]
  /** Rows whose last cell leads to a head of the derived network. */
  finalRows: number[]
}

/** `derived` is what would be derived from these logits; its branches say which paths are lit. */
export function latticeModel(space: SearchSpace, logits: ArchitectureLogits, derived: Architecture): LatticeModel {
  const paths = derived.branches.map(({ finalScale }) => {
    return { finalScale, rows: mostProbablePath(space, logits.beta, scales.indexOf(finalScale)) }
  })
  const layers = Array.from({ length: space.layers }, (_, layer) => layer)
  const cells = layers.flatMap((layer) => rowsAt(layer).map((row): LatticeCell => {
    const [finer, same] = predecessorProbabilities(logits.beta, layer, row)
    const alpha = softmax(logits.alpha[row][alphaRow(layer, row)])
    const entering = enteringGammaRow(layer, row)
    const scale = scales[row]
    const through = paths.filter(({ rows }) => rows[layer] === row).map(({ finalScale }) => finalScale)
    return {
      layer, row, scale, alpha, likeliest: operators[argmax(alpha)],
      gamma: entering < 0 ? [] : softmax(logits.gamma[row][entering]),
      from: { finer, same }, paths: through,
      notes: derived.notes.filter((note) => note.layer === layer && note.scale === scale && through.includes(note.finalScale))
    }
  }))
  const ribbons = cells.filter(({ layer }) => layer > 0).flatMap(({ layer, row, from }) => {
    const lit = (fromRow: number): boolean => paths.some(({ rows }) => rows[layer] === row && rows[layer - 1] === fromRow)
    const both: LatticeRibbon[] = [
      { layer, fromRow: row - 1, toRow: row, probability: from.finer, lit: lit(row - 1) },
      { layer, fromRow: row, toRow: row, probability: from.same, lit: lit(row) }
    ]
    return both.filter(({ probability }) => probability > 0)
  })
  return { cells, ribbons, finalRows: paths.map(({ rows }) => rows[space.layers - 1]) }
}
