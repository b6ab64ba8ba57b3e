/**
 * Architectures as data: the search space, the logits that a search moves, and the discrete network that is derived from them.
 * Everything here is plain JSON, so that the engine, the host and the window can all hold it.
 */

/** The candidate operators, in the column order of alpha (FasterSeg, section 3.1; spelt as in the published code). */
export const operators = ['skip', 'conv', 'conv_downup', 'conv_2x', 'conv_2x_downup'] as const
export type Operator = (typeof operators)[number]

/** Down-sampling rates of the lattice's three rows. */
export const scales = [8, 16, 32] as const
export type Scale = (typeof scales)[number]

/** What a search may choose from. Widths are twelfths of the full width: 12 is the whole map. */
export interface SearchSpace {
  /** Layers of cells after the stem, at least 3. */
  layers: number
  /** Channels of a full-width map are scale * baseWidth (paper: 12, so 96, 192, 384). */
  baseWidth: number
  /** Candidate widths in twelfths, ascending (paper: 4, 6, 8, 10, 12). */
  widths: number[]
  /** Stem and head width of the student in twelfths (paper: 8); the teacher's is 12. */
  studentStemWidth: number
  /** Classes to tell apart. */
  classes: number
}

/**
 * Raw logits of one architecture, laid out as the published code lays them out. `L` layers, `W` widths:
 *
 * alpha[j] is [L - j][5], row l - j for the cell at layer l, scale row j (0 is 1/8, 1 is 1/16, 2 is 1/32);
 * beta[j - 1] is [L - 1 - j][2], row l - j - 1 for layer l, scale row j >= 1; column 0 comes from the finer scale, column 1 from the same;
 * gamma[0], gamma[1] are [L - 1][W], gamma[2] is [L - 2][W]: a row for the width of each map between two layers.
 * The map that enters (layer l, row 0) has row gamma[0][l - 1]; the one that enters (layer l, row j >= 1) has gamma[j][l - j].
 */
export interface ArchitectureLogits {
  alpha: number[][][]
  beta: number[][][]
  gamma: number[][][]
}

/** One cell of a derived branch. */
export interface DerivedCell {
  /** Layer of the supernet that the cell comes from; layers that were dropped leave gaps. */
  layer: number
  operator: Operator
  /** Down-sampling rate of the cell's input. */
  scale: Scale
  /** Whether the cell halves its map: stride 2, output at twice the scale. */
  downsample: boolean
  /** Width of the output in twelfths; the last cell of a branch has the head's width. */
  width: number
}

export interface DerivedBranch {
  finalScale: Scale
  cells: DerivedCell[]
}

/** Why a cell of the lattice's path is not in the network as its argmax says. */
export interface DerivationNote {
  finalScale: Scale
  layer: number
  scale: Scale
  action: 'dropped' | 'replaced'
  /** What the argmax said, and what stands there instead (absent where dropped). */
  from: Operator
  to?: Operator
  reason: 'skip-is-identity' | 'skip-forbidden' | 'skip-at-downsampling' | 'minimum-length' | 'stretch-kept'
}

/** architecture.json: a discrete network, complete enough to be built anywhere. Branches stand coarsest first, as in the published code. */
export interface Architecture {
  version: 1
  name: string
  classes: number
  baseWidth: number
  /** Stem and head width in twelfths. */
  stemWidth: number
  branches: DerivedBranch[]
  /** Leading cells that all branches share (same weights, same maps). For three branches, the groups are computed by `sharedGroups`. */
  sharedLayers: number
  notes: DerivationNote[]
}

/** Channels of a map at `scale` of width `twelfths`: round(scale * baseWidth * width). */
export function channels(scale: number, baseWidth: number, twelfths: number): number {
  return Math.round((scale * baseWidth * twelfths) / 12)
}
