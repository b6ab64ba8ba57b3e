import { describe, expect, it } from 'vitest'
import { followLiveRuns } from '../../../src/main/liveRuns.js'
import type { HostNews, LiveState } from '../../../src/shared/clientProtocol.js'
import type { Pulse } from '../../../src/shared/events.js'

function followed() {
  let tell: (news: HostNews) => void = () => undefined
  const asked: [string, unknown][] = []
  const heard: unknown[] = []
  const runs = followLiveRuns(
    {
      request: (name, input) => {
        asked.push([name, input])
        return new Promise(() => undefined)
      },
      onNews: (listener) => (tell = listener)
    },
    {
      onProgress: (fraction) => heard.push(fraction),
      onBusy: (busy) => heard.push(busy ? 'busy' : 'idle'),
      onOver: (run, over) => heard.push(`${run} ${over}`)
    }
  )
  const state = (run: string, live: LiveState | null, over: 'finished' | 'stopped' | 'failed' | null = null): void =>
    tell({ news: 'state', run, live, over, error: null })
  const pulse = (run: string, elapsedSeconds: number, remainingSeconds: number | null): void =>
    tell({ news: 'pulse', run, pulse: { elapsedSeconds, remainingSeconds } as Pulse })
  return { runs, asked, state, pulse, heard: () => heard.splice(0) }
}

describe('the runs that go on here', () => {
  it('are counted from their first state to their end', () => {
    const { runs, asked, state, heard } = followed()
    expect(runs.any()).toBe(false)
    state('one', 'starting')
    state('one', 'running')
    expect(runs.any()).toBe(true)
    expect(asked.map(([name]) => name)).toEqual(['watchRun'])
    expect(heard()).toEqual(['busy', null, null])
    state('one', null, 'finished')
    expect(runs.any()).toBe(false)
    expect(heard()).toEqual(['idle', null, 'one finished'])
  })

  it('let the machine sleep while they are paused, and keep it awake while they stop', () => {
    const { state, heard } = followed()
    state('one', 'running')
    state('one', 'pausing')
    state('one', 'paused')
    state('one', 'running')
    state('one', 'stopping')
    expect(heard().filter((word) => typeof word === 'string')).toEqual(['busy', 'idle', 'busy'])
  })

  it('show how far the whole plan is, once that is known', () => {
    const { state, pulse, heard } = followed()
    pulse('elsewhere', 1, 1)
    state('one', 'running')
    heard()
    pulse('one', 5, null)
    expect(heard()).toEqual([])
    pulse('one', 10, 30)
    expect(heard()).toEqual([0.25])
    state('one', null, 'failed')
    expect(heard()).toEqual(['idle', null, 'one failed'])
  })
})
