/** Lamp posts, sign posts, traffic lights, bollards. Thin on purpose: a network that has lost resolution cannot find them. */
import { drawBillboard } from './drawPanel.js'
import type { Pole } from './planStreetFurniture.js'
import { setBrush, type Brush, type Rgb, type StreetCamera, type StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import type { StreetLight } from './streetLight.js'

export function paintPoles(canvas: StreetCanvas, camera: StreetCamera, poles: Pole[], light: StreetLight): void {
  const full = light.ambient + light.direct * 0.4
  for (const pole of poles) {
    const { x, z, width, height } = pole
    drawBillboard(canvas, camera, {
      x,
      z,
      width,
      bottom: 0,
      top: height,
      paint: (brush) => {
        const { along } = brush
        setBrush(brush, pole.colour, full * (0.6 + 0.6 * Math.sin((along / width) * Math.PI)))
        brush.class = streetIds.pole
        return true
      }
    })
    if (pole.arm !== 0) paintLamp(canvas, camera, pole, full, light)
    if (pole.head.shape !== 'none') paintHead(canvas, camera, pole, full, light)
  }
}

function paintLamp(canvas: StreetCanvas, camera: StreetCamera, pole: Pole, full: number, light: StreetLight): void {
  const reach = Math.abs(pole.arm) + 0.3
  const sign = Math.sign(pole.arm)
  drawBillboard(canvas, camera, {
    x: pole.x + (sign * reach) / 2,
    z: pole.z,
    width: reach,
    bottom: pole.height - 0.2,
    top: pole.height,
    paint: (brush) => {
      const { along, up } = brush
      const out = sign > 0 ? along : reach - along
      if (out < reach - 0.45 && up < pole.height - 0.1) return false
      const glows = light.weather === 'dusk' && out > reach - 0.45 && up < pole.height - 0.08
      setBrush(brush, glows ? [1.6, 1.3, 0.8] : pole.colour, glows ? 1 : full * 0.9)
      brush.class = streetIds.pole
      return true
    }
  })
}

function paintHead(canvas: StreetCanvas, camera: StreetCamera, pole: Pole, full: number, light: StreetLight): void {
  const { head } = pole
  const width = head.shape === 'light' ? 0.36 : head.shape === 'board' ? head.size * 0.75 : head.size
  const tall = head.size
  const bottom = pole.height - tall
  drawBillboard(canvas, camera, {
    x: pole.x,
    z: pole.z - 0.08,
    width,
    bottom,
    top: pole.height,
    paint: (brush) => {
      const { along, up } = brush
      const s = (along / width) * 2 - 1
      const t = ((up - bottom) / tall) * 2 - 1
      if (!paintSign(brush, head, s, t, full, light)) return false
      brush.class = streetIds.sign
      return true
    }
  })
}

/** s and t run over the plate, -1..1. */
function paintSign(brush: Brush, head: Pole['head'], s: number, t: number, full: number, light: StreetLight): boolean {
  if (head.shape === 'light') return paintTrafficLight(brush, head, s, t, full)
  const edge =
    head.shape === 'disc'
      ? s * s + t * t
      : head.shape === 'diamond'
        ? (Math.abs(s) + Math.abs(t)) ** 2
        : head.shape === 'triangle'
          ? triangle(s, t)
          : Math.max(Math.abs(s), Math.abs(t)) ** 2
  if (edge > 1) return false
  const plate: Rgb = edge > 0.52 ? head.colour : head.symbol
  const symbol = edge < 0.4 && Math.abs(s) < 0.14 && Math.abs(t) < 0.42
  setBrush(brush, symbol ? [0.1, 0.1, 0.12] : plate, light.weather === 'dusk' ? full * 1.5 : full * 1.05)
  return true
}

function triangle(s: number, t: number): number {
  return Math.max(-t, (Math.abs(s) * 1.8 + t + 0.2) / 1.2) ** 2 * (t < -1 ? 2 : 1)
}

function paintTrafficLight(brush: Brush, head: Pole['head'], s: number, t: number, full: number): boolean {
  const lamp = Math.min(2, Math.floor((1 - t) * 1.5))
  const inside = s * s * 0.5 + ((1 - t) * 1.5 - lamp - 0.5) ** 2 * 3.4 < 0.4
  const colours: readonly Rgb[] = [
    [1.1, 0.12, 0.1],
    [1.1, 0.75, 0.1],
    [0.1, 0.95, 0.4]
  ]
  if (inside && lamp === head.lit) setBrush(brush, colours[lamp], 1)
  else setBrush(brush, inside ? [0.12, 0.12, 0.12] : head.colour, full)
  return true
}
