/**
 * The weights of a network by name, as TensorFlow variables. Names are those of NetworkGraph and of the supernet's layout, so that a
 * store, a checkpoint and an export speak of the same thing.
 */
import type { Weight } from '../graph/weights.js'
import { tf } from '../tensor/tf.js'

/** Distinguishes the stores of one process: TensorFlow.js wants every variable's name to be unique. */
let storesMade = 0

export class WeightStore {
  readonly variables = new Map<string, ReturnType<typeof tf.variable>>()
  private readonly prefix = `store${++storesMade}/`
  /** Where the weights lie, once they lie in memory of somebody else. */
  private readonly homes = new Map<string, Float32Array>()

  constructor(weights: Iterable<[string, Weight]>) {
    for (const [name, weight] of weights) {
      const initial = tf.tensor(weight.data, weight.shape, 'float32')
      this.variables.set(name, tf.variable(initial, true, this.prefix + name))
      initial.dispose()
    }
  }

  /** The variable `name`. Throws if the network has no such weight: that is a bug, never a user's mistake. */
  get(name: string): ReturnType<typeof tf.variable> {
    const variable = this.variables.get(name)
    if (!variable) throw new Error(`no weight named ${name}`)
    return variable
  }

  /**
   * Moves every weight into memory of the caller, which must be such as tensors share (see sharedFloats): whoever writes there moves the
   * weight, and other threads may have stores over the same memory.
   */
  moveInto(homeOf: (name: string) => Float32Array): void {
    for (const [name, variable] of this.variables) {
      const home = homeOf(name)
      home.set(variable.dataSync<'float32'>())
      const tensor = tf.tensor(home, variable.shape, 'float32')
      variable.assign(tensor)
      tensor.dispose()
      this.homes.set(name, home)
    }
  }

  /** Copies every weight out, for a checkpoint or an export. */
  read(): Map<string, Weight> {
    const weights = new Map<string, Weight>()
    for (const [name, variable] of this.variables) {
      weights.set(name, { shape: [...variable.shape], data: this.homes.get(name)?.slice() ?? variable.dataSync<'float32'>() })
    }
    return weights
  }

  /** Replaces every weight. The names and shapes must be exactly this store's. */
  write(weights: { get(name: string): Weight | undefined }): void {
    for (const [name, variable] of this.variables) {
      const weight = weights.get(name)
      if (!weight || weight.shape.join() !== variable.shape.join()) {
        throw new Error(`weight ${name}: expected shape [${variable.shape.join(', ')}], found ${weight ? `[${weight.shape.join(', ')}]` : 'none'}`)
      }
      const home = this.homes.get(name)
      if (home) home.set(weight.data)
      else {
        const value = tf.tensor(weight.data, weight.shape, 'float32')
        variable.assign(value)
        value.dispose()
      }
    }
  }

  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose()
    this.variables.clear()
  }
}
