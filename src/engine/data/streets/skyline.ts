/** Which points the sun reaches past the rows of houses. */
import type { Street } from './crossSection.js'
import type { Building } from './planBuildings.js'
import type { StreetLight } from './streetLight.js'

const firstMetre = -60
const metres = 300

export interface WorldPoint {
  x: number
  up: number
  z: number
}

/** A function that says whether a house of the row towards the sun keeps it from a point. */
export function shadeOf(street: Street, buildings: Building[], light: StreetLight): (point: WorldPoint) => boolean {
  const { sun } = light
  const side = sun.x < 0 ? -1 : 1
  const plane = side * street.front[side === -1 ? 0 : 1]
  const heights = new Float32Array(metres)
  for (const building of buildings) {
    if (building.side !== side) continue
    for (let z = Math.max(firstMetre, Math.floor(building.near)); z < Math.min(firstMetre + metres, building.far); z++)
      heights[z - firstMetre] = building.height
  }
  return ({ x, up, z }) => {
    const reach = (plane - x) / sun.x
    if (!(reach > 0)) return false
    const metre = Math.floor(z + reach * sun.z) - firstMetre
    return metre >= 0 && metre < metres && up + reach * sun.y < heights[metre]
  }
}
