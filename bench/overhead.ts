/**
 * What checkpoints, journal and an open window cost a search: a run of the host's with a page that watches it, whose engine keeps journal,
 * pulses and checkpoints in blocks of steps and leaves them out in the blocks between. Preset quick, `--pretrain` and `--search` steps.
 * `npm run bench -- overhead [--pretrain 40] [--search 80] [--block 5] [--checkpoint 10] [--json]`
 */
import { parseArgs } from 'node:util'
import { mergeSettings } from '../src/shared/config/mergeSettings.js'
import { settingsSchema, type Settings, type SettingsInput } from '../src/shared/config/settings.js'
import { presets } from '../src/shared/presets.js'
import { runCounted } from './countedEngine/runCounted.js'
import type { StepCost } from './countedEngine/turns.js'
import { overheadOf, type Overhead, type Shares } from './overhead/overheadOf.js'
import type { Spread } from './turns/spread.js'

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      pretrain: { type: 'string', default: '40' }, search: { type: 'string', default: '80' }, block: { type: 'string', default: '5' },
      checkpoint: { type: 'string', default: '10' }, json: { type: 'boolean', default: false }
    }
  })
  const [pretrain, search] = [Number(values.pretrain), Number(values.search)]
  const settings = settingsOf(pretrain, search)
  const { steps, page, othersCpuMs } = await runCounted(settings, { blockSteps: Number(values.block), steps: pretrain + search - 1, checkpointSteps: Number(values.checkpoint) })
  const result = { ...overheadOf(steps, settings.run), othersCpuShare: othersCpuMs / total(steps), page: { entries: page.entries, gaps: page.gaps, pulses: page.pulses } }
  console.log(values.json ? JSON.stringify(result) : described(result))
}

/** Processor time of the engine in all kept steps. */
function total(steps: StepCost[]): number {
  return steps.reduce((sum, { kept, whole }) => sum + (kept ? whole.cpuMs : 0), 0)
}

/** One search, a single epoch, so that only its last step is judged. */
function settingsOf(pretrainSteps: number, searchSteps: number): Settings {
  const changes: SettingsInput = {
    pretrain: { stepsPerEpoch: pretrainSteps },
    search: { epochs: 1, stepsPerEpoch: searchSteps, latencyTerm: 'decoupled' }
  }
  return settingsSchema.parse(mergeSettings(presets.quick.settings as unknown as SettingsInput, changes))
}

function described(result: Overhead & { othersCpuShare: number }): string {
  const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`
  const inMs = ({ median, range: [least, most] }: Spread, factor = 1): string => [median, least, most].map((value) => (factor * value).toFixed(0)).join(', ') + ' ms'
  const inShares = (shares: Shares): string => Object.entries(shares).map(([thing, share]) => `${thing} ${percent(share)}`).join(', ')
  const { time, processor, checkpoints, checkpointMs, checkpointsBySettings, stages, othersCpuShare } = result
  return [
    `of the engine's time in kept steps: ${inShares(time)}`,
    `of its processor time: ${inShares(processor)}; host and page besides: ${percent(othersCpuShare)}`,
    `${checkpoints} checkpoints (median, least, most): ${inMs(checkpointMs)}; ${percent(checkpointsBySettings)} of the time at the pace of the settings`,
    ...stages.map(({ stage, kept, bare, difference }) => `${stage} (median, least, most): kept ${inMs(kept, 1000)}; bare ${inMs(bare, 1000)}; difference ${percent(difference)}`)
  ].join('\n')
}
