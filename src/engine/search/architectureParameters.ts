/**
 * alpha, beta and gamma of one architecture as raw logits in plain numbers. They are a few hundred, the latency model works on plain
 * numbers, and so does Adam; tensors of their probabilities are made for a pass and thrown away after it.
 */
import { logitShapes } from '../../core/lattice.js'
import type { ArchitectureLogits, SearchSpace } from '../../shared/architecture.js'

/** The published start: every logit 1e-3, no noise. */
const initialLogit = 1e-3

/** Shapes of the tables in their fixed order: alpha 0..2, beta 0..1, gamma 0..2. */
export function tableShapes({ layers }: SearchSpace, widthCount: number): [number, number][] {
  const { alpha, beta, gamma } = logitShapes(layers, widthCount)
  return [...alpha, ...beta, ...gamma]
}

export class ArchitectureParameters {
  /** All tables one after the other, row-major, float32. */
  readonly values: Float32Array
  private readonly shapes: [number, number][]

  /** `widthCount` is 1 for the teacher, whose widths are not searched. */
  constructor(space: SearchSpace, widthCount: number) {
    this.shapes = tableShapes(space, widthCount)
    const size = this.shapes.reduce((sum, [rows, columns]) => sum + rows * columns, 0)
    this.values = new Float32Array(size).fill(initialLogit)
  }

  logits(): ArchitectureLogits {
    return this.unflatten(this.values)
  }

  /** Any vector of this layout as tables. */
  unflatten(values: ArrayLike<number>): ArchitectureLogits {
    let offset = 0
    const tables = this.shapes.map(([rows, columns]) =>
      Array.from({ length: rows }, () => Array.from({ length: columns }, () => values[offset++]))
    )
    return { alpha: tables.slice(0, 3), beta: tables.slice(3, 5), gamma: tables.slice(5, 8) }
  }

  /** Tables of this layout as one vector. */
  flatten(tables: ArchitectureLogits): Float64Array {
    return Float64Array.from([...tables.alpha, ...tables.beta, ...tables.gamma].flat(2))
  }
}
