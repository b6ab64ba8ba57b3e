/** From the canvas to the sample: weather, exposure and sensor noise, half the size, bytes. */
import type { Sample } from '../dataset.js'
import { grain } from './noise.js'
import type { StreetCamera, StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import type { StreetLight } from './streetLight.js'
import type { StreetPlan } from './streetPlan.js'

/** Averages the colours of four canvas pixels; the mask takes the class that most of the four have, the nearest among equals. */
export function developPicture(
  canvas: StreetCanvas,
  camera: StreetCamera,
  plan: StreetPlan,
  light: StreetLight,
  noisePhase: number
): Sample {
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

/** Light of the horizon in place of the thing's own, by 1 - exp(-density * metres), read from a table of quarter metres. */
function spreadHaze(canvas: StreetCanvas, light: StreetLight, density: number): void {
  const { colour, depth } = canvas
  const [red, green, blue] = light.horizonSky
  const shares = Float32Array.from({ length: 1601 }, (_, quarter) => 1 - Math.exp((-density * quarter) / 4))
  // Without fog the sky, which is infinitely far, keeps its colour.
  shares[1600] = light.weather === 'fog' ? 1 - Math.exp(-density * 60) : 0
  for (let pixel = 0; pixel < depth.length; pixel++) {
    const quarters = depth[pixel] * 4
    const share = shares[quarters < 1599 ? quarters | 0 : 1600]
    const at = pixel * 3
    colour[at] += (red - colour[at]) * share
    colour[at + 1] += (green - colour[at + 1]) * share
    colour[at + 2] += (blue - colour[at + 2]) * share
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
  const red = 255 * gain * (1 + warmth)
  const green = 255 * gain
  const blue = 255 * gain * (1 - warmth)
  const noise = light.weather === 'dusk' ? 16 : 7
  const image = new Uint8ClampedArray(width * height * 3)
  const { colour } = canvas
  const below = canvas.width * 3
  for (let y = 0; y < height; y++) {
    const fromMiddle = (y / height - 0.5) ** 2
    for (let x = 0; x < width; x++) {
      const from = (2 * y * canvas.width + 2 * x) * 3
      const to = (y * width + x) * 3
      const bright = (1 - ((x / width - 0.5) ** 2 + fromMiddle) * 0.35) / 4
      const speckle = noise * (grain(x + noisePhase, y + (noisePhase >> 3)) - 0.5)
      const tint = 0.6 * noise * (grain(x + 85 + noisePhase, y + 40) - 0.5)
      image[to] = (colour[from] + colour[from + 3] + colour[from + below] + colour[from + below + 3]) * red * bright + speckle + tint
      image[to + 1] = (colour[from + 1] + colour[from + 4] + colour[from + below + 1] + colour[from + below + 4]) * green * bright + speckle
      image[to + 2] =
        (colour[from + 2] + colour[from + 5] + colour[from + below + 2] + colour[from + below + 5]) * blue * bright + speckle - tint
    }
  }
  return new Uint8Array(image.buffer)
}

function majority(canvas: StreetCanvas): Uint8Array {
  const { width, classes } = canvas
  const half = width / 2
  const mask = new Uint8Array(classes.length / 4)
  for (let y = 0; y < canvas.height / 2; y++) {
    for (let x = 0; x < half; x++) {
      const corner = 2 * y * width + 2 * x
      const first = classes[corner]
      const agreed = classes[corner + 1] === first && classes[corner + width] === first && classes[corner + width + 1] === first
      mask[y * half + x] = agreed ? first : vote(canvas, corner)
    }
  }
  return mask
}

function vote(canvas: StreetCanvas, corner: number): number {
  const { width, classes, depth } = canvas
  let best = corner
  let bestCount = 0
  for (let candidate = 0; candidate < 4; candidate++) {
    const at = corner + (candidate & 1) + (candidate >> 1) * width
    const id = classes[at]
    const count =
      same(classes[corner], id) + same(classes[corner + 1], id) + same(classes[corner + width], id) + same(classes[corner + width + 1], id)
    if (count < bestCount || (count === bestCount && depth[at] >= depth[best])) continue
    best = at
    bestCount = count
  }
  return classes[best]
}

function same(left: number, right: number): number {
  return left === right ? 1 : 0
}
