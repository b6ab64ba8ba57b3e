/** Trees, lamp posts, traffic signs and lights, bollards. */
import type { RandomStream } from '../../../core/random.js'
import type { Street } from './crossSection.js'
import { between, pick } from './draws.js'
import type { Rgb } from './streetCanvas.js'

export interface Tree {
  x: number
  z: number
  height: number
  trunk: number
  /** Balls of leaves, relative to the foot: sideways, up, radius. */
  balls: { along: number; up: number; radius: number }[]
  colour: Rgb
  phase: number
}

export interface Pole {
  x: number
  z: number
  height: number
  width: number
  colour: Rgb
  /** A lamp's arm reaches this far towards the road. */
  arm: number
  head: { shape: 'none' | 'disc' | 'triangle' | 'diamond' | 'board' | 'light'; size: number; colour: Rgb; symbol: Rgb; lit: number }
}

export function planStreetFurniture(stream: RandomStream, street: Street): { trees: Tree[]; poles: Pole[] } {
  const trees: Tree[] = []
  const poles: Pole[] = []
  for (const [index, sign] of [-1, 1].entries()) {
    const reach = Math.min(street.end, 110)
    if (stream.uniform() < 0.6) plantRow(stream, street, index, sign, reach, trees)
    const lampEvery = between(stream, 18, 34)
    for (let z = between(stream, 2, lampEvery); z < reach; z += lampEvery) {
      poles.push({
        ...barePole(stream, sign * (street.verge[index] + 0.35), z),
        height: between(stream, 4.5, 8),
        arm: -sign * between(stream, 0, 1.6)
      })
    }
    for (let z = between(stream, 3, 20); z < Math.min(reach, 60); z += between(stream, 7, 34)) {
      poles.push(signPost(stream, sign * (street.verge[index] + between(stream, 0.25, 0.6)), z))
    }
    if (stream.uniform() < 0.2) {
      for (let z = between(stream, 2, 12), count = 0; count < 6; z += 1.6, count++) {
        poles.push({ ...barePole(stream, sign * (street.halfRoad + 0.3), z), height: 0.9, width: 0.14 })
      }
    }
    if (street.crossing && stream.uniform() < 0.7) {
      poles.push({ ...barePole(stream, sign * (street.halfRoad + 0.4), street.crossing.near - 1), height: 3.1, head: lights(stream) })
    }
  }
  if (street.endKind === 'vegetation') {
    for (let x = -60; x < 60; x += between(stream, 2.5, 6)) trees.push(planTree(stream, x, street.end + between(stream, 0, 6)))
  }
  return { trees, poles }
}

function plantRow(stream: RandomStream, street: Street, index: number, sign: number, reach: number, trees: Tree[]): void {
  const every = between(stream, 6, 16)
  const inYard = stream.uniform() < 0.5 && street.front[index] - street.walk[index] > 1.5
  for (let z = between(stream, 2, every); z < reach; z += every * between(stream, 0.7, 1.4)) {
    if (street.crossing && z > street.crossing.near - 1 && z < street.crossing.far + 1) continue
    const x = inYard ? (street.walk[index] + street.front[index]) / 2 : street.verge[index] + between(stream, 0.3, 0.6)
    if (stream.uniform() < 0.75) trees.push(planTree(stream, sign * x, z))
  }
}

function planTree(stream: RandomStream, x: number, z: number): Tree {
  const height = between(stream, 3.2, 9)
  const crown = height * between(stream, 0.2, 0.34)
  const balls = Array.from({ length: 4 + stream.integer(4) }, () => ({
    along: between(stream, -0.8, 0.8) * crown,
    up: height - crown * between(stream, 0.7, 1.9),
    radius: crown * between(stream, 0.5, 0.9)
  }))
  return {
    x,
    z,
    height,
    trunk: between(stream, 0.09, 0.2),
    balls,
    colour: [between(stream, 0.14, 0.34), between(stream, 0.26, 0.42), between(stream, 0.08, 0.17)],
    phase: stream.integer(256)
  }
}

function barePole(stream: RandomStream, x: number, z: number): Pole {
  const grey = between(stream, 0.18, 0.6)
  return {
    x,
    z,
    height: between(stream, 2.4, 3.2),
    width: between(stream, 0.09, 0.18),
    colour: [grey, grey, grey * 1.03],
    arm: 0,
    head: { shape: 'none', size: 0, colour: [0, 0, 0], symbol: [0, 0, 0], lit: 0 }
  }
}

function signPost(stream: RandomStream, x: number, z: number): Pole {
  const head = pick(stream, signs)
  return { ...barePole(stream, x, z), head: { ...head, size: head.size * between(stream, 0.85, 1.2), lit: 0 } }
}

const red: Rgb = [0.75, 0.08, 0.1]
const white: Rgb = [0.9, 0.9, 0.9]
const blue: Rgb = [0.08, 0.24, 0.62]
const yellow: Rgb = [0.92, 0.75, 0.1]
const signs: readonly Omit<Pole['head'], 'lit'>[] = [
  { shape: 'disc', size: 0.65, colour: red, symbol: white },
  { shape: 'disc', size: 0.65, colour: blue, symbol: white },
  { shape: 'triangle', size: 0.8, colour: red, symbol: white },
  { shape: 'diamond', size: 0.75, colour: white, symbol: yellow },
  { shape: 'board', size: 0.7, colour: blue, symbol: white },
  { shape: 'board', size: 1.1, colour: yellow, symbol: [0.1, 0.1, 0.1] },
  { shape: 'board', size: 0.9, colour: white, symbol: [0.1, 0.1, 0.1] }
]

function lights(stream: RandomStream): Pole['head'] {
  return { shape: 'light', size: 0.95, colour: [0.06, 0.07, 0.07], symbol: [0, 0, 0], lit: stream.integer(3) }
}
