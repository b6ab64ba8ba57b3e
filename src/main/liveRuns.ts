/** Which runs this program has going, how far they are, and how they ended: what taskbar, power saving and notifications show. */
import type { HostNews, LiveState } from '../shared/clientProtocol.js'
import type { ShellClient } from './shellClient.js'

export interface LiveRunsListeners {
  /** `fraction` of the whole plan of the run that is furthest from its end; null where nothing runs or nothing is known. */
  onProgress(fraction: number | null): void
  /** Whether anything computes now; a run that is paused does not. */
  onBusy(busy: boolean): void
  onOver(run: string, over: 'finished' | 'stopped' | 'failed'): void
}

export interface LiveRuns {
  any(): boolean
}

/** More than any journal has: pulses are wanted, entries are not. */
const noEntries = Number.MAX_SAFE_INTEGER

export function followLiveRuns(client: ShellClient, listeners: LiveRunsListeners): LiveRuns {
  const states = new Map<string, LiveState>()
  const fractions = new Map<string, number>()
  let busy = false

  client.onNews((news) => {
    if (news.news === 'state') hearState(news)
    else if (news.news === 'pulse') hearPulse(news)
  })

  function hearState({ run, live, over }: Extract<HostNews, { news: 'state' }>): void {
    if (live !== null) {
      if (!states.has(run)) void client.request('watchRun', { run, fromSequence: noEntries }).catch(() => undefined)
      states.set(run, live)
    } else {
      states.delete(run)
      fractions.delete(run)
    }
    tellBusy()
    listeners.onProgress(progress())
    if (live === null && over !== null) listeners.onOver(run, over)
  }

  function hearPulse({ run, pulse }: Extract<HostNews, { news: 'pulse' }>): void {
    if (!states.has(run) || pulse.remainingSeconds === null) return
    const whole = pulse.elapsedSeconds + pulse.remainingSeconds
    if (whole > 0) fractions.set(run, pulse.elapsedSeconds / whole)
    listeners.onProgress(progress())
  }

  function progress(): number | null {
    return fractions.size === 0 ? null : Math.min(...fractions.values())
  }

  function tellBusy(): void {
    const now = [...states.values()].some((state) => state !== 'paused')
    if (now !== busy) listeners.onBusy(now)
    busy = now
  }

  return { any: () => states.size > 0 }
}
