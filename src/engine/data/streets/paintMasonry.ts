/** Brick, plaster, concrete and ivy, for houses and garden walls alike. */
import { cloud, grain } from './noise.js'
import type { Masonry } from './planBuildings.js'
import { repeat } from './repeat.js'
import { setBrush, type Brush } from './streetCanvas.js'

/** Colours the brush for a point of a wall, the brush's light included; the class stays as it is. */
export function paintMasonry(brush: Brush, masonry: Masonry): void {
  const { along, up, light } = brush
  const stain = 1 + 0.28 * (cloud(along * 5 + masonry.phase, up * 5 + 90) - 0.5)
  setBrush(brush, masonry.colour, light * stain * relief(brush, masonry))
}

function relief({ along, up }: Brush, masonry: Masonry): number {
  if (masonry.pattern === 'ivy')
    return 0.75 + 0.9 * (cloud(along * 22 + masonry.phase, up * 22) - 0.4) + 0.3 * (grain(along * 9, up * 9 + masonry.phase) - 0.5)
  if (masonry.pattern === 'concrete')
    return repeat(along, 2.4) < 0.05 || repeat(up, 1.2) < 0.04 ? 0.75 : 1 + 0.08 * (grain(along * 12, up * 12) - 0.5)
  if (masonry.pattern === 'plaster') return 1 + 0.06 * (grain(along * 16, up * 16) - 0.5)
  const row = Math.floor(up / 0.12)
  const shift = along / 0.3 + (row & 1) * 0.5
  const column = Math.floor(shift)
  return up / 0.12 - row < 0.16 || shift - column < 0.07 ? 1.16 : 0.82 + 0.34 * grain(column + masonry.phase, row)
}
