/** What a chart draws; plain data, so that the code which reads journals knows nothing of charts. */
export type Tone = 'blue' | 'orange' | 'green' | 'purple' | 'red' | 'grey'

export interface Series {
  name: string
  /** x, y */
  points: [number, number][]
  tone: Tone
  dashed?: boolean
  /** Draws the points as a shadow and their running mean in front. */
  smoothed?: boolean
  /** What the shadow shows, where the points are already means. */
  shadow?: [number, number][]
  /** Draws every point as a dot, for few points. */
  dots?: boolean
}

export type ValueKind = 'number' | 'percent' | 'ms'

/** Ends of an axis and the distance of its marks. */
export interface AxisRange {
  min: number
  max: number
  interval: number
}

/** A horizontal line with a name, such as the target latency. */
export interface Level {
  name: string
  value: number
}
