import { tf } from './tf.js'

export interface AdamOptions {
  /** Decay of the mean of gradients and of the mean of squares. DARTS and FasterSeg take 0.5 and 0.999 for the architecture. */
  betas?: [number, number]
  epsilon?: number
  weightDecay?: number
}

/** The two running means of one variable and the number of steps it took part in. */
export interface AdamMoments {
  mean: tf.Tensor
  square: tf.Tensor
  steps: number
}

/** Adam (Kingma and Ba 2015) as PyTorch computes it; for the architecture parameters, which are few and small. */
export class Adam {
  /** By variable name, for checkpoints. */
  readonly moments = new Map<string, AdamMoments>()
  private readonly betas: [number, number]
  private readonly epsilon: number
  private readonly weightDecay: number

  constructor({ betas = [0.5, 0.999], epsilon = 1e-8, weightDecay = 0 }: AdamOptions = {}) {
    this.betas = betas
    this.epsilon = epsilon
    this.weightDecay = weightDecay
  }

  /** One step. Variables without a gradient, and their moments, stay untouched. Does not dispose the gradients. */
  apply(variables: Map<string, tf.Variable>, gradients: Map<string, tf.Tensor>, learningRate: number): void {
    for (const [name, gradient] of gradients) {
      const variable = variables.get(name)
      if (variable === undefined) throw new Error(`There is a gradient for "${name}", but no variable of that name.`)
      const previous = this.moments.get(name)
      const [next, moments] = this.step(variable, gradient, previous, learningRate)
      if (previous !== undefined) tf.dispose([previous.mean, previous.square])
      this.moments.set(name, moments)
      variable.assign(next)
      next.dispose()
    }
  }

  /** Takes moments from a checkpoint over; the tensors belong to the optimizer from now on. */
  restore(moments: Map<string, AdamMoments>): void {
    this.dispose()
    for (const [name, { mean, square, steps }] of moments) this.moments.set(name, { mean: tf.keep(mean), square: tf.keep(square), steps })
  }

  dispose(): void {
    for (const { mean, square } of this.moments.values()) tf.dispose([mean, square])
    this.moments.clear()
  }

  private step(
    variable: tf.Variable, gradient: tf.Tensor, previous: AdamMoments | undefined, learningRate: number
  ): [tf.Tensor, AdamMoments] {
    const [beta1, beta2] = this.betas
    const steps = (previous?.steps ?? 0) + 1
    const stepSize = learningRate / (1 - beta1 ** steps)
    const squareCorrection = Math.sqrt(1 - beta2 ** steps)
    const [next, mean, square] = tf.tidy(() => {
      const decayed = this.weightDecay === 0 ? gradient : gradient.add(variable.mul(this.weightDecay))
      const mean = decayed.mul(1 - beta1).add(previous === undefined ? 0 : previous.mean.mul(beta1))
      const square = decayed.square().mul(1 - beta2).add(previous === undefined ? 0 : previous.square.mul(beta2))
      const next = variable.sub(mean.div(square.sqrt().div(squareCorrection).add(this.epsilon)).mul(stepSize))
      return [next, mean, square]
    })
    return [next, { mean: tf.keep(mean), square: tf.keep(square), steps }]
  }
}
