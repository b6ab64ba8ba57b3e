import { createInterface } from 'node:readline'
import { peakMiB } from './peakMiB.js'

/** A speaker's own side: says `ready`, for every line that it reads the seconds that `once` took, and at the end its peak memory. */
export async function answerLines(ready: Record<string, unknown>, once: () => Promise<unknown>): Promise<void> {
  say(ready)
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = performance.now()
    await once()
    say({ seconds: (performance.now() - began) / 1000 })
  }
  say({ peakMiB: peakMiB() })
}

function say(message: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
