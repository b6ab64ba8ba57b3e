import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../../../src/shared/config/parseSettings.js'
import { refuseChangesOnResume, settingChanges } from '../../../../src/shared/config/settingsOnResume.js'

const before = parseSettings({}, 'test')

describe('settings on resume', () => {
  it('lets go on with equal settings', () => {
    expect(settingChanges(before, parseSettings({}, 'test'))).toEqual([])
    expect(() => refuseChangesOnResume(before, parseSettings({}, 'test'), 'a')).not.toThrow()
  })

  it('lets the checkpoint interval change', () => {
    const after = parseSettings({ run: { checkpointSteps: 7 } }, 'test')
    expect(settingChanges(before, after)).toEqual([{ path: 'run.checkpointSteps', before: 100, after: 7, allowed: true }])
    expect(() => refuseChangesOnResume(before, after, 'a')).not.toThrow()
  })

  it('names each setting that would break exactness, and only those', () => {
    const after = parseSettings({ seed: 2, space: { widths: [4, 12] }, run: { checkpointSteps: 7 } }, 'test')
    expect(() => refuseChangesOnResume(before, after, 'night')).toThrow(
      'Run night cannot go on with other values of seed (was 1, now 2), space.widths (was [4,6,8,10,12], now [4,12]).'
    )
  })
})
