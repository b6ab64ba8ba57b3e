/** Cars, parked and driving, and people. */
import type { RandomStream } from '../../../core/random.js'
import type { Street } from './crossSection.js'
import { between, pick } from './draws.js'
import type { Rgb } from './streetCanvas.js'

export interface Car {
  x: number
  /** Nearest end. */
  z: number
  length: number
  width: number
  height: number
  kind: 'saloon' | 'hatch' | 'van'
  colour: Rgb
  /** Whether we see its back. */
  away: boolean
}

export interface Person {
  x: number
  z: number
  height: number
  /** Seen from the side or the front: width of the step, -1..1. */
  stride: number
  hair: Rgb
  skin: Rgb
  top: Rgb
  legs: Rgb
  bag: boolean
}

export function planTraffic(stream: RandomStream, street: Street, cameraX: number): { cars: Car[]; people: Person[] } {
  const cars: Car[] = []
  const people: Person[] = []
  for (const sign of [-1, 1]) {
    if (street.halfRoad > 3.6 && stream.uniform() < 0.6) park(stream, street, sign, cars)
    for (let z = between(stream, 7, 45); z < 100; z += between(stream, 9, 60)) {
      if (stream.uniform() < 0.55) cars.push(planCar(stream, sign * street.halfRoad * between(stream, 0.3, 0.42), z, sign > 0))
    }
  }
  const kept = cars.filter((car) => car.z > 5.5 || Math.abs(car.x - cameraX) > 1.9)
  for (let count = stream.integer(7); count > 0; count--) people.push(planPerson(stream, street))
  return { cars: kept, people }
}

function park(stream: RandomStream, street: Street, sign: number, cars: Car[]): void {
  const share = between(stream, 0.2, 0.9)
  for (let z = between(stream, 1, 9); z < Math.min(street.end, 80); z += between(stream, 5.2, 7)) {
    if (street.crossing && z > street.crossing.near - 7 && z < street.crossing.far + 2) continue
    if (stream.uniform() < share) cars.push(planCar(stream, sign * (street.halfRoad - 1.05), z, stream.uniform() < 0.5))
  }
}

const paints: readonly Rgb[] = [
  [0.75, 0.76, 0.78],
  [0.08, 0.08, 0.09],
  [0.35, 0.36, 0.38],
  [0.85, 0.85, 0.84],
  [0.5, 0.06, 0.07],
  [0.08, 0.16, 0.4],
  [0.16, 0.28, 0.2],
  [0.62, 0.55, 0.42],
  [0.7, 0.45, 0.08]
]

function planCar(stream: RandomStream, x: number, z: number, away: boolean): Car {
  const kind = pick(stream, ['saloon', 'saloon', 'hatch', 'hatch', 'van'] as const)
  const van = kind === 'van'
  return {
    x,
    z,
    kind,
    away,
    length: van ? between(stream, 4.8, 6) : between(stream, 3.7, 4.7),
    width: van ? between(stream, 1.9, 2.1) : between(stream, 1.65, 1.85),
    height: van ? between(stream, 1.95, 2.6) : between(stream, 1.38, 1.6),
    colour: pick(stream, paints)
  }
}

function planPerson(stream: RandomStream, street: Street): Person {
  const index = stream.integer(2)
  const sign = index === 0 ? -1 : 1
  const onRoad = stream.uniform() < 0.15
  const x = onRoad ? between(stream, -1, 1) * street.halfRoad : sign * between(stream, street.verge[index] + 0.3, street.walk[index] - 0.2)
  const cloth = (): Rgb => {
    const grey = between(stream, 0.05, 0.6)
    return stream.uniform() < 0.5 ? [grey, grey, grey * 1.1] : [stream.uniform() * 0.7, stream.uniform() * 0.5, stream.uniform() * 0.6]
  }
  const tone = between(stream, 0.3, 0.85)
  return {
    x,
    z: 4 + 40 * stream.uniform() ** 1.4,
    height: stream.uniform() < 0.12 ? between(stream, 1.05, 1.4) : between(stream, 1.55, 1.9),
    stride: between(stream, -1, 1),
    hair: pick(stream, [
      [0.08, 0.06, 0.05],
      [0.3, 0.2, 0.1],
      [0.6, 0.55, 0.5]
    ] as const),
    skin: [tone, tone * 0.75, tone * 0.6],
    top: cloth(),
    legs: cloth(),
    bag: stream.uniform() < 0.3
  }
}
