/**
 * Means and variances of batch norms, by the name of the norm (`NAME.norm`). Two ways to come by them:
 * a running average that follows training (derived networks), or a plain average over some batches, estimated when it is needed
 * (the supernet, whose widths and paths change at every step, so that no running average is ever of the network at hand).
 */
import { tf } from '../tensor/tf.js'
import type { Weight } from '../graph/weights.js'

interface Moments {
  /** [C] */
  mean: ReturnType<typeof tf.tensor>
  /** [C], unbiased, as PyTorch's running variance is. */
  variance: ReturnType<typeof tf.tensor>
}

export interface StatisticsMark {
  moments: ReadonlyMap<string, Moments>
  seen: ReadonlyMap<string, number>
}

export class BatchStatistics {
  private readonly moments = new Map<string, Moments>()
  private readonly seen = new Map<string, number>()

  /** `momentum` is the weight of a new batch (PyTorch's sense, 0.1 as published); 'average' weighs all batches alike. */
  constructor(private readonly momentum: number | 'average') {}

  get(name: string): Moments {
    const found = this.moments.get(name)
    if (!found) throw new Error(`no batch statistics for ${name}`)
    return found
  }

  has(name: string): boolean {
    return this.moments.has(name)
  }

  /** Takes in the moments of one batch. The arguments stay the caller's. */
  record(name: string, mean: ReturnType<typeof tf.tensor>, variance: ReturnType<typeof tf.tensor>): void {
    const before = this.moments.get(name)
    const count = (this.seen.get(name) ?? 0) + 1
    this.seen.set(name, count)
    if (!before) {
      this.moments.set(name, { mean: tf.keep(tf.clone(mean)), variance: tf.keep(tf.clone(variance)) })
      return
    }
    const share = this.momentum === 'average' ? 1 / count : this.momentum
    const after = {
      mean: blend(before.mean, mean, share),
      variance: blend(before.variance, variance, share)
    }
    before.mean.dispose()
    before.variance.dispose()
    this.moments.set(name, after)
  }

  /**
   * What the statistics are now. Giving it to `goBack` undoes what was recorded since; giving it to `forget` keeps it. One of the two
   * must follow, for the mark holds tensors.
   */
  mark(): StatisticsMark {
    const moments = [...this.moments].map(([name, { mean, variance }]): [string, Moments] => [
      name,
      { mean: tf.keep(tf.clone(mean)), variance: tf.keep(tf.clone(variance)) }
    ])
    return { moments: new Map(moments), seen: new Map(this.seen) }
  }

  goBack({ moments, seen }: StatisticsMark): void {
    this.clear()
    for (const [name, marked] of moments) this.moments.set(name, marked)
    for (const [name, count] of seen) this.seen.set(name, count)
  }

  forget({ moments }: StatisticsMark): void {
    for (const { mean, variance } of moments.values()) tf.dispose([mean, variance])
  }

  read(): Map<string, Weight> {
    const result = new Map<string, Weight>()
    for (const [name, { mean, variance }] of this.moments) {
      result.set(`${name}.mean`, { shape: [...mean.shape], data: mean.dataSync<'float32'>() })
      result.set(`${name}.variance`, { shape: [...variance.shape], data: variance.dataSync<'float32'>() })
    }
    return result
  }

  /** Replaces everything by `weights`: entries whose names end with `.mean` and `.variance`; others are passed over. */
  write(weights: ReadonlyMap<string, Weight>): void {
    this.clear()
    for (const [name, weight] of weights) {
      if (!name.endsWith('.mean')) continue
      const norm = name.slice(0, -'.mean'.length)
      const variance = weights.get(`${norm}.variance`)
      if (!variance) throw new Error(`batch statistics ${norm} have a mean but no variance`)
      this.moments.set(norm, {
        mean: tf.keep(tf.tensor(weight.data, weight.shape)),
        variance: tf.keep(tf.tensor(variance.data, variance.shape))
      })
    }
  }

  clear(): void {
    for (const { mean, variance } of this.moments.values()) {
      mean.dispose()
      variance.dispose()
    }
    this.moments.clear()
    this.seen.clear()
  }
}

/** before + share * (value - before), kept. */
function blend(before: ReturnType<typeof tf.tensor>, value: ReturnType<typeof tf.tensor>, share: number): ReturnType<typeof tf.tensor> {
  return tf.keep(tf.tidy(() => tf.add(tf.mul(before, 1 - share), tf.mul(value, share))))
}
