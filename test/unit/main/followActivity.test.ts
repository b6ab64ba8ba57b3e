import { describe, expect, it } from 'vitest'
import type { Activity } from '../../../src/host/desk/deskOptions.js'
import { followActivity, goesOn } from '../../../src/main/followActivity.js'
import type { Pulse } from '../../../src/shared/events.js'

const idle: Activity = { run: null, live: null, pulse: null, jobs: 0 }
const pulse = (elapsedSeconds: number, remainingSeconds: number | null): Pulse => ({ elapsedSeconds, remainingSeconds }) as Pulse

/** What is shown while these activities follow each other. */
function shown(...activities: Partial<Activity>[]): unknown[] {
  const heard: unknown[] = []
  const follow = followActivity({
    onProgress: (fraction) => heard.push(fraction),
    onBusy: (busy) => heard.push(busy ? 'awake' : 'may sleep'),
    onIdle: () => heard.push('idle')
  })
  for (const activity of activities) follow({ ...idle, ...activity })
  return heard
}

describe('what the desktop shows', () => {
  it('is nothing while nothing goes on', () => {
    expect(shown({}, {})).toEqual([])
  })

  it('is a machine awake from the start of a run to its end, told once', () => {
    const run = 'one'
    expect(shown({ run, live: 'starting' }, { run, live: 'running' }, { run, live: 'stopping' }, {})).toEqual(['awake', 'may sleep', 'idle'])
  })

  it('lets the machine sleep while the run is paused, which still goes on', () => {
    const run = 'one'
    expect(shown({ run, live: 'running' }, { run, live: 'pausing' }, { run, live: 'paused' }, { run, live: 'running' })).toEqual(['awake', 'may sleep', 'awake'])
    expect(goesOn({ ...idle, run, live: 'paused' })).toBe(true)
  })

  it('is the part of the whole plan that is done, once that is known', () => {
    const run = 'one'
    const live = 'running'
    expect(shown({ run, live }, { run, live, pulse: pulse(5, null) }, { run, live, pulse: pulse(10, 30) }, { run, live, pulse: pulse(20, 20) }, {})).toEqual([
      'awake', 0.25, 0.5, 'may sleep', null, 'idle'
    ])
  })

  it('counts an export as work', () => {
    expect(shown({ jobs: 1 }, { jobs: 2 }, {})).toEqual(['awake', 'may sleep', 'idle'])
  })
})
