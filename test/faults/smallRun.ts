/** A run of some seconds that has every stage: its settings, and a latency table that is the same every time. */
import { randomTable } from '../unit/core/randomTable.js'
import type { SettingsInput } from '../../src/shared/config/settings.js'

const space = { layers: 3, baseWidth: 1, widths: [4, 12], studentStemWidth: 8 }
const size = { height: 64, width: 64 }

/** Measured tables differ from time to time, and a search pays by its table: runs that are compared take this one. */
export const smallTable = randomTable({ ...space, classes: 12 }, 1, size)

/** A checkpoint every other step, so that most kills lose a step. `table` is the path of a file with `smallTable`. */
export function smallSettings(table: string): SettingsInput {
  return {
    data: { source: 'streets', ...size, streetsTrain: 8, streetsVal: 2, cropHeight: 64, cropWidth: 64, selectionFraction: 0.25 },
    space: { ...space, branchPairs: ['16,32'] },
    latency: { table, ...size, repeats: 1, warmup: 1 },
    pretrain: { epochs: 1, stepsPerEpoch: 3, batch: 2 },
    search: { epochs: 2, stepsPerEpoch: 2, batch: 2 },
    train: { teacherSteps: 6, studentSteps: 6, stepsPerEpoch: 2, batch: 2 },
    run: { checkpointSteps: 2, checkpointSeconds: 600 }
  }
}
