/** What a run can export, and what a file of it is called. */
import { trainedNetworks, type RequestInput, type RunDescription } from '../../../shared/clientProtocol.js'
import { exportFormats } from '../../../shared/jobInputs.js'
import type { RunJournal } from '../../journal/runJournal.js'
import { isDone } from './currentStage.js'

export type ExportInput = RequestInput<'exportModel'>
export type ExportFormat = ExportInput['format']
export type TrainedNetwork = ExportInput['network']

export interface ExportChoice {
  network: TrainedNetwork
  /** Whether its training is over. */
  ready: boolean
}

export const networkFormats: readonly ExportFormat[] = exportFormats

/** The networks that the run trains, in the plan's order. */
export function exportChoices({ plan }: RunDescription, journal: RunJournal): ExportChoice[] {
  return trainedNetworks
    .filter((network) => plan.some(({ stage }) => stage === `train-${network}`))
    .map((network) => ({ network, ready: isDone(journal, { stage: `train-${network}` }) }))
}

const endings: Record<ExportFormat, string> = { onnx: '.onnx', tfjs: '-tfjs', safetensors: '.safetensors', folder: '', report: '.html' }

/** `night-student.onnx`; folders have no ending. */
export function suggestedName({ run, network, format }: Pick<ExportInput, 'run' | 'network' | 'format'>): string {
  const what = format === 'report' ? 'report' : network
  return `${run.replace(/[^\p{L}\p{N}._-]+/gu, '-')}-${what}${endings[format]}`
}
