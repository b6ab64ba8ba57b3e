/** Rows of houses on both sides, and what closes the street at its end. */
import type { RandomStream } from '../../../core/random.js'
import type { Street } from './crossSection.js'
import { between, pick } from './draws.js'
import type { Rgb } from './streetCanvas.js'

/** What a house or a garden wall is made of: both draw from the same list, so that texture alone does not tell them apart. */
export interface Masonry {
  pattern: 'brick' | 'plaster' | 'concrete' | 'ivy'
  colour: Rgb
  /** Shifts the stains. */
  phase: number
}

export interface Facade {
  masonry: Masonry
  /** Size of one storey and of the distance between windows, metres; 0 windows for a blank wall. */
  storey: number
  bay: number
  windowWidth: number
  windowHeight: number
  glass: 'dark' | 'sky'
  frame: Rgb
  blind: number
  shop: { colour: Rgb; awning: boolean } | null
  /** A printed picture on the wall, metres along and up; it shows what else is a class of its own. */
  poster: { from: number; to: number; bottom: number; top: number; motif: 'sky' | 'person' | 'car' | 'leaves' } | null
}

export interface Building {
  /** -1 left of the street, 1 right of it, 0 across its end. */
  side: -1 | 0 | 1
  /** Distance of the front from the middle of the road; for the end, its z. */
  front: number
  near: number
  far: number
  height: number
  depth: number
  roof: { height: number; colour: Rgb } | null
  facade: Facade
}

export function planBuildings(stream: RandomStream, street: Street): Building[] {
  const buildings: Building[] = []
  for (const side of [-1, 1] as const) {
    const built = between(stream, 0.55, 1)
    for (let z = between(stream, -14, -4); z < street.end;) {
      const length = between(stream, 6, 18)
      const inCrossing = street.crossing && z < street.crossing.far + 2 && z + length > street.crossing.near - 2
      if (inCrossing && street.crossing) {
        z = street.crossing.far + 2
        continue
      }
      const front = street.front[side === -1 ? 0 : 1] + (stream.uniform() < 0.3 ? between(stream, 0.5, 4) : 0)
      if (stream.uniform() < built) buildings.push(planHouse(stream, side, front, z, z + length))
      z += length + (stream.uniform() < 0.25 ? between(stream, 1, 6) : 0)
    }
  }
  if (street.endKind === 'building') {
    for (let x = -70; x < 70;) {
      const length = between(stream, 9, 22)
      buildings.push(planHouse(stream, 0, street.end, x, x + length))
      x += length
    }
  }
  return buildings
}

/** Something for wall and house alike. */
export function planMasonry(stream: RandomStream): Masonry {
  const pattern = pick(stream, ['brick', 'brick', 'plaster', 'plaster', 'plaster', 'concrete', 'ivy'] as const)
  const phase = stream.integer(256)
  if (pattern === 'brick') return { pattern, colour: pick(stream, bricks), phase }
  if (pattern === 'ivy')
    return { pattern, colour: [between(stream, 0.16, 0.3), between(stream, 0.28, 0.4), between(stream, 0.1, 0.17)], phase }
  const grey = between(stream, 0.35, 0.75)
  if (pattern === 'concrete') return { pattern, colour: [grey, grey, grey * 1.02], phase }
  return { pattern, colour: pick(stream, plasters), phase }
}

const bricks: readonly Rgb[] = [
  [0.5, 0.25, 0.18],
  [0.42, 0.22, 0.17],
  [0.55, 0.36, 0.25],
  [0.62, 0.52, 0.38],
  [0.38, 0.3, 0.27]
]
const plasters: readonly Rgb[] = [
  [0.78, 0.74, 0.64],
  [0.8, 0.7, 0.45],
  [0.72, 0.5, 0.38],
  [0.62, 0.67, 0.68],
  [0.82, 0.8, 0.77],
  [0.58, 0.62, 0.5],
  [0.66, 0.42, 0.36],
  [0.45, 0.52, 0.6]
]
const roofs: readonly Rgb[] = [
  [0.45, 0.2, 0.14],
  [0.3, 0.27, 0.26],
  [0.36, 0.22, 0.18],
  [0.22, 0.24, 0.28]
]

function planHouse(stream: RandomStream, side: -1 | 0 | 1, front: number, near: number, far: number): Building {
  const tall = stream.uniform() < 0.2
  const height = tall ? between(stream, 16, 34) : between(stream, 4.5, 13)
  const roof = !tall && stream.uniform() < 0.6 ? { height: between(stream, 1.5, 3.5), colour: pick(stream, roofs) } : null
  return { side, front, near, far, height, depth: between(stream, 8, 14), roof, facade: planFacade(stream, far - near, tall) }
}

function planFacade(stream: RandomStream, length: number, tall: boolean): Facade {
  const curtain = tall && stream.uniform() < 0.5
  const bay = curtain ? between(stream, 1.2, 1.8) : between(stream, 2, 3.6)
  const storey = between(stream, 2.8, 3.6)
  const blank = stream.uniform() < 0.15
  const posterFrom = between(stream, 0.5, Math.max(0.6, length - 4))
  const bottom = between(stream, 0.3, 2.5)
  return {
    masonry: planMasonry(stream),
    storey,
    bay,
    windowWidth: blank ? 0 : curtain ? bay * 0.93 : bay * between(stream, 0.35, 0.6),
    windowHeight: curtain ? storey * 0.9 : storey * between(stream, 0.42, 0.62),
    glass: curtain || stream.uniform() < 0.3 ? 'sky' : 'dark',
    frame: pick(stream, [
      [0.85, 0.85, 0.83],
      [0.3, 0.26, 0.22],
      [0.5, 0.5, 0.5]
    ] as const),
    blind: stream.uniform() * 0.5,
    shop:
      stream.uniform() < 0.25
        ? { colour: [stream.uniform() * 0.7, stream.uniform() * 0.6, stream.uniform() * 0.6], awning: stream.uniform() < 0.5 }
        : null,
    poster:
      stream.uniform() < 0.3
        ? {
            from: posterFrom,
            to: posterFrom + between(stream, 1.2, 3.2),
            bottom,
            top: bottom + between(stream, 1.6, 3),
            motif: pick(stream, ['sky', 'person', 'car', 'leaves'] as const)
          }
        : null
  }
}
