import { call } from './native.js'
import { sumOf } from './sumOf.js'
import { tf } from './tf.js'

export interface SgdMomentumOptions {
  momentum: number
  /** Added to the gradient as weightDecay * weight, before the momentum. */
  weightDecay: number
}

/** Stochastic gradient descent with momentum as PyTorch's SGD: v = momentum * v + g + weightDecay * w; w = w - learningRate * v. */
export class SgdMomentum {
  /** Velocity by variable name, for checkpoints. A variable that never had a gradient has none. */
  readonly velocities = new Map<string, tf.Tensor>()
  private readonly momentum: tf.Scalar
  private readonly weightDecay: tf.Scalar | undefined

  constructor({ momentum, weightDecay }: SgdMomentumOptions) {
    this.momentum = tf.keep(tf.scalar(momentum))
    this.weightDecay = weightDecay === 0 ? undefined : tf.keep(tf.scalar(weightDecay))
  }

  /** One step. Variables without a gradient, and their velocities, stay untouched. Does not dispose the gradients. */
  apply(variables: Map<string, tf.Variable>, gradients: Map<string, tf.Tensor>, learningRate: number): void {
    this.move(variables, gradients, learningRate, (name, velocity) => {
      this.velocities.get(name)?.dispose()
      this.velocities.set(name, tf.keep(velocity))
    })
  }

  /** Moves the variables as `apply` does, but keeps no velocity: a step that is to be undone. */
  lookAhead(variables: Map<string, tf.Variable>, gradients: Map<string, tf.Tensor>, learningRate: number): void {
    this.move(variables, gradients, learningRate, (_, velocity) => { velocity.dispose() })
  }

  /** Takes velocities from a checkpoint over; the tensors belong to the optimizer from now on. */
  restore(velocities: Map<string, tf.Tensor>): void {
    this.dropVelocities()
    for (const [name, velocity] of velocities) this.velocities.set(name, tf.keep(velocity))
  }

  dispose(): void {
    this.dropVelocities()
    this.momentum.dispose()
    this.weightDecay?.dispose()
  }

  private move(
    variables: Map<string, tf.Variable>, gradients: Map<string, tf.Tensor>, learningRate: number, takeOver: (name: string, velocity: tf.Tensor) => void
  ): void {
    const rate = tf.scalar(learningRate)
    for (const [name, gradient] of gradients) {
      const variable = variables.get(name)
      if (variable === undefined) throw new Error(`There is a gradient for "${name}", but no variable of that name.`)
      const velocity = this.nextVelocity(name, variable, gradient)
      const change = call('Mul', [velocity, rate])
      const next = call('Sub', [variable, change])
      variable.assign(next)
      tf.dispose([change, next])
      takeOver(name, velocity)
    }
    rate.dispose()
  }

  private nextVelocity(name: string, variable: tf.Variable, gradient: tf.Tensor): tf.Tensor {
    const previous = this.velocities.get(name)
    const terms: tf.Tensor[] = []
    if (previous !== undefined) terms.push(call('Mul', [previous, this.momentum]))
    if (this.weightDecay !== undefined) terms.push(call('Mul', [variable, this.weightDecay]))
    const velocity = terms.length === 0 ? call('Identity', [gradient]) : sumOf([...terms, gradient])
    tf.dispose(terms)
    return velocity
  }

  private dropVelocities(): void {
    tf.dispose([...this.velocities.values()])
    this.velocities.clear()
  }
}
