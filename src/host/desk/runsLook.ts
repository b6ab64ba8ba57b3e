/** Notices runs that come or go by another hand: the command line, or a folder that was copied or removed. */
import { readdirSync } from 'node:fs'

export interface RunsLook {
  stop(): void
}

const lookEveryMs = 2000

/** Calls back when the names in the folder are others than at the last look. */
export function lookAtRuns(folder: string, onChange: () => void): RunsLook {
  let before = namesIn(folder)
  const timer = setInterval(() => {
    const now = namesIn(folder)
    if (now === before) return
    before = now
    onChange()
  }, lookEveryMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** Half-made runs have names with a dot in front. */
function namesIn(folder: string): string {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
      .join('/')
  } catch {
    // Removed while we look; listing the runs says what is wrong.
    return ''
  }
}
