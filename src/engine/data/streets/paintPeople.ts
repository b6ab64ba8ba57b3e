/** People: a head, a trunk, two arms and two legs, drawn as capsules. */
import { drawBillboard } from './drawPanel.js'
import type { Person } from './planTraffic.js'
import { setBrush, type Brush, type Rgb, type StreetCamera, type StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import type { StreetLight } from './streetLight.js'

interface Capsule {
  x0: number
  y0: number
  x1: number
  y1: number
  radius: number
  colour: Rgb
}

export function paintPeople(canvas: StreetCanvas, camera: StreetCamera, people: Person[], light: StreetLight): void {
  const full = light.ambient + light.direct * 0.5
  for (const person of people) {
    const body = capsulesOf(person)
    const width = 0.62 * person.height
    drawBillboard(canvas, camera, {
      x: person.x,
      z: person.z,
      width,
      bottom: 0,
      top: person.height,
      paint: (brush) => {
        const { along } = brush
        const hit = body.find((capsule) => covers(capsule, brush, width / 2))
        if (!hit) return false
        setBrush(brush, hit.colour, full * (0.8 + 0.5 * (along / width)))
        brush.class = streetIds.person
        return true
      }
    })
  }
}

/** Nearest part first, metres; sizes follow the height. */
function capsulesOf({ height: h, stride, hair, skin, top, legs, bag }: Person): Capsule[] {
  const step = stride * 0.13 * h
  const shoulder = h * 0.8
  const hip = h * 0.5
  return [
    { x0: 0, y0: h * 0.965, x1: 0, y1: h * 0.955, radius: h * 0.05, colour: hair },
    { x0: 0, y0: h * 0.93, x1: 0, y1: h * 0.89, radius: h * 0.055, colour: skin },
    ...(bag ? [{ x0: -0.12 * h, y0: h * 0.52, x1: -0.12 * h, y1: h * 0.45, radius: h * 0.05, colour: [0.2, 0.14, 0.1] as Rgb }] : []),
    { x0: -0.1 * h, y0: shoulder, x1: -0.12 * h - step * 0.6, y1: h * 0.5, radius: h * 0.033, colour: top },
    { x0: 0.1 * h, y0: shoulder, x1: 0.12 * h + step * 0.6, y1: h * 0.5, radius: h * 0.033, colour: top },
    { x0: 0, y0: shoulder - 0.03 * h, x1: 0, y1: hip + 0.04 * h, radius: h * 0.095, colour: top },
    { x0: -0.04 * h, y0: hip, x1: -0.04 * h - step, y1: h * 0.035, radius: h * 0.048, colour: legs },
    { x0: 0.04 * h, y0: hip, x1: 0.04 * h + step, y1: h * 0.035, radius: h * 0.048, colour: legs }
  ]
}

/** Whether the brush's point lies within the capsule; x counts from the middle of the panel. */
function covers({ x0, y0, x1, y1, radius }: Capsule, brush: Brush, middle: number): boolean {
  const x = brush.along - middle - x0
  const y = brush.up - y0
  const dx = x1 - x0
  const dy = y1 - y0
  const t = Math.max(0, Math.min(1, (x * dx + y * dy) / (dx * dx + dy * dy)))
  return (x - t * dx) ** 2 + (y - t * dy) ** 2 < radius * radius
}
