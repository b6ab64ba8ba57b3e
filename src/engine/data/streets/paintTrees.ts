/** Trees: a trunk and balls of leaves with ragged edges; the trunk counts as vegetation. */
import { drawBillboard } from './drawPanel.js'
import { cloud, grain } from './noise.js'
import type { Tree } from './planStreetFurniture.js'
import { setBrush, type StreetCamera, type StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import type { StreetLight } from './streetLight.js'

export function paintTrees(canvas: StreetCanvas, camera: StreetCamera, trees: Tree[], light: StreetLight): void {
  const full = light.ambient + light.direct * 0.7
  for (const tree of trees) {
    drawBillboard(canvas, camera, {
      x: tree.x,
      z: tree.z,
      width: tree.trunk * 2,
      bottom: 0,
      top: tree.height * 0.7,
      paint: (brush) => {
        const { along, up } = brush
        setBrush(
          brush,
          [0.3, 0.24, 0.19],
          full * (0.55 + 0.5 * Math.sin((along / (tree.trunk * 2)) * Math.PI)) * (0.8 + 0.4 * grain(along * 20, up * 6))
        )
        brush.class = streetIds.vegetation
        return true
      }
    })
    for (const [index, ball] of tree.balls.entries()) paintBall(canvas, camera, tree, ball, index, full, light)
  }
}

function paintBall(
  canvas: StreetCanvas,
  camera: StreetCamera,
  tree: Tree,
  ball: { along: number; up: number; radius: number },
  index: number,
  full: number,
  light: StreetLight
): void {
  const { radius } = ball
  const tone = 0.85 + 0.3 * grain(tree.phase + index, 7)
  const towards = light.direct > 0 ? light.sun.x * camera.cosYaw - light.sun.z * camera.sinYaw : 0
  drawBillboard(canvas, camera, {
    x: tree.x + ball.along,
    z: tree.z + index * 0.03,
    width: radius * 2.2,
    bottom: ball.up - radius * 1.1,
    top: ball.up + radius * 1.1,
    paint: (brush) => {
      const { along, up } = brush
      const sideways = along / radius - 1.1
      const upwards = (up - ball.up) / radius
      const leaves = cloud(along * 14 + tree.phase, up * 14 + index * 40)
      if (sideways * sideways + upwards * upwards > 0.7 + 0.7 * leaves - 0.2) return false
      const shade = 0.62 + 0.26 * upwards + 0.22 * sideways * towards + 0.75 * (leaves - 0.5) + 0.25 * (grain(along * 16, up * 16) - 0.5)
      setBrush(brush, tree.colour, full * tone * 1.35 * Math.max(0.15, shade))
      brush.class = streetIds.vegetation
      return true
    }
  })
}
