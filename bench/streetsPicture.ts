/** Draws docs/pictures/streets.png: scenes beside their masks, and one scene under every weather. `npm run bench -- streetsPicture [file]` */
import { encode } from 'fast-png'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Sample, StreetWeather } from '../src/engine/data/dataset.js'
import { renderStreetScene } from '../src/engine/data/streets/renderStreetScene.js'
import { streetClasses } from '../src/engine/data/streets/streetClasses.js'

const [height, width, gap] = [144, 288, 4]
const scenes = [41, 27, 23, 45]
const weathers: StreetWeather[] = ['clear', 'fog', 'rain', 'dusk']
const columns = 4

export function main([file = 'docs/pictures/streets.png']: string[]): void {
  const draw = (scene: number, weather: StreetWeather): Sample =>
    renderStreetScene({ kind: 'street', seed: 1, scene, weather, height, width })
  const clear = scenes.map((scene) => draw(scene, 'clear'))
  const pictures = [
    ...clear.map(({ image }) => image),
    ...clear.map(({ mask }) => painted(mask)),
    ...weathers.map((weather) => draw(20, weather).image)
  ]
  const fullWidth = columns * (width + gap) - gap
  const fullHeight = (pictures.length / columns) * (height + gap) - gap
  const data = new Uint8Array(fullWidth * fullHeight * 3).fill(255)
  for (const [index, picture] of pictures.entries()) {
    const left = (index % columns) * (width + gap)
    const top = Math.floor(index / columns) * (height + gap)
    for (let y = 0; y < height; y++) data.set(picture.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * fullWidth + left) * 3)
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, encode({ width: fullWidth, height: fullHeight, data, channels: 3 }))
  console.log(file)
}

function painted(mask: Uint8Array): Uint8Array {
  const image = new Uint8Array(mask.length * 3)
  for (const [pixel, id] of mask.entries()) image.set(streetClasses[id].colour, pixel * 3)
  return image
}
