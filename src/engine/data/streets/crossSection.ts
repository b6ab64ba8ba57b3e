/** The street's cross-section and surfaces. */
import type { RandomStream } from '../../../core/random.js'
import { between, pick } from './draws.js'
import type { Rgb } from './streetCanvas.js'

/** A paved or bare surface: the same ones for road and sidewalk, so that only the layout tells which is which. */
export interface Surface {
  pattern: 'asphalt' | 'slabs' | 'cobbles' | 'grass'
  colour: Rgb
  /** Side of a slab or cobble, metres. */
  cell: number
}

/** The street's cross-section; x = 0 is the middle of the road. Index 0 is the left side, 1 the right. */
export interface Street {
  halfRoad: number
  /** Outer edges of the sidewalks, and of the green strip between kerb and sidewalk (equal to halfRoad where there is none). */
  verge: [number, number]
  walk: [number, number]
  /** Where the fronts of the buildings begin. */
  front: [number, number]
  road: Surface
  sidewalk: Surface
  /** Between sidewalk and fronts. */
  yard: [Surface, Surface]
  grass: Surface
  kerb: number
  marked: boolean
  /** A cross street, or null. */
  crossing: { near: number; far: number; zebra: boolean } | null
  /** Where the street ends at a row of houses or at trees. */
  end: number
  endKind: 'building' | 'vegetation' | 'open'
}

export function planCrossSection(stream: RandomStream): Street {
  const halfRoad = between(stream, 2.6, 6)
  const verge = (): number => halfRoad + (stream.uniform() < 0.3 ? between(stream, 0.8, 2.2) : 0)
  const verges: [number, number] = [verge(), verge()]
  const walk: [number, number] = [verges[0] + between(stream, 1.3, 3.6), verges[1] + between(stream, 1.3, 3.6)]
  const yardDepth = (): number => (stream.uniform() < 0.45 ? between(stream, 1.5, 5) : 0.05)
  const front: [number, number] = [walk[0] + yardDepth(), walk[1] + yardDepth()]
  const near = between(stream, 14, 45)
  const road = pavedSurface(stream, 0.75)
  const grass: Surface = {
    pattern: 'grass',
    colour: [between(stream, 0.2, 0.36), between(stream, 0.33, 0.42), between(stream, 0.12, 0.18)],
    cell: 1
  }
  return {
    halfRoad,
    verge: verges,
    walk,
    front,
    road,
    sidewalk: stream.uniform() < 0.5 ? { ...road, colour: shifted(stream, road.colour) } : pavedSurface(stream, 0.35),
    yard: [stream.uniform() < 0.6 ? grass : pavedSurface(stream, 0.5), stream.uniform() < 0.6 ? grass : pavedSurface(stream, 0.5)],
    grass,
    kerb: between(stream, 0.12, 0.28),
    marked: stream.uniform() < 0.65,
    crossing: stream.uniform() < 0.4 ? { near, far: near + between(stream, 6, 10), zebra: stream.uniform() < 0.6 } : null,
    end: between(stream, 60, 160),
    endKind: pick(stream, ['building', 'vegetation', 'open'])
  }
}

function pavedSurface(stream: RandomStream, asphaltShare: number): Surface {
  const pattern = stream.uniform() < asphaltShare ? 'asphalt' : pick(stream, ['slabs', 'cobbles'] as const)
  const grey = between(stream, 0.24, 0.52)
  const colour: Rgb = [grey * between(stream, 0.97, 1.1), grey, grey * between(stream, 0.92, 1.06)]
  return { pattern, colour, cell: pattern === 'cobbles' ? between(stream, 0.18, 0.35) : between(stream, 0.5, 1.1) }
}

function shifted(stream: RandomStream, colour: Rgb): Rgb {
  const factor = between(stream, 0.9, 1.12)
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor]
}
