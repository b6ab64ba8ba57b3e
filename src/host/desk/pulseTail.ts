/** The newest pulse of a run that another process drives, from the end of its side file. */
import type { Pulse } from '../../shared/events.js'
import { disk } from '../../storage/disk.js'
import { readRange } from '../../storage/readBytes.js'
import { kindOf, named } from '../../storage/storageError.js'

const tailBytes = 4096

export interface PulseTail {
  /** The newest one, if it came since the last look. The first look only takes note of what there was. */
  read(): Pulse | undefined
}

export function pulseTail(path: string): PulseTail {
  let size: number | undefined
  return {
    read() {
      if (kindOf(path) === 'none') {
        size ??= 0
        return undefined
      }
      const before = size
      const { bytes, end } = readEnd(path)
      size = end
      return before === undefined || before === end ? undefined : lastPulse(bytes)
    }
  }
}

function readEnd(path: string): { bytes: Uint8Array; end: number } {
  return named('reading', path, () => {
    const file = disk.open(path, 'r')
    try {
      const end = disk.sizeBytes(file)
      const start = Math.max(0, end - tailBytes)
      return { bytes: readRange(file, start, end - start), end }
    } finally {
      disk.close(file)
    }
  })
}

/** Of the last line that is whole. */
function lastPulse(bytes: Uint8Array): Pulse | undefined {
  const lines = Buffer.from(bytes).toString('utf8').split('\n')
  try {
    return JSON.parse(lines[lines.length - 2] ?? '') as Pulse
  } catch {
    return undefined
  }
}
