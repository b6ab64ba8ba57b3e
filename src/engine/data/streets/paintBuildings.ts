/** Houses: a front along the street, the gable that looks at the camera, and a roof set back. */
import { drawPanel } from './drawPanel.js'
import { cloud, grain } from './noise.js'
import { paintMasonry } from './paintMasonry.js'
import type { Building, Facade } from './planBuildings.js'
import type { WorldPoint } from './skyline.js'
import { repeat } from './repeat.js'
import { setBrush, type Brush, type StreetCamera, type StreetCanvas } from './streetCanvas.js'
import { streetIds } from './streetClasses.js'
import { facing, type StreetLight } from './streetLight.js'

/** `shaded` says whether a house keeps the sun from a point. */
export function paintBuildings(
  canvas: StreetCanvas,
  camera: StreetCamera,
  buildings: Building[],
  light: StreetLight,
  shaded: (point: WorldPoint) => boolean
): void {
  for (const building of buildings) {
    if (building.side === 0) paintAcross(canvas, camera, building, light)
    else paintAlong(canvas, camera, building, light, shaded)
  }
}

function paintAlong(
  canvas: StreetCanvas,
  camera: StreetCamera,
  building: Building,
  light: StreetLight,
  shaded: (point: WorldPoint) => boolean
): void {
  const { side, front, near, far, height, depth, roof, facade } = building
  const x = side * front
  const sunny = facing(light, -side, 0)
  const dull = light.ambient * 0.92
  const point: WorldPoint = { x, up: 0, z: 0 }
  drawPanel(canvas, camera, {
    x0: x,
    z0: near,
    x1: x,
    z1: far,
    bottom: 0,
    top: height,
    paint: (brush) => {
      point.up = brush.up
      point.z = near + brush.along
      brush.light = sunny > dull && !shaded(point) ? sunny : dull
      return paintFacade(brush, facade, height, light)
    }
  })
  const gable = facing(light, 0, -1)
  const back = side * (front + depth)
  drawPanel(canvas, camera, {
    x0: x,
    z0: near,
    x1: back,
    z1: near,
    bottom: 0,
    top: height + (roof?.height ?? 0),
    paint: (brush) => {
      const { along, up } = brush
      if (roof && up > height + roof.height * (1 - Math.abs(along / depth - 0.5) * 2)) return false
      brush.light = gable
      paintMasonry(brush, facade.masonry)
      brush.class = streetIds.building
      return true
    }
  })
  if (!roof) return
  const ridge = side * (front + depth / 2)
  const tone = (light.ambient + light.direct * Math.max(0, -side * light.sun.x * 0.5 + light.sun.y * 0.8)) * 0.95
  drawPanel(canvas, camera, {
    x0: ridge,
    z0: near,
    x1: ridge,
    z1: far,
    bottom: height - 0.5,
    top: height + roof.height,
    paint: (brush) => {
      const { along, up } = brush
      setBrush(brush, roof.colour, tone * (repeat(up, 0.35) < 0.08 ? 0.8 : 1) * (0.85 + 0.3 * grain(along * 3, up * 3)))
      brush.class = streetIds.building
      return true
    }
  })
}

function paintAcross(canvas: StreetCanvas, camera: StreetCamera, building: Building, light: StreetLight): void {
  const { front, near, far, height, roof, facade } = building
  const bright = facing(light, 0, -1)
  drawPanel(canvas, camera, {
    x0: near,
    z0: front,
    x1: far,
    z1: front,
    bottom: 0,
    top: height + (roof?.height ?? 0),
    paint: (brush) => {
      const { up } = brush
      if (roof && up > height) {
        setBrush(brush, roof.colour, bright * (repeat(up, 0.35) < 0.08 ? 0.8 : 1))
        brush.class = streetIds.building
        return true
      }
      brush.light = bright
      return paintFacade(brush, facade, height, light)
    }
  })
}

function paintFacade(brush: Brush, facade: Facade, height: number, light: StreetLight): boolean {
  const { along, up, light: lit } = brush
  brush.class = streetIds.building
  const { poster, shop } = facade
  if (poster && along > poster.from && along < poster.to && up > poster.bottom && up < poster.top) {
    paintPoster(brush, poster)
    return true
  }
  if (shop && up < 3 && paintShop(brush, shop, light)) return true
  if (up > height - 0.35) {
    setBrush(brush, facade.masonry.colour, lit * (up > height - 0.1 ? 0.6 : 1.12))
    return true
  }
  if (facade.windowWidth > 0 && paintWindow(brush, facade, height, light)) return true
  paintMasonry(brush, facade.masonry)
  return true
}

function paintWindow(brush: Brush, facade: Facade, height: number, light: StreetLight): boolean {
  const { along, up, light: lit } = brush
  const storey = Math.floor(up / facade.storey)
  const bay = Math.floor(along / facade.bay)
  if ((storey + 1) * facade.storey > height - 0.2) return false
  const across = along - (bay + 0.5) * facade.bay
  const rise = up - storey * facade.storey - (facade.storey - facade.windowHeight) * 0.55
  if (Math.abs(across) > facade.windowWidth / 2 || rise < 0 || rise > facade.windowHeight) return false
  const border = Math.min(facade.windowWidth / 2 - Math.abs(across), rise, facade.windowHeight - rise)
  if (border < 0.07 || Math.abs(across) < 0.03) {
    setBrush(brush, facade.frame, lit)
    return true
  }
  const chance = grain(bay * 5 + facade.masonry.phase, storey * 11)
  if (light.weather === 'dusk' && chance > 0.55) setBrush(brush, [1, 0.78, 0.42], 0.6 + 0.4 * chance)
  else if (chance < facade.blind) setBrush(brush, [0.72, 0.7, 0.64], lit * 0.8)
  else if (facade.glass === 'sky') paintReflection(brush, light)
  else setBrush(brush, [0.12, 0.15, 0.18], lit * (0.7 + 0.6 * chance + (rise / facade.windowHeight) * 0.4))
  return true
}

/** Glass that shows the sky, clouds and all: locally nothing tells it from the real one. */
function paintReflection(brush: Brush, light: StreetLight): void {
  const { along, up } = brush
  const rise = Math.min(1, up / 30)
  const veil = Math.max(0, Math.min(1, (cloud(along * 3 + 30, up * 3) - 0.45) * 3)) * 0.6
  brush.red = (light.horizonSky[0] + (light.zenithSky[0] - light.horizonSky[0]) * rise) * (1 - veil) + light.cloud[0] * veil
  brush.green = (light.horizonSky[1] + (light.zenithSky[1] - light.horizonSky[1]) * rise) * (1 - veil) + light.cloud[1] * veil
  brush.blue = (light.horizonSky[2] + (light.zenithSky[2] - light.horizonSky[2]) * rise) * (1 - veil) + light.cloud[2] * veil
}

function paintShop(brush: Brush, shop: { colour: readonly [number, number, number]; awning: boolean }, light: StreetLight): boolean {
  const { along, up, light: lit } = brush
  if (up > 2.5) setBrush(brush, shop.colour, lit)
  else if (shop.awning && up > 2) setBrush(brush, repeat(along, 0.5) < 0.25 ? shop.colour : [0.85, 0.85, 0.82], lit * 1.05)
  else if (up > 0.5 && repeat(along, 2.2) > 0.15)
    setBrush(
      brush,
      light.weather === 'dusk' ? [0.9, 0.75, 0.5] : [0.2, 0.22, 0.23],
      light.weather === 'dusk' ? 0.8 : lit * (0.8 + 0.5 * grain(along * 2, up * 2))
    )
  else setBrush(brush, shop.colour, lit * 0.8)
  return true
}

/** A printed sky, figure, car or foliage. It is part of the building. */
function paintPoster(brush: Brush, poster: NonNullable<Facade['poster']>): void {
  const { along, up, light: lit } = brush
  const s = (along - poster.from) / (poster.to - poster.from)
  const t = (up - poster.bottom) / (poster.top - poster.bottom)
  if (s < 0.03 || s > 0.97 || t < 0.03 || t > 0.97) return setBrush(brush, [0.88, 0.88, 0.86], lit)
  if (poster.motif === 'leaves') return setBrush(brush, [0.2, 0.34, 0.12], lit * (0.5 + 1.2 * cloud(along * 20, up * 20)))
  if (poster.motif === 'person') {
    const body =
      ((s - 0.5) / 0.1) ** 2 + ((t - 0.8) / 0.09) ** 2 < 1
        ? 1
        : Math.abs(s - 0.5) < 0.17 && t > 0.36 && t < 0.72
          ? 2
          : Math.abs(s - 0.5) < 0.13 && t < 0.38
            ? 3
            : 0
    if (body > 0) return setBrush(brush, body === 1 ? [0.7, 0.52, 0.42] : body === 2 ? [0.5, 0.12, 0.2] : [0.12, 0.14, 0.25], lit)
  }
  if (poster.motif === 'car') {
    const body = (t > 0.25 && t < 0.5 && s > 0.1 && s < 0.9) || (t >= 0.5 && t < 0.7 && s > 0.28 && s < 0.72)
    if (body) return setBrush(brush, t >= 0.52 && t < 0.66 && s > 0.33 && s < 0.67 ? [0.1, 0.12, 0.15] : [0.55, 0.07, 0.08], lit)
  }
  setBrush(brush, [0.4 + 0.3 * (1 - t), 0.6 + 0.2 * (1 - t), 0.86], lit)
}
