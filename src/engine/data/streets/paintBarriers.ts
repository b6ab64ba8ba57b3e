/** Garden walls, fences that one sees through, hedges. */
import { drawPanel } from './drawPanel.js'
import { cloud, grain } from './noise.js'
import { paintMasonry } from './paintMasonry.js'
import type { Barrier } from './planBarriers.js'
import { repeat } from './repeat.js'
import { setBrush, type Brush, type StreetCamera, type StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import { facing, type StreetLight } from './streetLight.js'

export function paintBarriers(canvas: StreetCanvas, camera: StreetCamera, barriers: Barrier[], light: StreetLight): void {
  for (const barrier of barriers) {
    const lit = facing(light, -Math.sign(barrier.x0 - camera.x), 0)
    const { x0, z0, x1, z1, height } = barrier
    if (barrier.kind === 'fence') continue
    drawPanel(canvas, camera, {
      x0,
      z0,
      x1,
      z1,
      bottom: 0,
      top: height + (barrier.kind === 'hedge' ? 0.12 : 0),
      paint: (brush) => {
        const { along, up } = brush
        if (barrier.kind === 'wall') {
          brush.light = lit * (up > height - 0.1 ? 1.15 : 1)
          paintMasonry(brush, barrier.masonry)
          brush.class = streetIds.wall
          return true
        }
        if (up > height + 0.24 * (cloud(along * 30, barrier.masonry.phase) - 0.5)) return false
        setBrush(brush, [0.2, 0.34, 0.12], lit * (0.55 + 0.8 * cloud(along * 26, up * 26) + 0.3 * (grain(along * 14, up * 14) - 0.5)))
        brush.class = streetIds.vegetation
        return true
      }
    })
  }
}

/**
 * Fences come last: between the bars the picture keeps what is behind, while the mask says fence, as annotators of Cityscapes do.
 */
export function paintFences(canvas: StreetCanvas, camera: StreetCamera, barriers: Barrier[], light: StreetLight): void {
  const fences = barriers.filter((barrier) => barrier.kind === 'fence').sort((left, right) => right.z0 - left.z0)
  for (const { x0, z0, x1, z1, height, spacing, bar, colour } of fences) {
    const lit = facing(light, -Math.sign(x0 - camera.x), 0)
    drawPanel(canvas, camera, {
      x0,
      z0,
      x1,
      z1,
      bottom: 0.04,
      top: height,
      paint: (brush) => {
        const { along, up } = brush
        const rail = Math.abs(up - height + 0.06) < 0.05 || Math.abs(up - 0.16) < 0.05
        if (!rail && repeat(along, spacing) > bar && repeat(along, 2.5) > 0.09) return false
        setBrush(brush, colour, lit * (rail ? 0.9 : 1))
        brush.class = streetIds.fence
        return true
      }
    })
    drawPanel(canvas, camera, { x0, z0, x1, z1, bottom: 0.04, top: height, labelOnly: true, paint: labelFence })
  }
}

function labelFence(brush: Brush): boolean {
  brush.class = streetIds.fence
  return true
}
