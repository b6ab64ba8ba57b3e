/** The built-in dataset: street scenes that are drawn when they are asked for. */
import { createHash } from 'node:crypto'
import { randomStream } from '../../../core/random.js'
import type { DataSettings } from '../../../shared/config/settings.js'
import { ignoreLabel, type Dataset, type SampleReference, type StreetWeather } from '../dataset.js'
import { plainCoding } from '../images/maskCoding.js'
import { streetClasses } from './streetClasses.js'

/** Raise whenever a scene comes out otherwise than before: it is part of the digest. */
export const streetsVersion = 1

export const streetsDefaultSize = { height: 128, width: 256 }

const weathers: StreetWeather[] = ['clear', 'fog', 'rain', 'dusk']

/** Training scenes are numbered from 0, validation scenes from 1,000,000; `mixed` draws a weather for every scene. */
export function openStreets(settings: DataSettings, seed: number): Dataset {
  const height = settings.height || streetsDefaultSize.height
  const width = settings.width || streetsDefaultSize.width
  const scene = (number: number): SampleReference['source'] => ({
    kind: 'street',
    seed,
    scene: number,
    weather: weatherOf(settings, seed, number),
    height,
    width
  })
  const split = (name: string, count: number, first: number): SampleReference[] =>
    Array.from({ length: count }, (_, index) => ({ id: `${name}/${String(index).padStart(6, '0')}`, source: scene(first + index) }))
  const described = {
    generator: 'streets',
    version: streetsVersion,
    seed,
    height,
    width,
    weather: settings.streetsWeather,
    train: settings.streetsTrain,
    val: settings.streetsVal
  }
  return {
    name: 'streets',
    layout: 'streets',
    root: '',
    classes: streetClasses,
    ignoreLabel,
    maskCoding: plainCoding(streetClasses.length),
    height: 0,
    width: 0,
    train: split('train', settings.streetsTrain, 0),
    val: split('val', settings.streetsVal, 1_000_000),
    notes: [],
    digest: createHash('sha256').update(JSON.stringify(described)).digest('hex')
  }
}

function weatherOf(settings: DataSettings, seed: number, scene: number): StreetWeather {
  return settings.streetsWeather === 'mixed'
    ? weathers[randomStream(seed, 'streets/weather', scene).integer(weathers.length)]
    : settings.streetsWeather
}
