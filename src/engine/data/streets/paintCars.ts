/** Cars from upright panels: both sides with the outline of the body, and the end that looks at the camera. */
import { drawPanel } from './drawPanel.js'
import type { Car } from './planTraffic.js'
import { setBrush, type Brush, type Rgb, type StreetCamera, type StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import { facing, type StreetLight } from './streetLight.js'

const tyre: Rgb = [0.05, 0.05, 0.05]
const glass: Rgb = [0.13, 0.16, 0.19]

export function paintCars(canvas: StreetCanvas, camera: StreetCamera, cars: Car[], light: StreetLight): void {
  for (const car of cars) {
    const { x, z, width, length, height } = car
    const towards = x > camera.x ? -1 : 1
    for (const side of [towards, -towards]) {
      const lit = facing(light, side, 0) * (side === towards ? 1 : 0.4)
      const px = x + (side * width) / 2
      drawPanel(canvas, camera, {
        x0: px,
        z0: z,
        x1: px,
        z1: z + length,
        bottom: 0,
        top: height,
        paint: (brush) => paintSide(brush, car, lit)
      })
    }
    const lit = facing(light, 0, -1)
    drawPanel(canvas, camera, {
      x0: x - width / 2,
      z0: z,
      x1: x + width / 2,
      z1: z,
      bottom: 0.12,
      top: height,
      paint: (brush) => paintEnd(brush, car, lit, light)
    })
    if (car.kind !== 'van') paintCabin(canvas, camera, car, lit)
  }
}

/** The sloping window behind bonnet or boot, as an upright panel a little inside. */
function paintCabin(canvas: StreetCanvas, camera: StreetCamera, car: Car, lit: number): void {
  const set = cabin(car).from * car.length + 0.25
  const waist = car.height * 0.62
  const inset = 0.12
  drawPanel(canvas, camera, {
    x0: car.x - car.width / 2 + inset,
    z0: car.z + set,
    x1: car.x + car.width / 2 - inset,
    z1: car.z + set,
    bottom: waist - 0.2,
    top: car.height,
    paint: (brush) => {
      const { along, up } = brush
      const across = Math.abs(along / (car.width - 2 * inset) - 0.5) * 2
      const narrow = 1 - 0.14 * Math.max(0, (up - waist) / (car.height - waist))
      if (across > narrow) return false
      setBrush(brush, up > car.height - 0.08 || across > narrow - 0.08 || up < waist ? car.colour : glass, lit * (up < waist ? 0.9 : 1.1))
      brush.class = streetIds.car
      return true
    }
  })
}

/** Where cabin and roof begin and end, as shares of the length from the near end. */
function cabin(car: Car): { from: number; roof: number; roofEnd: number; to: number } {
  if (car.kind === 'van') return { from: 0, roof: 0.02, roofEnd: 0.98, to: 1 }
  const rear = car.kind === 'hatch' ? { start: 0.0, roof: 0.12 } : { start: 0.12, roof: 0.28 }
  return car.away
    ? { from: rear.start, roof: rear.roof, roofEnd: 0.58, to: 0.74 }
    : { from: 0.26, roof: 0.42, roofEnd: 1 - rear.roof, to: 1 - rear.start }
}

function paintSide(brush: Brush, car: Car, lit: number): boolean {
  const { along, up } = brush
  brush.class = streetIds.car
  const share = along / car.length
  const fromHub = Math.abs(Math.abs(along - car.length * 0.5) - car.length * 0.3)
  const wheel = up < 0.75 ? Math.sqrt(fromHub * fromHub + (up - 0.32) * (up - 0.32)) : 1
  if (wheel < 0.32) {
    setBrush(brush, wheel < 0.17 ? [0.45, 0.45, 0.47] : tyre, lit)
    return true
  }
  if (up < 0.2) return false
  const waist = car.height * (car.kind === 'van' ? 0.5 : 0.62)
  const body = cabin(car)
  if (up <= waist) {
    if (up > waist - 0.4 * Math.max(0, share - body.to, body.from - share)) return false
    setBrush(brush, wheel < 0.38 ? tyre : car.colour, lit * (0.8 + 0.35 * (up / waist)) * (Math.abs(up - waist * 0.6) < 0.02 ? 0.8 : 1))
    return true
  }
  const rise = (up - waist) / (car.height - waist)
  const from = body.from + (body.roof - body.from) * rise
  const to = body.to + (body.roofEnd - body.to) * rise
  if (share < from || share > to) return false
  const pillar = share < from + 0.03 || share > to - 0.03 || Math.abs(share - 0.5) < 0.015 || rise > 0.86
  const windowed = car.kind !== 'van' || (car.away ? share > 0.68 : share < 0.32)
  setBrush(brush, pillar || !windowed ? car.colour : glass, lit * (pillar ? 1.05 : 1))
  return true
}

function paintEnd(brush: Brush, car: Car, lit: number, light: StreetLight): boolean {
  const { along, up } = brush
  brush.class = streetIds.car
  const across = Math.abs(along / car.width - 0.5) * 2
  const waist = car.height * (car.kind === 'van' ? 0.5 : 0.62)
  const high = car.kind === 'van' || (car.kind === 'hatch' && car.away)
  if (!high && up > waist) return false
  if (up > waist && across > 1 - 0.2 * ((up - waist) / (car.height - waist))) return false
  if (up < 0.28 && across < 0.66) return false
  if (up < 0.28) setBrush(brush, tyre, lit)
  else if (up > waist && up < car.height - 0.12 && across < 0.8) setBrush(brush, glass, lit)
  else if (up > waist * 0.62 && up < waist * 0.82 && across > 0.7) paintLamp(brush, car, light, lit)
  else if (Math.abs(up - waist * 0.5) < 0.06 && across < 0.3) setBrush(brush, [0.85, 0.85, 0.75], lit)
  else setBrush(brush, car.colour, lit * (up < 0.42 ? 0.55 : 0.95))
  return true
}

function paintLamp(brush: Brush, car: Car, light: StreetLight, lit: number): void {
  const glows = light.weather !== 'clear'
  if (car.away) setBrush(brush, [glows ? 1.1 : 0.55, 0.06, 0.05], glows ? 1 : lit)
  else setBrush(brush, [1, 0.97, 0.85], glows ? 1.5 : lit)
}
