/** The sky fills the whole canvas first: gradient, clouds, the glow around the sun. */
import { cloud } from './noise.js'
import type { StreetCamera, StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import type { StreetLight } from './streetLight.js'

export function paintSky(canvas: StreetCanvas, camera: StreetCamera, light: StreetLight, clouds: { cover: number; offset: number }): void {
  const { width, height, colour, classes } = canvas
  classes.fill(streetIds.sky)
  // Two canvas pixels at a time each way: a sky has no edges.
  for (let v = 0; v < height; v += 2) {
    if (v > camera.horizon + 2) break
    const up = Math.max(0.02, (camera.horizon - v) / camera.focal)
    const rise = Math.min(1, up * 1.6)
    for (let u = 0; u < width; u += 2) {
      const across = (u - width / 2) / camera.focal
      const billow = cloud(clouds.offset + (across / (up + 0.25)) * 60 + 128, (20 / (up + 0.25)) * 2 + clouds.offset)
      const veil = Math.min(1, Math.max(0, (billow - 0.95 + clouds.cover * 0.75) * 3)) * light.cloudAmount
      const shine = 0.75 + 0.3 * billow
      for (let channel = 0; channel < 3; channel++) {
        const clear = light.horizonSky[channel] + (light.zenithSky[channel] - light.horizonSky[channel]) * rise
        const value = clear + (light.cloud[channel] * shine - clear) * veil
        const pixel = (v * width + u) * 3 + channel
        colour[pixel] = value
        colour[pixel + 3] = value
        colour[pixel + width * 3] = value
        colour[pixel + width * 3 + 3] = value
      }
    }
  }
}
