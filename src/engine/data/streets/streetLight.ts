/** Light of a scene under a weather: how bright a surface is by its direction, and the colours of the sky. */
import type { StreetWeather } from '../dataset.js'
import type { Rgb } from './streetCanvas.js'
import type { StreetPlan } from './streetPlan.js'

export interface StreetLight {
  weather: StreetWeather
  sun: { x: number; y: number; z: number }
  /** Share of the light that comes from the sun alone, 0 where none shines. */
  direct: number
  ambient: number
  zenithSky: Rgb
  horizonSky: Rgb
  cloud: Rgb
  cloudAmount: number
}

export function lightOf(plan: StreetPlan, weather: StreetWeather): StreetLight {
  const { sun } = plan
  const base = { weather, sun, cloudAmount: 1 }
  if (weather === 'dusk') {
    return {
      ...base,
      direct: 0,
      ambient: 0.3,
      zenithSky: [0.1, 0.13, 0.26],
      horizonSky: [0.62, 0.36, 0.24],
      cloud: [0.34, 0.24, 0.28],
      cloudAmount: 0.7
    }
  }
  if (weather === 'fog')
    return { ...base, direct: 0, ambient: 0.85, zenithSky: [0.72, 0.74, 0.76], horizonSky: [0.76, 0.77, 0.78], cloud: [0.78, 0.79, 0.8] }
  if (weather === 'rain')
    return { ...base, direct: 0, ambient: 0.62, zenithSky: [0.42, 0.45, 0.5], horizonSky: [0.56, 0.58, 0.61], cloud: [0.4, 0.42, 0.46] }
  if (!sun.shines)
    return { ...base, direct: 0, ambient: 0.85, zenithSky: [0.68, 0.71, 0.76], horizonSky: [0.82, 0.84, 0.86], cloud: [0.7, 0.72, 0.75] }
  return { ...base, direct: 0.62, ambient: 0.5, zenithSky: [0.24, 0.44, 0.78], horizonSky: [0.7, 0.8, 0.9], cloud: [0.95, 0.95, 0.96] }
}

/** Brightness of a sunlit upright surface with the outward normal (x, z). */
export function facing(light: StreetLight, x: number, z: number): number {
  return light.ambient * 0.92 + light.direct * Math.max(0, x * light.sun.x + z * light.sun.z)
}
