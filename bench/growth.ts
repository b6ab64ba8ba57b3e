/**
 * What a step of the search costs with more layers, wider networks, larger crops and larger batches: four curves through one point, each with
 * the exponent of its power law. `npm run bench -- growth [--steps 4] [--out docs/results] [--json]`
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mergeSettings } from '../src/shared/config/mergeSettings.js'
import { settingsSchema, type Settings, type SettingsInput } from '../src/shared/config/settings.js'
import { presets } from '../src/shared/presets.js'
import { runCounted } from './countedEngine/runCounted.js'
import type { Curve, Point } from './growth/curve.js'
import { fitPowerLaw } from './growth/fitPowerLaw.js'
import { growthSvg } from './growth/growthSvg.js'
import { spread } from './turns/spread.js'

type Measured = Omit<Point, 'x' | 'label'>

interface Case {
  layers: number
  baseWidth: number
  height: number
  width: number
  batch: number
}

const warmUp = 1
const common: Case = { layers: 6, baseWidth: 6, height: 64, width: 128, batch: 2 }
const sizes = [64, 96, 128, 160]
const curves: { name: string; x: (one: Case) => number; label: (one: Case) => string; cases: Case[] }[] = [
  { name: 'layers', x: ({ layers }) => layers, label: ({ layers }) => String(layers), cases: [4, 6, 9, 13].map((layers) => ({ ...common, layers })) },
  { name: 'base width', x: ({ baseWidth }) => baseWidth, label: ({ baseWidth }) => String(baseWidth), cases: [3, 6, 9, 12].map((baseWidth) => ({ ...common, baseWidth })) },
  { name: 'pixels', x: ({ height, width }) => height * width, label: ({ height, width }) => `${height}x${width}`, cases: sizes.map((height) => ({ ...common, height, width: 2 * height })) },
  { name: 'batch', x: ({ batch }) => batch, label: ({ batch }) => String(batch), cases: [1, 2, 4, 6].map((batch) => ({ ...common, batch })) }
]

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      steps: { type: 'string', default: '4' }, out: { type: 'string' }, json: { type: 'boolean', default: false }
    }
  })
  const known = new Map<string, Promise<Measured>>()
  const measured = (one: Case): Promise<Measured> => {
    const key = JSON.stringify(one)
    const found = known.get(key) ?? measure(one, Number(values.steps))
    known.set(key, found)
    return found
  }
  const found: Curve[] = []
  for (const { name, x, label, cases } of curves) {
    const points: Point[] = []
    for (const one of cases) points.push({ x: x(one), label: label(one), ...(await measured(one)) })
    const law = (key: 'seconds' | 'peakMiB') => fitPowerLaw(points.map((point) => ({ x: point.x, y: point[key] })))
    const curve: Curve = { name, points, secondsLaw: law('seconds'), peakMiBLaw: law('peakMiB') }
    found.push(curve)
    console.log(values.json ? JSON.stringify(curve) : described(curve))
  }
  if (values.out === undefined) return
  writeFileSync(join(values.out, 'growth.json'), `${JSON.stringify({ common, steps: Number(values.steps), curves: found }, null, 1)}\n`)
  writeFileSync(join(values.out, 'growth.svg'), growthSvg(found))
}

/** A search in an engine of its own, one step to warm up. */
async function measure(one: Case, steps: number): Promise<Measured> {
  const { steps: costs, peakMiB } = await runCounted(settingsOf(one), { blockSteps: null, steps: warmUp + steps, checkpointSteps: 1000 })
  const seconds = spread(costs.map(({ whole }) => whole.ms / 1000))
  return { seconds: seconds.median, range: seconds.range, peakMiB }
}

/** Preset quick without pretraining, with the five widths of the paper; no epoch ends, so that nothing is judged. Images are as large as a crop. */
function settingsOf({ layers, baseWidth, height, width, batch }: Case): Settings {
  const changes: SettingsInput = {
    data: { height, width, streetsTrain: 16, streetsVal: 2, searchCropHeight: height, searchCropWidth: width, classWeights: 'none' },
    space: { layers, baseWidth, widths: [4, 6, 8, 10, 12], studentStemWidth: 8 },
    pretrain: { epochs: 0 },
    search: { epochs: 1, stepsPerEpoch: 1000, batch, latencyTerm: 'decoupled' }
  }
  return settingsSchema.parse(mergeSettings(presets.quick.settings as unknown as SettingsInput, changes))
}

function described({ name, points, secondsLaw, peakMiBLaw }: Curve): string {
  const rows = points.map(({ label, seconds, range: [least, most], peakMiB }) => `| ${name} ${label} | ${seconds.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}) | ${peakMiB.toFixed(0)} |`)
  const law = ({ exponent, rSquared }: typeof secondsLaw): string => `${exponent.toFixed(2)} (R² ${rSquared.toFixed(3)})`
  return [...rows, `| **${name}: exponent** | ${law(secondsLaw)} | ${law(peakMiBLaw)} |`].join('\n')
}
