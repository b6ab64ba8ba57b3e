/**
 * An architecture as the authors' search leaves it: the raw arrays, and what it takes to read them. Laid out as `ArchitectureLogits`, with
 * the authors' word `ratio` for gamma. It is what a JSON file of raw arrays holds.
 */
export interface RawArchitecture {
  layers: number
  /** Channels of a full-width map are scale * baseWidth. */
  baseWidth: number
  /** Candidate widths in twelfths, ascending: one for each column of ratio. */
  widths: number[]
  /** For 1/8, 1/16, 1/32. */
  alpha: number[][][]
  /** For 1/16, 1/32. */
  beta: number[][][]
  /** For 1/8, 1/16, 1/32. With a single column (the teacher's) there is nothing to choose. */
  ratio: number[][][]
  /** Replace every skip by the next best operator, as the teacher does. */
  forbidSkip: boolean
  /** Stem and head width in twelfths. */
  stemWidth: number
  classes: number
}
