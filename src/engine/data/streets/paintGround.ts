/** Road, sidewalks, green strips and yards: one look through every pixel below the horizon. */
import type { Street, Surface } from './crossSection.js'
import { cloud, grain } from './noise.js'
import type { WorldPoint } from './skyline.js'
import { repeat } from './repeat.js'
import { setBrush, type Brush, type Rgb, type StreetCamera, type StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import type { StreetLight } from './streetLight.js'

/** The ground point that is painted: `detail` is 1 near by and falls with distance, so that far texture does not flicker. */
const point = { x: 0, up: 0, z: 0, detail: 1 }
const brush: Brush = { along: 0, up: 0, light: 1, red: 0, green: 0, blue: 0, class: 0 }
const paintWhite: Rgb = [0.82, 0.82, 0.8]
const kerbStone: Rgb = [0.6, 0.6, 0.58]

/** `shaded` says whether a house keeps the sun from a ground point. */
export function paintGround(
  canvas: StreetCanvas,
  camera: StreetCamera,
  street: Street,
  light: StreetLight,
  shaded: (point: WorldPoint) => boolean
): void {
  const { width, height, colour, classes, depth, shadow } = canvas
  const sunny = light.ambient + light.direct * light.sun.y
  for (let v = Math.max(0, Math.ceil(camera.horizon)); v < height; v++) {
    const ahead = (camera.focal * camera.y) / (v + 0.5 - camera.horizon)
    if (ahead > 400) continue
    point.detail = 1 / (1 + ahead * 0.06)
    for (let u = 0; u < width; u++) {
      const side = ((u + 0.5 - width / 2) / camera.focal) * ahead
      point.x = camera.x + side * camera.cosYaw + ahead * camera.sinYaw
      point.z = ahead * camera.cosYaw - side * camera.sinYaw
      paintPoint(street)
      const dark = light.direct > 0 && shaded(point)
      const bright = dark ? light.ambient : sunny
      const pixel = v * width + u
      shadow[pixel] = dark ? 1 : 0
      colour[pixel * 3] = brush.red * bright
      colour[pixel * 3 + 1] = brush.green * bright
      colour[pixel * 3 + 2] = brush.blue * bright
      classes[pixel] = brush.class
      depth[pixel] = ahead
    }
  }
}

function paintPoint(street: Street): void {
  const { x, z } = point
  const index = x < 0 ? 0 : 1
  const across = Math.abs(x)
  const crossing = street.crossing
  if (across < street.halfRoad || (crossing && z > crossing.near && z < crossing.far)) return paintRoad(street)
  if (z > street.end + 1 || across > street.front[index])
    return surface(street.yard[index], street.yard[index].pattern === 'grass' ? streetIds.terrain : streetIds.sidewalk)
  if (across < street.halfRoad + street.kerb) {
    setBrush(brush, kerbStone, 1 - 0.25 * grain(Math.floor(z), 3))
    brush.class = streetIds.sidewalk
    return
  }
  if (across < street.verge[index]) return surface(street.grass, streetIds.terrain)
  if (across < street.walk[index]) return surface(street.sidewalk, streetIds.sidewalk)
  const yard = street.yard[index]
  surface(yard, yard.pattern === 'grass' ? streetIds.terrain : streetIds.sidewalk)
}

function paintRoad(street: Street): void {
  const { x, z } = point
  surface(street.road, streetIds.road)
  const crossing = street.crossing
  const inCrossing = crossing !== null && z > crossing.near && z < crossing.far
  const onZebra = crossing?.zebra && z > crossing.near - 4 && z < crossing.near - 1 && Math.abs(x) < street.halfRoad - 0.2
  const dash = street.marked && !inCrossing && Math.abs(x) < 0.07 && repeat(z, 6) < 3
  const edge = street.marked && !inCrossing && Math.abs(Math.abs(x) - street.halfRoad + 0.35) < 0.06
  const stopLine = crossing?.zebra && x > 0 && z > crossing.near - 5.2 && z < crossing.near - 4.8 && x < street.halfRoad - 0.3
  if ((onZebra && repeat(x, 1) < 0.5) || dash || edge || stopLine) setBrush(brush, paintWhite, 0.8 + 0.2 * cloud(x * 40, z * 40))
}

function surface(material: Surface, id: number): void {
  const { x, z, detail } = point
  brush.class = id
  const stain = 1 + 0.3 * (cloud(x * 6 + 40, z * 6) - 0.5)
  if (material.pattern === 'asphalt') return setBrush(brush, material.colour, stain * (1 + 0.28 * detail * (grain(x * 24, z * 24) - 0.5)))
  if (material.pattern === 'grass')
    return setBrush(brush, material.colour, stain * (1 + 0.6 * detail * (grain(x * 14, z * 9) - 0.5) + 0.5 * (cloud(x * 16, z * 16) - 0.5)))
  const { cell } = material
  const row = Math.floor(z / cell)
  const column = Math.floor(x / cell + (row & 1) * 0.5)
  const gap = z - row * cell < 0.03 + cell * 0.04 || (x / cell + (row & 1) * 0.5 - column) * cell < 0.03 + cell * 0.04
  const tone = stain * (1 + 0.3 * detail * (grain(column, row) - 0.5))
  setBrush(brush, material.colour, gap ? tone * (1 - 0.4 * detail) : tone)
}
