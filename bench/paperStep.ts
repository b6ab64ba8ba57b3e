/**
 * Real steps of the preset `paper`, one pretraining step and one search step, in one process: seconds of each, and the most memory that the
 * process had. `npm run bench -- paperStep [--size 224x448] [--batch 2] [--phases search,pretrain] [--steps 1] [--workers 1] [--order first]
 * [--layers 16] [--threads 2]`. Images are noise and every entry of the latency table is 1 ms: a step takes as long whatever they are. The rest is the preset.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { latencyCosts } from '../src/core/latency/latencyCosts.js'
import { latencyKeys } from '../src/core/latency/latencyKeys.js'
import { randomStream } from '../src/core/random.js'
import { forecast } from '../src/host/forecast.js'
import type { BatchLoader } from '../src/engine/data/loader.js'
import type { PredictionName } from '../src/engine/network/supernet/layout.js'
import type { SearchSpace } from '../src/shared/architecture.js'
import { mergeSettings } from '../src/shared/config/mergeSettings.js'
import { parseSettings } from '../src/shared/config/parseSettings.js'
import type { Settings, SettingsInput } from '../src/shared/config/settings.js'
import { engineEnvironment } from '../src/shared/engineEnvironment.js'
import { latencyKeyText, type LatencyTable } from '../src/shared/latencyTable.js'
import { presets } from '../src/shared/presets.js'

const predictions: PredictionName[] = ['8', '16', '32', '8+32', '16+32', '8+16']

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '224x448' }, batch: { type: 'string', default: '2' }, steps: { type: 'string', default: '1' },
      phases: { type: 'string', default: 'search,pretrain' }, workers: { type: 'string', default: '1' }, threads: { type: 'string', default: '2' },
      order: { type: 'string', default: 'first' }, layers: { type: 'string', default: '16' }
    }
  })
  const [height, width] = values.size.split('x').map(Number)
  const [batch, layers] = [Number(values.batch), Number(values.layers)]
  const change: SettingsInput = {
    data: { searchCropHeight: height, searchCropWidth: width, pretrainCropHeight: height, pretrainCropWidth: width },
    space: { layers }, pretrain: { batch }, search: { batch, order: values.order as 'first' | 'second' },
    run: { passWorkers: Number(values.workers), threads: Number(values.threads) }
  }
  const settings = parseSettings(mergeSettings(presets.paper.settings as unknown as SettingsInput, change), 'bench')
  Object.assign(process.env, engineEnvironment(settings.run))
  const { memoryBytes, stages } = forecast(settings, 'search')
  say({ forecast: stages.filter(({ steps }) => steps > 0).map(({ stage, steps, minutes }) => `${stage} ${((minutes * 60) / steps).toFixed(1)} s a step`), forecastMiB: memoryBytes / 2 ** 20 })
  for (const phase of values.phases.split(',')) await runPhase(phase, settings, { height, width }, Number(values.steps))
}

async function runPhase(phase: string, settings: Settings, size: { height: number; width: number }, steps: number): Promise<void> {
  // Loaded once the threads of TensorFlow are named in the environment.
  const { initialSupernetWeights } = await import('../src/engine/network/supernet/initialSupernetWeights.js')
  const { Supernet } = await import('../src/engine/network/supernet/supernet.js')
  const { WeightStore } = await import('../src/engine/network/weightStore.js')
  const { SupernetTrainer } = await import('../src/engine/search/supernetTrainer.js')
  const { openPassTeam } = await import('../src/engine/search/openPassTeam.js')
  const { Pretrainer } = await import('../src/engine/search/pretrainer.js')
  const { Searcher } = await import('../src/engine/search/searcher.js')

  const began = performance.now()
  const { layers, baseWidth, widths, studentStemWidth } = settings.space
  const space: SearchSpace = { layers, baseWidth, widths, studentStemWidth, classes: 19 }
  const weights = new WeightStore(initialSupernetWeights(space, predictions, settings.seed))
  const { ohemThreshold, ohemKeepFraction } = settings.search
  const trainer = new SupernetTrainer(new Supernet(space, predictions), weights, { threshold: ohemThreshold, keepFraction: ohemKeepFraction }, settings.search)
  const team = openPassTeam(trainer, settings.run.passWorkers, join(process.cwd(), 'out', 'main', 'passThread.cjs'))
  const parameters = [...weights.variables.values()].reduce((sum, { size: count }) => sum + count, 0)
  say({ phase, parameters, openSeconds: seconds(began), peakMiB: peakMiB() })
  const emit = (event: { type: string }): void => { if (event.type === 'step' || event.type === 'step-refused') say({ event: event.type, ...('losses' in event ? { losses: event.losses } : {}) }) }
  const table = evenTable(space, settings.latency)
  const loader = (stream: string): BatchLoader => noise(stream, phase === 'pretrain' ? settings.pretrain.batch : settings.search.batch, space.classes, size)
  const trainable = phase === 'pretrain'
    ? new Pretrainer({ trainer, team, settings: settings.pretrain, seed: settings.seed, loader: loader('A'), emit })
    : new Searcher({
        variant: 'decoupled', trainer, team, settings: settings.search, seed: settings.seed, pairs: [[16, 32], [8, 32], [8, 16]], table,
        costs: { student: latencyCosts(space, table, 'student'), teacher: latencyCosts(space, table, 'teacher') },
        weightLoader: loader('A'), architectureLoader: loader('B'),
        // Judged at the end of an epoch, which no step here reaches.
        judge: {} as never, emit
      })
  for (let step = 0; step < steps; step++) {
    const stepBegan = performance.now()
    const { applied } = await trainable.step(step)
    say({ phase, step, applied, seconds: seconds(stepBegan), peakMiB: peakMiB() })
  }
  const copied = trainable.tensors()
  say({ phase, checkpointMiB: [...copied.values()].reduce((sum, { data }) => sum + data.byteLength, 0) / 2 ** 20, peakMiB: peakMiB() })
  trainable.dispose()
}

/** Every entry 1 ms: a step's time does not depend on them. */
function evenTable(space: SearchSpace, { height, width }: { height: number; width: number }): LatencyTable {
  const entries = Object.fromEntries(latencyKeys(space, { height, width }).map((key) => [latencyKeyText(key), { medianMs: 1, deviationMs: 0, count: 1 }]))
  const machine = { cpu: 'none', cores: 1, memoryBytes: 1, platform: 'none' }
  return { version: 1, name: 'even', height, width, machine, runtime: { name: 'none', version: '0', threads: 1 }, warmup: 0, repeats: 1, measuredAt: '', callMs: 0, entries }
}

function noise(stream: string, count: number, classes: number, size: { height: number; width: number }): BatchLoader {
  const random = randomStream(1, stream)
  const pixels = count * size.height * size.width
  const images = Float32Array.from({ length: pixels * 3 }, () => random.normal())
  const labels = Uint8Array.from({ length: pixels }, () => random.integer(classes))
  return { next: () => Promise.resolve({ images, labels, ids: [], crops: [], count, ...size, waitedMs: 0 }), waitedMs: 0, close: () => undefined }
}

function seconds(began: number): number {
  return (performance.now() - began) / 1000
}

function peakMiB(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
}

function say(message: Record<string, unknown>): void {
  console.log(JSON.stringify(message, (_, value: unknown) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value)))
}
