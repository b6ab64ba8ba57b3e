/** How a person steers a run: requests arrive between two steps, and the run heeds them at its next step. */
import type { RunControl } from './runContext.js'

export interface SteeredControl extends RunControl {
  pause(): void
  continue(): void
  stop(): void
}

export interface RunControlOptions {
  checkpointSteps: number
  checkpointSeconds: number
  /** Called at every step, so that a long run shows that it lives. */
  onStep?(): void
  onState?(state: 'running' | 'paused' | 'stopping'): void
  /** Monotonic milliseconds. */
  now?(): number
}

/** A checkpoint that takes this long is only written when it costs at most 1 % of the time. */
const slowSaveMs = 100

export function createRunControl(options: RunControlOptions): SteeredControl {
  const now = options.now ?? (() => performance.now())
  let stopping = false
  let pausing = false
  let release: () => void = () => undefined
  let stepsSinceSave = 0
  let savedAt = now()
  let saveMs = 0

  function isDue(): boolean {
    const elapsedMs = now() - savedAt
    if (saveMs >= slowSaveMs && elapsedMs < 99 * saveMs) return false
    return stepsSinceSave >= options.checkpointSteps || elapsedMs >= options.checkpointSeconds * 1000
  }

  async function keep(save: (() => void | Promise<void>) | undefined): Promise<void> {
    if (save === undefined || stepsSinceSave === 0) return
    const start = now()
    await save()
    savedAt = now()
    saveMs = savedAt - start
    stepsSinceSave = 0
  }

  async function waitWhilePaused(): Promise<void> {
    options.onState?.('paused')
    await new Promise<void>((resolve) => (release = resolve))
    if (!stopping) options.onState?.('running')
  }

  return {
    async atStep(save) {
      stepsSinceSave++
      options.onStep?.()
      await messagesArrive()
      if (stopping || pausing || isDue()) await keep(save)
      if (pausing && !stopping) await waitWhilePaused()
      return stopping ? 'stop' : 'go-on'
    },
    stopRequested: () => stopping,
    pause() {
      if (!stopping) pausing = true
    },
    continue() {
      pausing = false
      release()
    },
    stop() {
      if (!stopping) options.onState?.('stopping')
      stopping = true
      release()
    }
  }
}

/** Lets the event loop turn once: a step blocks it, and commands wait in it. */
function messagesArrive(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
