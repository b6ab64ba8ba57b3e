import type { PowerLaw } from './fitPowerLaw.js'

export interface Point {
  /** What the curve runs over: layers, base width, pixels of a crop, images. */
  x: number
  label: string
  /** Of a search step, which is an architecture step and a weight step; median and range. */
  seconds: number
  range: [number, number]
  /** Of the engine's process, both workers in it. */
  peakMiB: number
}

export interface Curve {
  name: string
  points: Point[]
  secondsLaw: PowerLaw
  peakMiBLaw: PowerLaw
}
