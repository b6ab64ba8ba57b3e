/** Colours of charts on light and dark ground: Okabe and Ito's, which colour-blind eyes tell apart too, lighter on dark ground. */
import type { Tone } from './series.js'

export interface ChartColours {
  tones: Record<Tone, string>
  text: string
  faint: string
  grid: string
  ground: string
}

export const lightColours: ChartColours = {
  tones: { blue: '#0072b2', orange: '#d55e00', green: '#00805c', purple: '#a3478a', red: '#b3261e', grey: '#70757a' },
  text: '#24292f',
  faint: '#656d76',
  grid: '#e3e6ea',
  ground: '#ffffff'
}

export const darkColours: ChartColours = {
  tones: { blue: '#56b4e9', orange: '#f0932b', green: '#2fc491', purple: '#dd8fc4', red: '#f2705f', grey: '#9aa4ae' },
  text: '#e2e6ea',
  faint: '#98a2ad',
  grid: '#30363d',
  ground: '#181c21'
}
