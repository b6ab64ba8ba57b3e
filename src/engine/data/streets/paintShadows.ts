/** Shadows that things cast on the ground: flat shapes in the world, darkened where the sun would have reached. */
import { toCamera, type StreetCamera, type StreetCanvas } from './streetCanvas.js'
import type { StreetLight } from './streetLight.js'
import type { StreetPlan } from './streetPlan.js'

type Outline = { x: number; z: number }[]

/** Paints the cast shadows of cars, people, trees and poles, and the dark below cars that is there without sun, too. Ground only: paint before anything upright. */
export function paintShadows(canvas: StreetCanvas, camera: StreetCamera, plan: StreetPlan, light: StreetLight): void {
  for (const car of plan.cars) {
    const low = box(car.x - car.width / 2 - 0.08, car.z - 0.1, car.x + car.width / 2 + 0.08, car.z + car.length + 0.1)
    if (light.direct > 0)
      darken(
        canvas,
        camera,
        hull([...low, ...low.map((point) => cast(light, point, car.height * 0.9))]),
        light.ambient / (light.ambient + light.direct * light.sun.y)
      )
    darken(canvas, camera, low, 0.45, true)
  }
  if (light.direct === 0) return
  const sunless = light.ambient / (light.ambient + light.direct * light.sun.y)
  for (const person of plan.people) darken(canvas, camera, stripe(light, person.x, person.z, 0.4, person.height), sunless)
  for (const pole of plan.poles) darken(canvas, camera, stripe(light, pole.x, pole.z, pole.width, pole.height), sunless)
  for (const tree of plan.trees) {
    darken(canvas, camera, stripe(light, tree.x, tree.z, tree.trunk * 2, tree.height * 0.6), sunless)
    for (const ball of tree.balls) {
      const centre = cast(light, { x: tree.x + ball.along, z: tree.z }, ball.up)
      darken(
        canvas,
        camera,
        Array.from({ length: 10 }, (_, corner) => ({
          x: centre.x + Math.cos((corner * Math.PI) / 5) * ball.radius,
          z: centre.z + Math.sin((corner * Math.PI) / 5) * ball.radius
        })),
        sunless
      )
    }
  }
}

function cast(light: StreetLight, point: { x: number; z: number }, height: number): { x: number; z: number } {
  return { x: point.x - (light.sun.x / light.sun.y) * height, z: point.z - (light.sun.z / light.sun.y) * height }
}

function stripe(light: StreetLight, x: number, z: number, width: number, height: number): Outline {
  const tip = cast(light, { x, z }, height)
  const length = Math.hypot(tip.x - x, tip.z - z) || 1
  const across = { x: ((tip.z - z) / length) * width * 0.5, z: (-(tip.x - x) / length) * width * 0.5 }
  return [
    { x: x - across.x, z: z - across.z },
    { x: x + across.x, z: z + across.z },
    { x: tip.x + across.x, z: tip.z + across.z },
    { x: tip.x - across.x, z: tip.z - across.z }
  ]
}

function box(x0: number, z0: number, x1: number, z1: number): Outline {
  return [
    { x: x0, z: z0 },
    { x: x1, z: z0 },
    { x: x1, z: z1 },
    { x: x0, z: z1 }
  ]
}

/** Convex hull (Andrew's monotone chain). */
function hull(points: Outline): Outline {
  const sorted = [...points].sort((left, right) => left.x - right.x || left.z - right.z)
  const half = (list: Outline): Outline => {
    const chain: Outline = []
    for (const point of list) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop()
      chain.push(point)
    }
    chain.pop()
    return chain
  }
  return [...half(sorted), ...half(sorted.reverse())]
}

function turn(a: Outline[0], b: Outline[0], c: Outline[0]): number {
  return (b.x - a.x) * (c.z - a.z) - (b.z - a.z) * (c.x - a.x)
}

/** Multiplies the light inside a convex outline by `factor`, once a pixel unless `always`. */
function darken(canvas: StreetCanvas, camera: StreetCamera, outline: Outline, factor: number, always = false): void {
  const points = clipNear(outline.map(({ x, z }) => toCamera(camera, x, z)))
  if (points.length < 3) return
  const screen = points.map(({ side, ahead }) => ({
    u: canvas.width / 2 + (camera.focal * side) / ahead,
    v: camera.horizon + (camera.focal * camera.y) / ahead
  }))
  const first = Math.max(0, Math.ceil(Math.min(...screen.map((point) => point.v)) - 0.5))
  const last = Math.min(canvas.height - 1, Math.floor(Math.max(...screen.map((point) => point.v)) - 0.5))
  for (let v = first; v <= last; v++) {
    const crossings = rowCrossings(screen, v + 0.5)
    if (crossings.length < 2) continue
    const from = Math.max(0, Math.ceil(Math.min(...crossings) - 0.5))
    const to = Math.min(canvas.width - 1, Math.floor(Math.max(...crossings) - 0.5))
    for (let pixel = v * canvas.width + from; pixel <= v * canvas.width + to; pixel++) {
      if (canvas.shadow[pixel] && !always) continue
      canvas.shadow[pixel] = 1
      for (let channel = 0; channel < 3; channel++) canvas.colour[pixel * 3 + channel] *= factor
    }
  }
}

function clipNear(points: { side: number; ahead: number }[]): { side: number; ahead: number }[] {
  const near = 0.5
  return points.flatMap((point, index) => {
    const next = points[(index + 1) % points.length]
    const kept = point.ahead >= near ? [point] : []
    if (point.ahead >= near === next.ahead >= near) return kept
    const t = (near - point.ahead) / (next.ahead - point.ahead)
    return [...kept, { side: point.side + t * (next.side - point.side), ahead: near }]
  })
}

function rowCrossings(points: { u: number; v: number }[], row: number): number[] {
  return points.flatMap((point, index) => {
    const next = points[(index + 1) % points.length]
    if (point.v > row === next.v > row) return []
    return [point.u + ((row - point.v) / (next.v - point.v)) * (next.u - point.u)]
  })
}
