/** From the canvas to the sample: weather, exposure and sensor noise, half the size, bytes. */
import type { Sample } from '../dataset.js'
import { grain } from './noise.js'
import type { StreetCamera, StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import type { StreetLight } from './streetLight.js'
import type { StreetPlan } from './streetPlan.js'

/** Averages the colours of four canvas pixels; the mask takes the class that most of the four have, the nearest among equals. */
export function developPicture(canvas: StreetCanvas, camera: StreetCamera, plan: StreetPlan, light: StreetLight, noisePhase: number): Sample {
  if (light.weather === 'rain') wetGround(canvas, camera)
  spreadHaze(canvas, light, light.weather === 'fog' ? 0.035 : light.weather === 'rain' ? 0.008 : plan.exposure.haze)
  if (light.weather === 'rain') drawRain(canvas, noisePhase)
  const height = canvas.height / 2
  const width = canvas.width / 2
  return { height, width, image: developColours(canvas, plan, light, noisePhase), mask: majority(canvas) }
}

/** Wet asphalt mirrors what stands above the horizon. */
function wetGround(canvas: StreetCanvas, camera: StreetCamera): void {
  const { width, height, colour, classes } = canvas
  for (let v = Math.ceil(camera.horizon); v < height; v++) {
    const mirrored = Math.max(0, Math.floor(2 * camera.horizon - v))
    for (let u = 0; u < width; u++) {
      const pixel = v * width + u
      if (classes[pixel] !== streetIds.road && classes[pixel] !== streetIds.sidewalk) continue
      const share = classes[pixel] === streetIds.road ? 0.34 : 0.2
      const from = (mirrored * width + Math.min(width - 1, Math.max(0, u + Math.round(3 * (grain(u, v) - 0.5))))) * 3
      for (let channel = 0; channel < 3; channel++) {
        const value = colour[pixel * 3 + channel]
        colour[pixel * 3 + channel] = value * 0.75 * (1 - share) + colour[from + channel] * share
      }
    }
  }
}

function spreadHaze(canvas: StreetCanvas, light: StreetLight, density: number): void {
  const { colour, depth, classes } = canvas
  const fog = light.weather === 'fog'
  for (let pixel = 0; pixel < depth.length; pixel++) {
    if (classes[pixel] === streetIds.sky && !fog) continue
    const share = 1 - Math.exp(-density * Math.min(depth[pixel], 1000))
    for (let channel = 0; channel < 3; channel++) colour[pixel * 3 + channel] += (light.horizonSky[channel] - colour[pixel * 3 + channel]) * share
  }
}

function drawRain(canvas: StreetCanvas, phase: number): void {
  const { width, height, colour } = canvas
  const drops = Math.round((width * height) / 420)
  for (let drop = 0; drop < drops; drop++) {
    const length = Math.round(height * (0.015 + 0.04 * grain(drop, phase)))
    const column = Math.floor(grain(drop, phase + 77) * width + grain(drop >> 8, phase) * 131) % width
    const row = Math.floor(grain(drop + 31, phase + 145) * height + grain(drop >> 8, phase + 9) * 97) % height
    const strength = 0.1 + 0.2 * grain(drop, phase + 200)
    for (let step = 0; step < length && row + step < height; step++) {
      const pixel = ((row + step) * width + Math.min(width - 1, column + (step >> 3))) * 3
      for (let channel = 0; channel < 3; channel++) colour[pixel + channel] += (0.8 - colour[pixel + channel]) * strength
    }
  }
}

function developColours(canvas: StreetCanvas, plan: StreetPlan, light: StreetLight, noisePhase: number): Uint8Array {
  const width = canvas.width / 2
  const height = canvas.height / 2
  const { gain, warmth } = plan.exposure
  const balance = [255 * gain * (1 + warmth), 255 * gain, 255 * gain * (1 - warmth)]
  const noise = light.weather === 'dusk' ? 16 : 7
  const image = new Uint8Array(width * height * 3)
  const row = canvas.width * 3
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const corner = (2 * y * canvas.width + 2 * x) * 3
      const edge = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 0.35
      const speckle = noise * (grain(x + noisePhase, y + (noisePhase >> 3)) - 0.5)
      for (let channel = 0; channel < 3; channel++) {
        const at = corner + channel
        const mean = (canvas.colour[at] + canvas.colour[at + 3] + canvas.colour[at + row] + canvas.colour[at + row + 3]) / 4
        const value = mean * balance[channel] * (1 - edge) + speckle + 0.4 * noise * (grain(x + channel * 85 + noisePhase, y + 40) - 0.5)
        image[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, value))
      }
    }
  }
  return image
}

function majority(canvas: StreetCanvas): Uint8Array {
  const { width, classes, depth } = canvas
  const mask = new Uint8Array(classes.length / 4)
  const half = width / 2
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const corner = Math.floor(pixel / half) * 2 * width + (pixel % half) * 2
    const four = [corner, corner + 1, corner + width, corner + width + 1]
    const first = classes[corner]
    mask[pixel] = four.every((at) => classes[at] === first) ? first : vote(four, classes, depth)
  }
  return mask
}

function vote(four: number[], classes: Uint8Array, depth: Float32Array): number {
  let best = four[0]
  let bestCount = 0
  for (const candidate of four) {
    const count = four.filter((at) => classes[at] === classes[candidate]).length
    if (count > bestCount || (count === bestCount && depth[candidate] < depth[best])) {
      best = candidate
      bestCount = count
    }
  }
  return classes[best]
}
