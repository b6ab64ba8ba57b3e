/**
 * One forward run of a network: where its weights come from and what its batch norms do. Networks ask the pass for layers by name;
 * the same network code thus trains, estimates batch statistics and evaluates.
 */
import { convNorm } from '../tensor/convNorm.js'
import { convolution } from '../tensor/convolution.js'
import { norm, type NormMoments } from '../tensor/norm.js'
import { convNormEval, normEval } from '../tensor/normEval.js'
import { cutFilter, sliceFilter } from '../tensor/sliceFilter.js'
import type { tf } from '../tensor/tf.js'
import type { BatchStatistics } from './batchStatistics.js'
import type { WeightStore } from './weightStore.js'

/**
 * train: moments of this batch. record: moments of this batch, which are also taken into the statistics.
 * fixed: the statistics' moments, as at deployment.
 */
export type NormMode = 'train' | 'record' | 'fixed'

export interface ConvLayer {
  stride: 1 | 2
  relu: boolean
  /** Leading channels of the filter that are used; absent means all. */
  inChannels?: number
  outChannels?: number
  /** Of how many parts, one after the other, the batch is made; each is normalised with moments of its own. Default 1. */
  runs?: number
  /** Name of the batch norm, where it is not `NAME.norm` (slimmable layers have one norm a width). */
  normName?: string
}

export class Pass {
  private readonly slices = new Map<string, tf.Tensor4D>()

  constructor(
    private readonly weights: WeightStore,
    readonly mode: NormMode,
    private readonly statistics: BatchStatistics | null,
    /**
     * Where given, the pass notes every weight here, by the id of the tensor that it reads, and slices of filters are cut beside the tape: gradients
     * are then wanted of the slices themselves (see deliverGradients).
     */
    private readonly reads: Map<number, string> | null = null
  ) {}

  /** Convolution, batch norm and optionally ReLU. x is [N, H, W, C]; the result [N, H / stride, W / stride, outChannels]. */
  convNorm(name: string, x: tf.Tensor4D, layer: ConvLayer): tf.Tensor4D {
    const filter = this.filter(name, layer.inChannels, layer.outChannels)
    const normName = layer.normName ?? `${name}.norm`
    const scale = this.weight1d(`${normName}.scale`)
    const offset = this.weight1d(`${normName}.offset`)
    const options = { stride: layer.stride, relu: layer.relu, runs: layer.runs ?? 1 }
    if (this.mode === 'fixed') return convNormEval(x, filter, scale, offset, this.moments(normName), options)
    const result = convNorm(x, filter, scale, offset, options)
    this.record(normName, result.moments)
    return result.output
  }

  /** Batch norm and optionally ReLU; `runs` as in ConvLayer. */
  norm(normName: string, x: tf.Tensor4D, relu: boolean, runs = 1): tf.Tensor4D {
    const scale = this.weight1d(`${normName}.scale`)
    const offset = this.weight1d(`${normName}.offset`)
    if (this.mode === 'fixed') return normEval(x, scale, offset, this.moments(normName), { relu })
    const result = norm(x, scale, offset, { relu, runs })
    this.record(normName, result.moments)
    return result.output
  }

  /** Plain convolution, with the bias `NAME.bias` where `bias` says so. */
  convolution(name: string, x: tf.Tensor4D, options: { stride: 1 | 2; bias: boolean; inChannels?: number; outChannels?: number }): tf.Tensor4D {
    const result = convolution(x, this.filter(name, options.inChannels, options.outChannels), { stride: options.stride })
    return options.bias ? result.add(this.weight1d(`${name}.bias`)) : result
  }

  /** A cell with two predecessors asks twice for the same slice: it is cut once, and its gradient padded once. */
  private filter(name: string, inChannels?: number, outChannels?: number): tf.Tensor4D {
    const full = this.weights.get(`${name}.weight`) as tf.Tensor4D
    const key = `${name} ${inChannels ?? full.shape[2]} ${outChannels ?? full.shape[3]}`
    let slice = this.slices.get(key)
    if (!slice) {
      slice = (this.reads ? cutFilter : sliceFilter)(full, inChannels ?? full.shape[2], outChannels ?? full.shape[3])
      this.slices.set(key, slice)
      this.reads?.set(slice.id, `${name}.weight`)
    }
    return slice
  }

  private weight1d(name: string): tf.Tensor1D {
    const weight = this.weights.get(name) as tf.Tensor1D
    this.reads?.set(weight.id, name)
    return weight
  }

  private moments(name: string): { mean: tf.Tensor1D; variance: tf.Tensor1D } {
    if (!this.statistics) throw new Error('a pass with fixed batch norms needs batch statistics')
    return this.statistics.get(name) as { mean: tf.Tensor1D; variance: tf.Tensor1D }
  }

  private record(name: string, moments: readonly NormMoments[]): void {
    if (this.mode !== 'record') return
    for (const { mean, variance } of moments) this.statistics?.record(name, mean, variance)
  }
}
