/**
 * How fast images become batches: ours, decoding every time and with decoded images kept, beside a plain loop of PIL and numpy, in turn; and
 * how long steps wait for the loader's thread. `npm run bench -- data --data CAMVID [--python PY] [--batch 8] [--rounds 9] [--stepMs 600] [--json]`
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ownBatches, waitedFraction } from './data/ownBatches.js'
import { inTurn } from './turns/inTurn.js'
import { ownProcess } from './turns/ownProcess.js'
import { speaker, type Speaker } from './turns/speaker.js'
import { spread } from './turns/spread.js'

interface Said {
  seconds: number
  peakMiB: number
}

/** Crop of preset camvid-small. */
const crop = '256x320'
const warmUp = 1
const waitSteps = 20

export async function main(args: string[]): Promise<void> {
  if (args[0] === '--own') return ownBatches(args[1], Number(args[2]), args[3] as 'decoding' | 'kept')
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: '../shared/data/camvid' }, python: { type: 'string', default: 'python3' }, batch: { type: 'string', default: '8' },
      rounds: { type: 'string', default: '9' }, stepMs: { type: 'string', default: '600' }, json: { type: 'boolean', default: false }
    }
  })
  const { data, batch, python } = values
  const own = (kind: string): Speaker<Said> => speaker<Said>(ownProcess(__filename, ['--own', data, batch, kind], { threads: 1 }))
  const plain = spawn(python, [join('bench', 'peerData.py'), '--data', data, '--crop', crop, '--batch', batch], { stdio: ['pipe', 'pipe', 'inherit'] })
  const sides = { decoding: own('decoding'), kept: own('kept'), plain: speaker<Said>(plain) }
  for (const side of Object.values(sides)) await side.hear()
  const seconds = await inTurn(sides, { warmUp, rounds: Number(values.rounds) })
  const rate = (list: number[]) => spread(list.map((value) => Number(batch) / value))
  const reference = rate(seconds.plain).median
  for (const [side, talk] of Object.entries(sides)) {
    const { peakMiB } = await talk.end()
    const imagesPerSecond = rate(seconds[side as keyof typeof sides])
    const line = { side, imagesPerSecond, ratio: imagesPerSecond.median / reference, peakMiB, batch: Number(batch), crop }
    const [least, most] = imagesPerSecond.range
    const text = `${side}: ${imagesPerSecond.median.toFixed(1)} images a second (${least.toFixed(1)} to ${most.toFixed(1)}), ratio ${line.ratio.toFixed(2)}, peak ${peakMiB.toFixed(0)} MiB`
    console.log(values.json ? JSON.stringify(line) : text)
  }
  const stepMs = Number(values.stepMs)
  const waited = await waitedFraction(data, Number(batch), { stepMs, steps: waitSteps })
  console.log(values.json ? JSON.stringify({ side: 'loader', stepMs, steps: waitSteps, waitedFraction: waited }) : `steps of ${stepMs} ms waited ${(100 * waited).toFixed(2)} % of the time for the loader's thread`)
}
