import { describe, expect, it } from 'vitest'
import { describeSettings, type SettingDescription } from '../../../../src/shared/config/describeSettings.js'
import { parseSettings } from '../../../../src/shared/config/parseSettings.js'
import { placeSetting, readSettingFlag } from '../../../../src/shared/config/settingFlag.js'
import type { SettingsInput } from '../../../../src/shared/config/settings.js'
import { defaultText } from '../../../../src/shared/config/settingsReference.js'

function setting(path: string): SettingDescription {
  const found = describeSettings().find((candidate) => candidate.path === path)
  if (found === undefined) throw new Error(`no setting ${path}`)
  return found
}

describe('readSettingFlag', () => {
  it.each([
    ['search.lambda', '0.02', 0.02],
    ['search.lambda', '1e-3', 0.001],
    ['search.latencyExponent', '-0.1', -0.1],
    ['space.layers', '6', 6],
    ['space.widths', '4,8,12', [4, 8, 12]],
    ['space.widths', '4 8 12', [4, 8, 12]],
    ['space.branchPairs', '16,32;8,32', ['16,32', '8,32']],
    ['train.lossStride', '2', 2],
    ['data.flip', 'false', false],
    ['data.flip', 'yes', true],
    ['data.source', '/some where/街道', '/some where/街道'],
    ['search.latencyTerm', 'both', 'both']
  ])('--%s %s', (path, text, value) => {
    expect(readSettingFlag(setting(path), text)).toEqual(value)
  })

  it.each([
    ['search.lambda', '1e999'],
    ['search.lambda', ''],
    ['search.lambda', '0x10'],
    ['search.lambda', 'NaN'],
    ['search.lambda', '1,5'],
    ['space.widths', '4,,12,x'],
    ['data.flip', 'perhaps']
  ])('refuses --%s %s', (path, text) => {
    expect(() => readSettingFlag(setting(path), text)).toThrow(`--${path} must be ${setting(path).range}, but is `)
  })

  it('reads the default of every setting back from its text', () => {
    for (const description of describeSettings()) {
      const text = description.default === '' ? '' : defaultText(description)
      const value = readSettingFlag(description, text)
      const input: SettingsInput = {}
      placeSetting(input, description.path, value)
      const parsed = parseSettings(input, 'flags') as unknown as Record<string, Record<string, unknown>>
      const [group, name] = description.path.split('.')
      expect(parsed[group], description.path).toBeDefined()
      if (name !== undefined) expect(parsed[group][name], description.path).toEqual(value)
    }
  })
})
