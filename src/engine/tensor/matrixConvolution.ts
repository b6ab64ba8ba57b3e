/**
 * Convolutions as matrix products. Where a map is small and has many channels, a convolution's time is that of its filter (5 MB at 384
 * channels), which the convolution kernels rearrange on every call and the matrix product reads as it is: measured in
 * docs/results/search-step.md. The same sums in another order.
 */
import { integerVector, paddings } from './constants.js'
import { attribute, call, nativeBackend } from './native.js'
import { tf } from './tf.js'

type Stride = 1 | 2

/** Everything that only depends on the sizes. */
interface Patches {
  /** [positions * taps] int32: for every position of the output and tap of the filter the pixel that is read; height * width: the border. */
  pixels: tf.Tensor
  /** [1, height * width, positions * taps], 1 where that pixel is read there. */
  scatter: tf.Tensor
}

/** From how many filter weights a tap on (input times output channels) matrix products take less time, by the pixels of the output, at most. */
const leastWeights3x3 = [
  { pixels: 16, weights: 128 * 128 },
  { pixels: 32, weights: 128 * 256 },
  { pixels: 128, weights: 384 * 384 }
]
const leastWeights1x1 = [{ pixels: 512, weights: 64 * 64 }]

/**
 * Whether matrix products take less time than the convolution kernels do. Measured with one thread, batches of 2 and 4, on a processor with 2 MiB
 * of cache a core (docs/results/search-step.md). On a GPU the convolutions are cuDNN's.
 *
 * @param size of the filter; the sizes are those of the filter and of the convolution's output
 */
export function fasterAsMatrices(size: number, inChannels: number, outChannels: number, [height, width]: [number, number], stride: Stride): boolean {
  if (nativeBackend.isUsingGpuDevice || (size === 1 && stride === 2)) return false
  const limits = size === 1 ? leastWeights1x1 : leastWeights3x3
  const limit = limits.find(({ pixels }) => height * width <= pixels)
  return limit !== undefined && inChannels * outChannels >= limit.weights
}

const known = new Map<string, Patches>()

/** [N, H, W, I] and [k, k, I, O] give [N, H', W', O]; as convolve. */
export function matrixConvolve(x: tf.Tensor, filter: tf.Tensor, stride: Stride): tf.Tensor4D {
  const [batch, height, width]: number[] = x.shape
  const [k, , inChannels, outChannels]: number[] = filter.shape
  const rows = patchRows(x, k, stride)
  const columns = reshaped(filter, [k * k * inChannels, outChannels])
  const product = multiplied(rows, columns)
  tf.dispose([rows, columns])
  return moved(product, [batch, outputSide(height, stride), outputSide(width, stride), outChannels])
}

/** As convolutionFilterGradient. */
export function matrixFilterGradient(x: tf.Tensor, shape: number[], dy: tf.Tensor, stride: Stride): tf.Tensor4D {
  const rows = patchRows(x, shape[0], stride)
  const upstream = reshaped(dy, [dy.size / shape[3], shape[3]])
  const product = multiplied(rows, upstream, transposeFirst)
  tf.dispose([rows, upstream])
  return moved(product, shape)
}

/** As convolutionInputGradient. */
export function matrixInputGradient(shape: number[], filter: tf.Tensor, dy: tf.Tensor, stride: Stride): tf.Tensor4D {
  const [batch, height, width, inChannels] = shape
  const [k, , , outChannels]: number[] = filter.shape
  const positions = dy.size / (batch * outChannels)
  const upstream = reshaped(dy, [batch * positions, outChannels])
  const columns = reshaped(filter, [k * k * inChannels, outChannels])
  const perTap = multiplied(upstream, columns, transposeSecond)
  tf.dispose([upstream, columns])
  if (k === 1 && stride === 1) return moved(perTap, shape)
  const taps = moved(perTap, [batch, positions * k * k, inChannels])
  const sums = call('BatchMatMulV2', [patchesOf(height, width, k, stride).scatter, taps])
  taps.dispose()
  return moved(sums, shape)
}

/** What each position of the output reads, [N * positions, taps * I]. */
function patchRows(x: tf.Tensor, k: number, stride: Stride): tf.Tensor {
  const [batch, height, width, channels]: number[] = x.shape
  if (k === 1 && stride === 1) return reshaped(x, [batch * height * width, channels])
  const { pixels } = patchesOf(height, width, k, stride)
  const flat = reshaped(x, [batch, height * width, channels])
  const bordered = call('Pad', [flat, paddings([[0, 0], [0, 1], [0, 0]])])
  const read = call('GatherV2', [bordered, pixels, secondAxis()], gatherAttributes)
  tf.dispose([flat, bordered])
  return moved(read, [(batch * pixels.size) / (k * k), k * k * channels])
}

function patchesOf(height: number, width: number, k: number, stride: Stride): Patches {
  const key = [height, width, k, stride].join()
  let patches = known.get(key)
  if (patches === undefined) {
    const pixels = readPixels(height, width, k, stride)
    const scatter = new Float32Array(height * width * pixels.length)
    pixels.forEach((pixel, column) => { if (pixel < height * width) scatter[pixel * pixels.length + column] = 1 })
    patches = { pixels: tf.keep(tf.tensor1d(pixels, 'int32')), scatter: tf.keep(tf.tensor3d(scatter, [1, height * width, pixels.length])) }
    known.set(key, patches)
  }
  return patches
}

function readPixels(height: number, width: number, k: number, stride: Stride): number[] {
  const border = (k - 1) / 2
  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
  const inside = (place: number, side: number): boolean => place >= 0 && place < side
  const positions = range(outputSide(height, stride)).flatMap((row) => range(outputSide(width, stride)).map((column) => [row, column]))
  const taps = range(k).flatMap((down) => range(k).map((right) => [down - border, right - border]))
  return positions.flatMap(([row, column]) => taps.map(([down, right]) => {
    const [y, x] = [row * stride + down, column * stride + right]
    return inside(y, height) && inside(x, width) ? y * width + x : height * width
  }))
}

/** Pixels of the output along one side. */
export function outputSide(side: number, stride: Stride): number {
  return Math.floor((side - 1) / stride) + 1
}

const transposeFirst = [attribute.boolean('transpose_a', true), attribute.boolean('transpose_b', false)]
const transposeSecond = [attribute.boolean('transpose_a', false), attribute.boolean('transpose_b', true)]
const asTheyAre = [attribute.boolean('transpose_a', false), attribute.boolean('transpose_b', false)]
const gatherAttributes = [attribute.integer('batch_dims', 0)]

function multiplied(a: tf.Tensor, b: tf.Tensor, order = asTheyAre): tf.Tensor {
  return call('MatMul', [a, b], order)
}

function reshaped(x: tf.Tensor, shape: number[]): tf.Tensor {
  return call('Reshape', [x, integerVector(shape)])
}

/** The same for a tensor that is not needed any more. */
function moved(x: tf.Tensor, shape: number[]): tf.Tensor4D {
  const result = reshaped(x, shape) as tf.Tensor4D
  x.dispose()
  return result
}

let axis: tf.Tensor | undefined

function secondAxis(): tf.Tensor {
  axis ??= tf.keep(tf.scalar(1, 'int32'))
  return axis
}
