/** Decides what stands where in a scene. Every draw comes from the scene's own stream, so weather and size change nothing of it. */
import { randomStream } from '../../../core/random.js'
import { planBarriers, type Barrier } from './planBarriers.js'
import { planBuildings, type Building } from './planBuildings.js'
import { planStreetFurniture, type Pole, type Tree } from './planStreetFurniture.js'
import { planTraffic, type Car, type Person } from './planTraffic.js'
import { between } from './draws.js'
import { planCrossSection, type Street } from './crossSection.js'

export interface StreetPlan {
  /** Camera: metres from the middle of the road, height, yaw in radians, horizon as a share of the picture's height. */
  camera: { x: number; height: number; yaw: number; horizon: number }
  /** Towards the sun, a unit vector; overcast scenes have no sun. */
  sun: { x: number; y: number; z: number; shines: boolean }
  /** Brightness, warmth and contrast of the photograph. */
  exposure: { gain: number; warmth: number; haze: number }
  clouds: { cover: number; offset: number }
  street: Street
  buildings: Building[]
  barriers: Barrier[]
  trees: Tree[]
  poles: Pole[]
  cars: Car[]
  people: Person[]
}

export function planStreet(seed: number, scene: number): StreetPlan {
  const stream = randomStream(seed, 'streets/scene', scene)
  const street = planCrossSection(stream)
  const side = stream.uniform() < 0.85 ? 1 : -1
  const camera = {
    x: side * street.halfRoad * between(stream, 0.1, 0.8) + (stream.uniform() < 0.1 ? side * street.halfRoad : 0),
    height: between(stream, 1.2, 1.9),
    yaw: between(stream, -0.16, 0.16) - side * 0.02,
    horizon: between(stream, 0.38, 0.52)
  }
  const azimuth = stream.uniform() * 2 * Math.PI
  const elevation = between(stream, 0.3, 1.1)
  return {
    camera,
    sun: {
      x: Math.cos(azimuth) * Math.cos(elevation),
      y: Math.sin(elevation),
      z: Math.sin(azimuth) * Math.cos(elevation),
      shines: stream.uniform() < 0.65
    },
    exposure: { gain: between(stream, 0.85, 1.35), warmth: between(stream, -0.08, 0.1), haze: between(stream, 0.0005, 0.003) },
    clouds: { cover: stream.uniform(), offset: stream.integer(256) },
    street,
    buildings: planBuildings(stream, street),
    barriers: planBarriers(stream, street),
    ...planStreetFurniture(stream, street),
    ...planTraffic(stream, street, camera.x)
  }
}
