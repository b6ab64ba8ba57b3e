/**
 * A cell of the lattice: all candidate operators of one input, at stride 1 (keep) and stride 2 (down), mixed by alpha; where two
 * predecessors meet the cell runs on both with the same weights and beta mixes the results (the published code mixes outputs, not inputs).
 */
import type { Operator } from '../../../shared/architecture.js'
import { tf } from '../../tensor/tf.js'
import { weightedSum } from '../../tensor/weightedSum.js'
import { conv, conv2x } from '../operators/conv.js'
import { skip } from '../operators/skip.js'
import type { OperatorSite } from '../operators/slimConvolution.js'
import { halved, zoomedConv, zoomedConv2x } from '../operators/zoomedConv.js'
import type { Pass } from '../pass.js'

/** One candidate operator on one input; `half` gives the input at half its size, made once for all that ask. */
function candidate(pass: Pass, operator: Operator, x: tf.Tensor4D, half: () => tf.Tensor4D, site: OperatorSite): tf.Tensor4D {
  const fullSize: [number, number] = [x.shape[1], x.shape[2]]
  switch (operator) {
    case 'skip':
      return skip(pass, x, site)
    case 'conv':
      return conv(pass, x, site)
    case 'conv_downup':
      return zoomedConv(pass, half(), site, fullSize)
    case 'conv_2x':
      return conv2x(pass, x, site)
    case 'conv_2x_downup':
      return zoomedConv2x(pass, half(), site, fullSize)
  }
}

export interface CellOutputs {
  keep: tf.Tensor4D
  down: tf.Tensor4D | null
}

/** A stride of the cell: the width of its output and what its candidates are weighed with. */
export interface CellBranch {
  outChannels: number
  outWidth: number
  /** [runs * candidates]: beta (where there are two runs) times alpha, run by run. */
  weights: tf.Tensor1D
}

/**
 * Runs the cell `name` on one input or two, with the candidate operators given (all five in a search, one where the choice is made).
 * Two inputs are two runs of the same weights; they go through each convolution as one batch, and each run keeps batch moments of its
 * own. `down` is null where the lattice has no coarser row or no next layer to feed.
 */
export function cell(pass: Pass, name: string, inputs: tf.Tensor4D[], candidates: readonly Operator[], keep: CellBranch, down: CellBranch | null): CellOutputs {
  const runs = inputs.length
  const x = runs === 1 ? inputs[0] : tf.concat(inputs, 0)
  let smaller: tf.Tensor4D | undefined
  const half = (): tf.Tensor4D => (smaller ??= halved(x))
  const mixed = (part: 'keep' | 'down', stride: 1 | 2, { outChannels, outWidth, weights }: CellBranch): tf.Tensor4D => {
    const outputs = candidates.map((operator) => candidate(pass, operator, x, half, { name: `${name}.${part}.${operator}`, stride, outChannels, outWidth, runs }))
    return weightedSum(outputs, weights, runs)
  }
  return { keep: mixed('keep', 1, keep), down: down && mixed('down', 2, down) }
}
