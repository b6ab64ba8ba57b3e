/** Upright surfaces: everything above the ground is made of them. Column by column, with a depth test, so the order of drawing is free. */
import { toCamera, type Brush, type StreetCamera, type StreetCanvas } from './streetCanvas.js'

/** Gives the brush the colour and class of its point; false leaves the pixel as it was. */
export type PanelPainter = (brush: Brush) => boolean

const nearest = 0.4
const brush: Brush = { along: 0, up: 0, light: 1, red: 0, green: 0, blue: 0, class: 0 }

export interface Panel {
  /** Ground line from (x0, z0) to (x1, z1), metres. */
  x0: number
  z0: number
  x1: number
  z1: number
  bottom: number
  top: number
  paint: PanelPainter
  /** Sets the class alone and leaves colour and depth, for what one sees through. */
  labelOnly?: boolean
}

/** Draws the panel; pixels that something nearer has taken stay. */
export function drawPanel(canvas: StreetCanvas, camera: StreetCamera, panel: Panel): void {
  const start = toCamera(camera, panel.x0, panel.z0)
  const end = toCamera(camera, panel.x1, panel.z1)
  drawInCamera(canvas, camera, start, end, Math.hypot(panel.x1 - panel.x0, panel.z1 - panel.z0), panel)
}

/** A panel that faces the camera, `width` wide around (x, z); `along` runs from 0 at its left edge. */
export function drawBillboard(
  canvas: StreetCanvas,
  camera: StreetCamera,
  at: { x: number; z: number; width: number; bottom: number; top: number; paint: PanelPainter }
): void {
  const { side, ahead } = toCamera(camera, at.x, at.z)
  drawInCamera(canvas, camera, { side: side - at.width / 2, ahead }, { side: side + at.width / 2, ahead }, at.width, at)
}

function drawInCamera(
  canvas: StreetCanvas,
  camera: StreetCamera,
  start: { side: number; ahead: number },
  end: { side: number; ahead: number },
  length: number,
  panel: Pick<Panel, 'bottom' | 'top' | 'paint' | 'labelOnly'>
): void {
  if (start.ahead < nearest && end.ahead < nearest) return
  const { focal, horizon } = camera
  const centre = canvas.width / 2
  const deltaSide = end.side - start.side
  const deltaAhead = end.ahead - start.ahead
  const column = (point: { side: number; ahead: number }): number => centre + (focal * point.side) / point.ahead
  const clipped = (inside: typeof start, outside: typeof start): number => {
    const t = (nearest - inside.ahead) / (outside.ahead - inside.ahead)
    return column({ side: inside.side + t * (outside.side - inside.side), ahead: nearest })
  }
  const u0 = start.ahead >= nearest ? column(start) : clipped(end, start)
  const u1 = end.ahead >= nearest ? column(end) : clipped(start, end)
  const first = Math.max(0, Math.ceil(Math.min(u0, u1) - 0.5))
  const last = Math.min(canvas.width - 1, Math.ceil(Math.max(u0, u1) - 0.5) - 1)
  for (let u = first; u <= last; u++) {
    const ray = (u + 0.5 - centre) / focal
    const t = (ray * start.ahead - start.side) / (deltaSide - ray * deltaAhead)
    const ahead = start.ahead + t * deltaAhead
    if (!(ahead >= nearest * 0.99)) continue
    drawColumn(canvas, u, t * length, ahead, camera.y, focal, horizon, panel)
  }
}

function drawColumn(
  canvas: StreetCanvas,
  u: number,
  along: number,
  ahead: number,
  eye: number,
  focal: number,
  horizon: number,
  panel: Pick<Panel, 'bottom' | 'top' | 'paint' | 'labelOnly'>
): void {
  const { width, colour, classes, depth } = canvas
  const top = Math.max(0, Math.ceil(horizon - (focal * (panel.top - eye)) / ahead - 0.5))
  const bottom = Math.min(canvas.height - 1, Math.ceil(horizon - (focal * (panel.bottom - eye)) / ahead - 0.5) - 1)
  const metresPerPixel = ahead / focal
  for (let v = top; v <= bottom; v++) {
    const pixel = v * width + u
    if (depth[pixel] <= ahead) continue
    brush.along = along
    brush.up = eye - (v + 0.5 - horizon) * metresPerPixel
    if (!panel.paint(brush)) continue
    classes[pixel] = brush.class
    if (panel.labelOnly) continue
    colour[pixel * 3] = brush.red
    colour[pixel * 3 + 1] = brush.green
    colour[pixel * 3 + 2] = brush.blue
    depth[pixel] = ahead
  }
}
