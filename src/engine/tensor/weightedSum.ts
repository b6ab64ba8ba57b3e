import { integerVector } from './constants.js'
import { attribute, call, callMany } from './native.js'
import { keepAll } from './norm.js'
import { sumOf } from './sumOf.js'
import { isRecording, record, share, type InputGradients } from './tape.js'
import { tf } from './tf.js'

/**
 * The mixed operation's sum: sum over k of weights[k] * xs[k]. One tape node, differentiable in all.
 *
 * @param xs K maps of one shape [N, H, W, C], K of 1 or more
 * @param weights [K]
 */
export function weightedSum(xs: tf.Tensor4D[], weights: tf.Tensor1D): tf.Tensor4D {
  const factors = unstack(weights, xs.length)
  const output = sumOfProducts(xs, factors)
  if (isRecording()) {
    const inputs: tf.NamedTensorMap = { weights }
    xs.forEach((x, k) => { inputs[`x${k}`] = x })
    record({
      name: 'weightedSum',
      inputs,
      output,
      saved: [...xs.map((x) => share(x)), ...keepAll(factors)],
      gradient: weightedSumGradients
    })
  } else {
    tf.dispose(factors)
  }
  return output as tf.Tensor4D
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

function weightedSumGradients(dy: tf.Tensor, saved: tf.Tensor[]): InputGradients {
  const count = saved.length / 2
  const xs = saved.slice(0, count)
  const factors = saved.slice(count)
  const gradients: InputGradients = { weights: () => productSums(xs, dy) }
  factors.forEach((factor, k) => { gradients[`x${k}`] = () => call('Mul', [dy, factor]) })
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
