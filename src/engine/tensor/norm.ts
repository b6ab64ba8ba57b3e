import { joinBatch, splitBatch } from './batchParts.js'
import { emptyVector } from './constants.js'
import { attribute, call, callMany, type Attribute } from './native.js'
import { sumOf } from './sumOf.js'
import { isRecording, record, share } from './tape.js'
import { tf } from './tf.js'

export interface NormOptions {
  /** Whether max(0, .) follows. */
  relu: boolean
  epsilon?: number
  /** Of how many parts, one after the other, the batch is made. Each is normalised with moments of its own. Default 1. */
  runs?: number
}

export interface NormMoments {
  /** Mean over batch, height and width, [C]. Not differentiable. */
  mean: tf.Tensor1D
  /** Unbiased variance (n - 1), [C], as PyTorch puts it into the running variance. Not differentiable. */
  variance: tf.Tensor1D
}

/** What batch normalisation in training gives. */
export interface NormOutput {
  output: tf.Tensor4D
  /** Of every part of the batch. */
  moments: NormMoments[]
}

/**
 * Batch normalisation with the statistics of this batch (the biased variance normalises), then ReLU if asked for. One tape node.
 *
 * @param x [N, H, W, C]
 * @param scale [C], gamma
 * @param offset [C], beta
 */
export function norm(x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, options: NormOptions): NormOutput {
  const { runs = 1 } = options
  const parts = runs === 1 ? [share(x)] : keepAll(splitBatch(x, runs))
  const { output, moments, saved } = normaliseParts(parts, scale, offset, options)
  if (isRecording()) {
    record({
      name: 'norm',
      inputs: { x, scale, offset },
      output,
      saved: saved(),
      gradient: (dy, normSaved) => {
        const gradients = normGradients(dy, normSaved, options)
        return { x: () => gradients.x, scale: () => gradients.scale, offset: () => gradients.offset }
      }
    })
  } else {
    tf.dispose(saved())
  }
  return { output, moments }
}

/** The three reserve spaces of FusedBatchNormV3: saved mean, saved variance, and what cuDNN wants to see again. */
type Reserve = [tf.Tensor, tf.Tensor, tf.Tensor]

interface NormalisedParts extends NormOutput {
  /** What `normGradients` wants to see again; the caller's from then on. */
  saved(): tf.Tensor[]
}

/** The computation alone, not recorded. Takes the parts over, which must be kept. */
export function normaliseParts(parts: tf.Tensor[], scale: tf.Tensor1D, offset: tf.Tensor1D, { relu, epsilon = 1e-5 }: NormOptions): NormalisedParts {
  const runs = parts.map((part) => normalisePart(part, scale, offset, relu, epsilon))
  const outputs = runs.map(({ output }) => output)
  const output = (outputs.length === 1 ? outputs[0] : joinBatch(outputs)) as tf.Tensor4D
  if (outputs.length > 1) tf.dispose(outputs)
  const saved = (): tf.Tensor[] => {
    const rectified = relu ? (runs.length === 1 ? [share(output)] : keepAll(splitBatch(output, runs.length))) : []
    return runs.flatMap(({ reserve }, run) => [parts[run], share(scale), ...keepAll(reserve), ...(relu ? [rectified[run]] : [])])
  }
  return { output, moments: runs.map(({ mean, variance }) => ({ mean, variance })), saved }
}

function normalisePart(x: tf.Tensor, scale: tf.Tensor1D, offset: tf.Tensor1D, relu: boolean, epsilon: number): NormMoments & { output: tf.Tensor; reserve: Reserve } {
  const none = emptyVector()
  const [normalised, mean, variance, ...reserve] = callMany('FusedBatchNormV3', [x, scale, offset, none, none], 6, attributesOf(epsilon))
  return {
    output: relu ? rectified(normalised) : normalised,
    mean: mean as tf.Tensor1D,
    variance: variance as tf.Tensor1D,
    reserve: reserve as Reserve
  }
}

/** Gradients of `normaliseParts`; `saved` is, for every part, [x, scale, ...reserve] and, after a ReLU, its output. */
export function normGradients(dy: tf.Tensor, saved: tf.Tensor[], { relu, epsilon = 1e-5, runs = 1 }: NormOptions): Record<'x' | 'scale' | 'offset', tf.Tensor> {
  if (runs === 1) return partGradients(dy, saved, epsilon)
  const perPart = relu ? 6 : 5
  const upstream = splitBatch(dy, runs)
  const parts = upstream.map((part, run) => partGradients(part, saved.slice(run * perPart, (run + 1) * perPart), epsilon))
  const sums = { x: joinBatch(parts.map(({ x }) => x)), scale: sumOf(parts.map(({ scale }) => scale)), offset: sumOf(parts.map(({ offset }) => offset)) }
  tf.dispose([...upstream, ...parts.flatMap(({ x, scale, offset }) => [x, scale, offset])])
  return sums
}

function partGradients(dy: tf.Tensor, saved: tf.Tensor[], epsilon: number): Record<'x' | 'scale' | 'offset', tf.Tensor> {
  const [x, scale, mean, variance, extra, rectifiedOutput] = saved
  const dNormalised = rectifiedOutput === undefined ? dy : call('ReluGrad', [dy, rectifiedOutput])
  const inputs = [dNormalised, x, scale, mean, variance, extra]
  const [dx, dScale, dOffset, unused1, unused2] = callMany('FusedBatchNormGradV3', inputs, 5, attributesOf(epsilon))
  tf.dispose([unused1, unused2])
  if (dNormalised !== dy) dNormalised.dispose()
  return { x: dx, scale: dScale, offset: dOffset }
}

/** Keeps intermediate results for the gradient; the tape disposes them. */
export function keepAll<T extends tf.Tensor>(tensors: T[]): T[] {
  return tensors.map((tensor) => tf.keep(tensor))
}

function rectified(x: tf.Tensor): tf.Tensor {
  const output = call('Relu', [x])
  x.dispose()
  return output
}

const attributes = new Map<number, Attribute[]>()

function attributesOf(epsilon: number): Attribute[] {
  let found = attributes.get(epsilon)
  if (found === undefined) {
    found = [attribute.float('epsilon', epsilon), attribute.boolean('is_training', true)]
    attributes.set(epsilon, found)
  }
  return found
}
