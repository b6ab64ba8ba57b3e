/** Garden walls, fences and hedges between sidewalk and yard, or along the kerb. */
import type { RandomStream } from '../../../core/random.js'
import { planMasonry, type Masonry } from './planBuildings.js'
import type { Street } from './crossSection.js'
import { between, pick } from './draws.js'
import type { Rgb } from './streetCanvas.js'

export interface Barrier {
  kind: 'wall' | 'fence' | 'hedge'
  /** Ground line, metres. */
  x0: number
  z0: number
  x1: number
  z1: number
  height: number
  masonry: Masonry
  /** Of a fence: bars stand apart by `spacing` and are `bar` wide. */
  spacing: number
  bar: number
  colour: Rgb
}

export function planBarriers(stream: RandomStream, street: Street): Barrier[] {
  const barriers: Barrier[] = []
  for (const [index, sign] of [-1, 1].entries()) {
    const deep = street.front[index] - street.walk[index] > 1
    let z = between(stream, -6, 8)
    while (z < Math.min(street.end, 90)) {
      const length = between(stream, 5, 22)
      const blocked = street.crossing && z < street.crossing.far && z + length > street.crossing.near
      if (!blocked && stream.uniform() < (deep ? 0.7 : 0.25)) {
        const alongKerb = !deep || stream.uniform() < 0.15
        const x = sign * (alongKerb ? street.verge[index] + 0.25 : street.walk[index] + 0.12)
        barriers.push(planBarrier(stream, alongKerb, x, z, z + length))
      }
      z += length + between(stream, 0, 4)
    }
  }
  return barriers
}

function planBarrier(stream: RandomStream, alongKerb: boolean, x: number, z0: number, z1: number): Barrier {
  const kind = alongKerb
    ? pick(stream, ['fence', 'fence', 'wall', 'hedge'] as const)
    : pick(stream, ['wall', 'wall', 'fence', 'fence', 'hedge'] as const)
  const height = alongKerb ? between(stream, 0.7, 1.1) : kind === 'wall' ? between(stream, 0.8, 2.6) : between(stream, 0.9, 2)
  const grey = between(stream, 0.15, 0.75)
  const wooden: Rgb = [between(stream, 0.35, 0.6), between(stream, 0.25, 0.4), between(stream, 0.15, 0.28)]
  const wood = stream.uniform() < 0.4
  const spacing = wood ? between(stream, 0.14, 0.24) : between(stream, 0.12, 0.3)
  return {
    kind,
    x0: x,
    z0,
    x1: x,
    z1,
    height,
    masonry: planMasonry(stream),
    spacing,
    bar: wood ? spacing * between(stream, 0.65, 0.9) : between(stream, 0.02, 0.05),
    colour: wood ? wooden : [grey, grey, grey]
  }
}
