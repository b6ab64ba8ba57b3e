/**
 * Predicted against measured latency of random derived networks: the plain sum of a table, and the sum corrected by what other networks
 * taught. `npm run bench -- latencyStudy --folder DIR [--preset camvid-small|paper] [--networks 100] [--fit 50] [--sizes 256x512,512x1024] [--repeats 30] [--batch 40] [--seconds 220]`
 *
 * It works in pieces: tables and single visits are kept in DIR, a call goes on where the last one stopped and ends after `--seconds`. Every
 * call writes what there is so far to DIR/study.json and DIR/study.svg; `--seconds 0` does only that. Result: docs/results/latency-model.md.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { latencyKeys } from '../src/core/latency/latencyKeys.js'
import { randomNetworks } from '../src/core/latency/randomNetworks.js'
import { derivedGraph } from '../src/core/networkBuilder.js'
import { visitModel, type NetworkVisit } from '../src/engine/latency/measureNetworks.js'
import { measureTable } from '../src/engine/latency/measureTable.js'
import { openMetronome, type Metronome } from '../src/engine/latency/metronome.js'
import { openTimed, type TimedModel } from '../src/engine/latency/openTimed.js'
import type { Architecture, SearchSpace } from '../src/shared/architecture.js'
import { presets } from '../src/shared/presets.js'
import type { LatencyTable } from '../src/shared/latencyTable.js'
import { readTable, writeTable } from '../src/storage/latencyTableFile.js'
import { scatterPicture } from './latencyStudy/scatterPicture.js'
import { studyOf, studyText } from './latencyStudy/study.js'

const seed = 1
const tableWarmup = 2
const [networkWarmup, networkCalls] = [2, 2]

export interface Size {
  height: number
  width: number
}

/** One visit as it is kept: a line of DIR/visits.ndjson. */
export interface KeptVisit extends NetworkVisit {
  size: string
  network: string
  round: number
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      folder: { type: 'string' }, networks: { type: 'string', default: '100' }, fit: { type: 'string', default: '50' },
      sizes: { type: 'string', default: '256x512,512x1024' }, batch: { type: 'string', default: '40' }, preset: { type: 'string', default: 'camvid-small' },
      seconds: { type: 'string', default: '220' }, repeats: { type: 'string', default: '30' }, threads: { type: 'string', default: '1' }
    }
  })
  if (values.folder === undefined) throw new Error('--folder says where tables and visits are kept')
  const { folder } = values
  const space = spaceOf(values.preset)
  mkdirSync(folder, { recursive: true })
  const until = performance.now() + 1000 * Number(values.seconds)
  const isLate = (): boolean => performance.now() > until
  const threads = Number(values.threads)
  const forFit = randomNetworks(space, { count: Number(values.fit), seed, stream: 'latency-fit' })
  const forTest = randomNetworks(space, { count: Number(values.networks), seed, stream: 'latency-test', known: forFit })
  const tables: LatencyTable[] = []
  for (const size of values.sizes.split(',')) {
    const table = await tableOf(folder, space, size, { threads, repeats: Number(values.repeats) }, isLate)
    if (table === null) return console.log(`No time was left for the table of ${size}.`)
    tables.push(table)
  }
  const remainingMs = (): number => until - performance.now()
  await visitAll(folder, values.sizes.split(','), [...forFit, ...forTest], Number(values.batch), threads, remainingMs)
  const visits = readVisits(folder)
  const study = tables.map((table) => studyOf(table, forFit, forTest, visits, seed)).filter((one) => one !== null)
  if (study.length < tables.length) return console.log(`${visits.length} visits so far: not every network was visited yet.`)
  writeFileSync(join(folder, 'study.json'), `${JSON.stringify(study, null, 1)}\n`)
  writeFileSync(join(folder, 'study.svg'), scatterPicture(study))
  for (const one of study) console.log(studyText(one))
}

/** With the classes of Cityscapes. */
function spaceOf(preset: string): SearchSpace {
  if (preset !== 'camvid-small' && preset !== 'paper') throw new Error(`--preset: expected camvid-small or paper, found ${preset}`)
  const { layers, baseWidth, widths, studentStemWidth } = presets[preset].settings.space
  return { layers, baseWidth, widths: [...widths], studentStemWidth, classes: 19 }
}

async function tableOf(folder: string, space: SearchSpace, size: string, { threads, repeats }: { threads: number; repeats: number }, isLate: () => boolean): Promise<LatencyTable | null> {
  const file = join(folder, `table-${size}.json`)
  if (existsSync(file)) return readTable(file)
  const { height, width } = sizeOf(size)
  const started = performance.now()
  const table = await measureTable(latencyKeys(space, { height, width }), {
    name: size, height, width, baseWidth: space.baseWidth, threads, warmup: tableWarmup, repeats, stopRequested: isLate
  })
  if (table === null) return null
  writeTable(file, table)
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`${size}: ${Object.keys(table.entries).length} entries in ${seconds} s, metronome ${JSON.stringify(table.metronomeMs)}`)
  return table
}

/**
 * Batches of networks are kept open and called in turn, round after round, until their share of the time is over. All at once would be too
 * much memory for large images.
 */
async function visitAll(
  folder: string, sizes: string[], networks: Architecture[], batch: number, threads: number, remainingMs: () => number
): Promise<void> {
  const batches = sizes.flatMap((size) => Array.from({ length: Math.ceil(networks.length / batch) }, (_, index) => (
    { size, members: networks.slice(index * batch, (index + 1) * batch) }
  )))
  if (remainingMs() <= 0) return
  const metronome = await openMetronome(openTimed, threads)
  try {
    for (const [index, { size, members }] of batches.entries()) {
      const until = performance.now() + remainingMs() / (batches.length - index)
      await visitBatch(folder, size, members, threads, metronome, until)
    }
  } finally {
    await metronome.close()
  }
}

async function visitBatch(
  folder: string, size: string, members: Architecture[], threads: number, metronome: Metronome, until: number
): Promise<void> {
  const { height, width } = sizeOf(size)
  const models: TimedModel[] = []
  try {
    for (const network of members) {
      models.push(await openTimed({ graph: derivedGraph(network, { height, width, auxiliaryHeads: false }), corners: [] }, threads))
    }
    const first = roundsSoFar(folder, size, members[0])
    for (let round = first; performance.now() < until; round++) {
      for (const [index, model] of models.entries()) {
        const visit = await visitModel(model, metronome, { warmup: networkWarmup, repeats: networkCalls })
        const kept: KeptVisit = { size, network: members[index].name, round, ...visit }
        appendFileSync(join(folder, 'visits.ndjson'), `${JSON.stringify(kept)}\n`)
      }
    }
  } finally {
    for (const model of models) await model.close()
  }
}

function roundsSoFar(folder: string, size: string, { name }: Architecture): number {
  return readVisits(folder).filter((visit) => visit.size === size && visit.network === name).length
}

function readVisits(folder: string): KeptVisit[] {
  const file = join(folder, 'visits.ndjson')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as KeptVisit)
}

function sizeOf(text: string): Size {
  const [height, width] = text.split('x').map(Number)
  return { height, width }
}
