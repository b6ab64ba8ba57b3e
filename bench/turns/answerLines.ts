import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A speaker's own side: says `ready`, for every line that it reads the seconds that `once` took, and at the end its peak memory. */
export async function answerLines(ready: Record<string, unknown>, once: () => Promise<unknown>): Promise<void> {
  say(ready)
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = performance.now()
    await once()
    say({ seconds: (performance.now() - began) / 1000 })
  }
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))
  say({ peakMiB: Number(peak?.[1]) / 1024 })
}

function say(message: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
