/** Periodic noise tiles, made once: a texture is then one look-up a pixel. */
import { randomStream } from '../../../core/random.js'

const side = 256
const mask = side - 1

/** White noise 0..1, [256, 256]. */
const white = makeWhite()
/** Four octaves of smooth noise, about 0..1 with mean 0.5, [256, 256]; the coarsest wave is 32 cells long. */
const smooth = makeSmooth()

/** One value a cell, 0..1. */
export function grain(x: number, y: number): number {
  return white[((y & mask) << 8) | (x & mask)]
}

/** Clouds, stains, leaves: smooth in x and y, repeats after 256. */
export function cloud(x: number, y: number): number {
  const column = Math.floor(x)
  const row = Math.floor(y) & mask
  const right = x - column
  const down = y - Math.floor(y)
  const left = column & mask
  const next = (column + 1) & mask
  const upper = smooth[(row << 8) | left] * (1 - right) + smooth[(row << 8) | next] * right
  const below = ((row + 1) & mask) << 8
  return upper * (1 - down) + (smooth[below | left] * (1 - right) + smooth[below | next] * right) * down
}

function makeWhite(): Float32Array {
  const stream = randomStream(20200101, 'streets/noise')
  return Float32Array.from({ length: side * side }, () => stream.uniform())
}

function makeSmooth(): Float32Array {
  const tile = new Float32Array(side * side)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0
      for (let cell = 32, weight = 0.5; cell >= 4; cell /= 2, weight /= 2) sum += weight * lattice(x, y, cell)
      tile[y * side + x] = 0.5 + (sum / 0.9375 - 0.5) * 1.6
    }
  }
  return tile
}

/** White noise of a coarse lattice, interpolated with an eased weight. */
function lattice(x: number, y: number, cell: number): number {
  const count = side / cell
  const column = Math.floor(x / cell)
  const row = Math.floor(y / cell)
  const at = (dx: number, dy: number): number => grain(((column + dx) % count) * 3, ((row + dy) % count) * 7 + cell)
  const ease = (t: number): number => t * t * (3 - 2 * t)
  const tx = ease(x / cell - column)
  const ty = ease(y / cell - row)
  return (at(0, 0) * (1 - tx) + at(1, 0) * tx) * (1 - ty) + (at(0, 1) * (1 - tx) + at(1, 1) * tx) * ty
}
