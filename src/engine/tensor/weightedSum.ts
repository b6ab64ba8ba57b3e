import { joinBatch, splitBatch } from './batchParts.js'
import { integerVector } from './constants.js'
import { attribute, call, callMany } from './native.js'
import { keepAll } from './norm.js'
import { sumOf } from './sumOf.js'
import { isRecording, record, share, type InputGradients } from './tape.js'
import { tf } from './tf.js'

/**
 * The mixed operation's sum. Every map is a batch of R parts; with y[k][r] part r of map k, it is the sum over r and k of
 * weights[r * K + k] * y[k][r]. One tape node, differentiable in all.
 *
 * @param xs K maps of one shape [R * N, H, W, C], K of 1 or more
 * @param weights [R * K]
 * @returns [N, H, W, C]
 */
export function weightedSum(xs: tf.Tensor4D[], weights: tf.Tensor1D, runs = 1): tf.Tensor4D {
  const factors = unstack(weights, runs * xs.length)
  const parts = partsOf(xs, runs)
  const output = sumOfProducts(parts, factors)
  if (runs > 1) tf.dispose(parts)
  if (isRecording()) {
    const inputs: tf.NamedTensorMap = { weights }
    xs.forEach((x, k) => { inputs[`x${k}`] = x })
    record({
      name: 'weightedSum',
      inputs,
      output,
      saved: [...xs.map((x) => share(x)), ...keepAll(factors)],
      gradient: (dy, saved) => weightedSumGradients(dy, saved.slice(0, xs.length), saved.slice(xs.length), runs)
    })
  } else {
    tf.dispose(factors)
  }
  return output as tf.Tensor4D
}

/** Run by run, in each map by map: as the weights lie. With one run the maps themselves. */
function partsOf(xs: tf.Tensor[], runs: number): tf.Tensor[] {
  if (runs === 1) return xs
  const split = xs.map((x) => splitBatch(x, runs))
  return Array.from({ length: runs }, (_, run) => split.map((parts) => parts[run])).flat()
}

/** The K weights as K scalars. */
function unstack(weights: tf.Tensor, count: number): tf.Tensor[] {
  return callMany('Unpack', [weights], count, [attribute.integer('num', count), attribute.integer('axis', 0)])
}

function sumOfProducts(xs: tf.Tensor[], factors: tf.Tensor[]): tf.Tensor {
  const products = xs.map((x, k) => call('Mul', [x, factors[k]]))
  if (products.length === 1) return products[0]
  const sum = sumOf(products)
  tf.dispose(products)
  return sum
}

function weightedSumGradients(dy: tf.Tensor, xs: tf.Tensor[], factors: tf.Tensor[], runs: number): InputGradients {
  const gradients: InputGradients = {
    weights: () => {
      const parts = partsOf(xs, runs)
      const sums = productSums(parts, dy)
      if (runs > 1) tf.dispose(parts)
      return sums
    }
  }
  xs.forEach((_, k) => {
    gradients[`x${k}`] = () => {
      const parts = Array.from({ length: runs }, (_, run) => call('Mul', [dy, factors[run * xs.length + k]]))
      if (runs === 1) return parts[0]
      const joined = joinBatch(parts)
      tf.dispose(parts)
      return joined
    }
  })
  return gradients
}

const dropDimensions = [attribute.boolean('keep_dims', false)]

/** [sum(x_0 * dy), ..., sum(x_{K-1} * dy)] */
function productSums(xs: tf.Tensor[], dy: tf.Tensor): tf.Tensor {
  const everyAxis = integerVector(dy.shape.map((_, axis) => axis))
  const sums = xs.map((x) => {
    const product = call('Mul', [x, dy])
    const sum = call('Sum', [product, everyAxis], dropDimensions)
    product.dispose()
    return sum
  })
  const stacked = call('Pack', sums, [attribute.integer('N', sums.length), attribute.floatType('T'), attribute.integer('axis', 0)])
  tf.dispose(sums)
  return stacked
}
