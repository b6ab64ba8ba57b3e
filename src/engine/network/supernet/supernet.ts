/**
 * The supernet (FasterSeg, section 3): a lattice of cells over layers and three resolutions, holding every candidate network at once.
 * Teacher and student share the cells; each has its own stem, refinement and heads.
 */
import { channels, operators, scales, type Operator, type SearchSpace } from '../../../shared/architecture.js'
import { tf } from '../../tensor/tf.js'
import { resizeBilinear } from '../../tensor/resizeBilinear.js'
import { unstackRows } from '../../tensor/unstackRows.js'
import type { Pass } from '../pass.js'
import { cell, type CellBranch } from './cell.js'
import { cellName, cellPlaces, stemWidth, type CellPlace, type PredictionName, type Role } from './layout.js'
import { gammaPlace, type WidthPlan } from './widthPlan.js'

/**
 * How the data reaches gamma (docs/decisions): a factor of value 1 for each map's width whose gradient is gamma's (`scalar`), or a
 * mask over the map's channels (`mask`). Absent where gamma's gradient comes another way or is not wanted.
 */
export interface WidthScores {
  scalar?: (table: number, index: number) => tf.Scalar
  /** [channels] */
  mask?: (table: number, index: number, channels: number) => tf.Tensor1D
}

/** One network within the supernet: whose heads, which mixture, which widths. */
export interface SupernetChoice {
  role: Role
  /** Probabilities, alpha[j] is [L - j, 5] (see ArchitectureLogits). */
  alpha: tf.Tensor2D[]
  /** beta[j - 1] is [L - 1 - j, 2]. */
  beta: tf.Tensor2D[]
  widths: WidthPlan
  scores?: WidthScores
  /** Where alpha is one-hot: only these operators run. [row j][layer - j]. */
  chosen?: Operator[][]
  /**
   * Where beta is one-hot: the only predecessor that a cell with two of them runs on, 0 the finer scale, 1 the same; laid out as beta.
   * Batch statistics that are recorded are then of this network alone.
   */
  predecessors?: number[][]
}

type Rows = tf.Tensor1D[][]

export class Supernet {
  constructor(
    readonly space: SearchSpace,
    readonly predictions: readonly PredictionName[]
  ) {}

  /** images is [N, H, W, 3], H and W multiples of 32; each prediction's logits are [N, H / 8, W / 8, classes]. */
  forward(pass: Pass, images: tf.Tensor4D, choice: SupernetChoice): Map<PredictionName, tf.Tensor4D> {
    const finals = this.lattice(pass, this.stem(pass, images, choice.role), choice)
    return this.heads(pass, finals, choice.role)
  }

  private stem(pass: Pass, images: tf.Tensor4D, role: Role): tf.Tensor4D {
    let x = pass.convNorm(`${role}.stem.0`, images, { stride: 2, relu: true })
    for (const block of ['1', '2']) {
      x = pass.convNorm(`${role}.stem.${block}.conv1`, x, { stride: 2, relu: true })
      x = pass.convNorm(`${role}.stem.${block}.conv2`, x, { stride: 1, relu: true })
    }
    return x
  }

  /** The last layer's maps at 1/8, 1/16 and 1/32. */
  private lattice(pass: Pass, stem: tf.Tensor4D, choice: SupernetChoice): tf.Tensor4D[] {
    const alpha: Rows = choice.alpha.map(unstackRows)
    const beta: Rows = choice.beta.map(unstackRows)
    let kept: (tf.Tensor4D | null)[] = [stem, null, null]
    let downs: (tf.Tensor4D | null)[] = [null, null, null]
    let layer = -1
    let previousKept = kept
    let previousDowns = downs
    for (const place of cellPlaces(this.space.layers)) {
      if (place.layer !== layer) {
        layer = place.layer
        previousKept = kept
        previousDowns = downs
        kept = [null, null, null]
        downs = [null, null, null]
      }
      const fromFiner = place.row > 0 ? previousDowns[place.row - 1] : null
      const inputs = [fromFiner, previousKept[place.row]].filter((map): map is tf.Tensor4D => map !== null)
      const only = inputs.length === 2 ? choice.predecessors?.[place.row - 1][layer - place.row - 1] : undefined
      const outputs = this.runCell(pass, place, only === undefined ? inputs : [inputs[only]], choice, alpha, beta)
      kept[place.row] = outputs.keep
      downs[place.row] = outputs.down
    }
    return kept.filter((map): map is tf.Tensor4D => map !== null)
  }

  private runCell(pass: Pass, place: CellPlace, inputs: tf.Tensor4D[], choice: SupernetChoice, alpha: Rows, beta: Rows) {
    const { layer, row } = place
    const name = cellName(layer, row)
    const mixture = alpha[row][layer - row]
    const paths = inputs.length === 2 ? beta[row - 1][layer - row - 1] : null
    const chosen = choice.chosen?.[row][layer - row]
    const candidates = chosen ? [chosen] : operators
    const weights = mixingWeights(chosen ? tf.ones([1]) : mixture, paths)
    const scored = (outRow: number): tf.Tensor1D => this.scoreWeights(weights, place, outRow, choice)
    const keep: CellBranch = { ...this.output(layer, row, choice), weights: scored(row) }
    const down: CellBranch | null = place.hasDown ? { ...this.output(layer, row + 1, choice), weights: scored(row + 1) } : null
    const outputs = cell(pass, name, inputs, candidates, keep, down)
    return {
      keep: this.masked(outputs.keep, layer, row, choice),
      down: outputs.down && this.masked(outputs.down, layer, row + 1, choice)
    }
  }

  /** Width and channels of the map that a cell of `layer` hands to `outRow`; the last layer's have the heads' width. */
  private output(layer: number, outRow: number, choice: SupernetChoice): { outChannels: number; outWidth: number } {
    const last = layer === this.space.layers - 1
    const { table, index } = gammaPlace(layer + 1, outRow)
    const outWidth = last ? stemWidth(this.space, choice.role) : this.space.widths[choice.widths[table][index]]
    return { outChannels: channels(scales[outRow], this.space.baseWidth, outWidth), outWidth }
  }

  /** The published estimator: the scores of the input's and the output's width multiply every candidate. */
  private scoreWeights(weights: tf.Tensor1D, place: CellPlace, outRow: number, choice: SupernetChoice): tf.Tensor1D {
    const scalar = choice.scores?.scalar
    if (!scalar) return weights
    let scored = weights
    if (place.layer > 0) {
      const input = gammaPlace(place.layer, place.row)
      scored = scored.mul(scalar(input.table, input.index))
    }
    if (place.layer < this.space.layers - 1) {
      const output = gammaPlace(place.layer + 1, outRow)
      scored = scored.mul(scalar(output.table, output.index))
    }
    return scored
  }

  private masked(map: tf.Tensor4D, layer: number, outRow: number, choice: SupernetChoice): tf.Tensor4D {
    const mask = choice.scores?.mask
    if (!mask || layer === this.space.layers - 1) return map
    const { table, index } = gammaPlace(layer + 1, outRow)
    return map.mul(mask(table, index, map.shape[3]))
  }

  /** Aggregates the last layer's maps into the predictions (FasterSeg, figure 3; the published code's refinement). */
  private heads(pass: Pass, [o8, o16, o32]: tf.Tensor4D[], role: Role): Map<PredictionName, tf.Tensor4D> {
    const merge = (name: string, part: [string, string], coarse: tf.Tensor4D, fine: tf.Tensor4D): tf.Tensor4D => {
      const reduced = pass.convNorm(`${role}.${name}.${part[0]}`, coarse, { stride: 1, relu: true })
      const enlarged = resizeBilinear(reduced, [fine.shape[1], fine.shape[2]])
      return pass.convNorm(`${role}.${name}.${part[1]}`, tf.concat([enlarged, fine], 3), { stride: 1, relu: true })
    }
    const x16 = merge('refine16', ['reduce', 'fuse'], o16, o8)
    const x32 = merge('refine32', ['reduce8', 'fuse8'], merge('refine32', ['reduce16', 'fuse16'], o32, o16), o8)
    const at: Record<string, tf.Tensor4D> = { 8: o8, 16: x16, 32: x32 }
    const logits = new Map<PredictionName, tf.Tensor4D>()
    for (const prediction of this.predictions) {
      const maps = prediction.split('+').map((scale) => at[scale])
      const features = maps.length === 1 ? maps[0] : tf.concat(maps, 3)
      const middle = pass.convNorm(`${role}.head${prediction}.0`, features, { stride: 1, relu: true })
      logits.set(prediction, pass.convolution(`${role}.head${prediction}.1`, middle, { stride: 1, bias: true }))
    }
    return logits
  }
}

/** beta times alpha, run by run: [runs * candidates]. */
function mixingWeights(mixture: tf.Tensor1D, paths: tf.Tensor1D | null): tf.Tensor1D {
  if (!paths) return mixture
  return tf.outerProduct(paths, mixture).reshape([-1])
}
