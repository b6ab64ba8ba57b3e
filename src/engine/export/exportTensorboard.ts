import type { RunEvent } from '../../shared/events.js'
import { openScalarWriter } from '../tensor/tensorboard.js'
import { scalarsOf } from './scalarsOf.js'
import { writeFolder } from './writeFolder.js'

/**
 * Writes the curves of a run as TensorBoard events into `folder`, from the journal's entries; whole or not at all. An earlier folder of
 * events is replaced. Throws file.exists if something else is in the way. Returns the number of points.
 */
export async function exportTensorboard(events: Iterable<RunEvent>, folder: string): Promise<number> {
  return writeFolder(folder, isEventFile, (_write, beside) => {
    const writer = openScalarWriter(beside)
    let count = 0
    try {
      for (const event of events) {
        for (const { tag, step, value } of scalarsOf(event)) {
          writer.write(tag, step, value)
          count++
        }
      }
    } finally {
      writer.close()
    }
    return Promise.resolve(count)
  })
}

function isEventFile(name: string): boolean {
  return name.startsWith('events.out.tfevents.')
}
