/** Draws one street scene with its exact mask. A pure function of its source: any scene can be drawn again at any time, on any thread. */
import { randomStream } from '../../../core/random.js'
import type { Sample, StreetSource } from '../dataset.js'
import { developPicture } from './developPicture.js'
import { paintBarriers, paintFences } from './paintBarriers.js'
import { paintBuildings } from './paintBuildings.js'
import { paintCars } from './paintCars.js'
import { paintGround } from './paintGround.js'
import { paintPeople } from './paintPeople.js'
import { paintPoles } from './paintPoles.js'
import { paintShadows } from './paintShadows.js'
import { paintSky } from './paintSky.js'
import { paintTrees } from './paintTrees.js'
import { shadeOf } from './skyline.js'
import { emptyCanvas, type StreetCamera } from './streetCanvas.js'
import { lightOf } from './streetLight.js'
import { planStreet } from './streetPlan.js'

/** Image [height, width, 3] and mask [height, width] with ids of `streetClasses`. The weather changes the picture and never the mask. */
export function renderStreetScene({ seed, scene, weather, height, width }: StreetSource): Sample {
  const plan = planStreet(seed, scene)
  const light = lightOf(plan, weather)
  const canvas = emptyCanvas(width * 2, height * 2)
  const camera: StreetCamera = {
    x: plan.camera.x,
    y: plan.camera.height,
    cosYaw: Math.cos(plan.camera.yaw),
    sinYaw: Math.sin(plan.camera.yaw),
    focal: canvas.height * 1.15,
    horizon: canvas.height * plan.camera.horizon
  }
  const shaded = shadeOf(plan.street, plan.buildings, light)
  paintSky(canvas, camera, light, plan.clouds)
  paintGround(canvas, camera, plan.street, light, shaded)
  paintShadows(canvas, camera, plan, light)
  paintCars(canvas, camera, plan.cars, light)
  paintPeople(canvas, camera, plan.people, light)
  paintPoles(canvas, camera, plan.poles, light)
  paintTrees(canvas, camera, plan.trees, light)
  paintBarriers(canvas, camera, plan.barriers, light)
  paintBuildings(canvas, camera, plan.buildings, light, shaded)
  paintFences(canvas, camera, plan.barriers, light)
  return developPicture(canvas, camera, plan, light, randomStream(seed, 'streets/sensor', scene).integer(65536))
}
