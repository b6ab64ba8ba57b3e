import type { SearchSpace } from '../../shared/architecture.js'

/** Width of the teacher's stem, heads and maps, in twelfths. */
export const teacherWidth = 12

/** Widths of stems and heads that a space has, in twelfths: the student's, and the teacher's if it differs. */
export function stemWidths(space: SearchSpace): number[] {
  return [...new Set([space.studentStemWidth, teacherWidth])]
}
