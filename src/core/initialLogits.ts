import type { ArchitectureLogits, SearchSpace } from '../shared/architecture.js'
import { logitShapes } from './lattice.js'

/** Where a search starts: every logit 1e-3, no noise (published code). The teacher's widths are not searched: one column. */
export function initialLogits(space: SearchSpace, whose: 'student' | 'teacher'): ArchitectureLogits {
  const shapes = logitShapes(space.layers, whose === 'student' ? space.widths.length : 1)
  const fill = (tables: [number, number][]) => tables.map(([rows, columns]) => (
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => 1e-3))
  ))
  return { alpha: fill(shapes.alpha), beta: fill(shapes.beta), gamma: fill(shapes.gamma) }
}
