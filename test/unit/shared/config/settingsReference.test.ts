import { describe, expect, it } from 'vitest'
import { describeSettings } from '../../../../src/shared/config/describeSettings.js'
import { settingsReference } from '../../../../src/shared/config/settingsReference.js'

describe('the settings reference', () => {
  it('is current in docs/settings.md (`npx vitest run settingsReference -u` remakes it)', async () => {
    await expect(settingsReference()).toMatchFileSnapshot('../../../../docs/settings.md')
  })

  it('explains every setting', () => {
    for (const setting of describeSettings()) {
      expect(setting.help.length, setting.path).toBeGreaterThan(5)
      expect(setting.label, setting.path).not.toBe(setting.path)
      expect(setting.default, setting.path).toBeDefined()
      expect(setting.range, setting.path).not.toMatch(/undefined|any/)
    }
  })
})
