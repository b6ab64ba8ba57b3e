/** Adam over architecture logits (Kingma and Ba 2015), as PyTorch computes it; betas 0.5 and 0.999 as published, no weight decay. */
export class ArchitectureAdam {
  readonly firstMoment: Float32Array
  readonly secondMoment: Float32Array
  private readonly beta1 = 0.5
  private readonly beta2 = 0.999
  private readonly epsilon = 1e-8

  constructor(size: number) {
    this.firstMoment = new Float32Array(size)
    this.secondMoment = new Float32Array(size)
  }

  /** Moves `values` against `gradient`, in place. `step` counts from 0. */
  apply(values: Float32Array, gradient: ArrayLike<number>, learningRate: number, step: number): void {
    const correction1 = 1 - this.beta1 ** (step + 1)
    const correction2 = 1 - this.beta2 ** (step + 1)
    for (let i = 0; i < values.length; i++) {
      this.firstMoment[i] = this.beta1 * this.firstMoment[i] + (1 - this.beta1) * gradient[i]
      this.secondMoment[i] = this.beta2 * this.secondMoment[i] + (1 - this.beta2) * gradient[i] ** 2
      const denominator = Math.sqrt(this.secondMoment[i] / correction2) + this.epsilon
      values[i] -= (learningRate * (this.firstMoment[i] / correction1)) / denominator
    }
  }
}
