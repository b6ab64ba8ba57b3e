import { describe, expect, it } from 'vitest'
import { describeSettings } from '../../../../src/shared/config/describeSettings.js'
import { mergeSettings } from '../../../../src/shared/config/mergeSettings.js'
import { parseSettings } from '../../../../src/shared/config/parseSettings.js'
import { presets } from '../../../../src/shared/presets.js'
import { AppError } from '../../../../src/shared/errors.js'

function errorOf(work: () => unknown): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const wrong: [name: string, input: unknown, code: string, message: string][] = [
  ['an unknown group', { serach: {} }, 'settings.unknown-key', 'a.json: there is no setting "serach".'],
  ['an unknown key', { search: { lamda: 1 } }, 'settings.unknown-key', 'a.json: there is no setting "search.lamda".'],
  ['a key at the wrong place', { gumbelTemperature: 1 }, 'settings.unknown-key', 'a.json: there is no setting "gumbelTemperature".'],
  [
    'text for a number',
    { search: { lambda: 'big' } },
    'settings.invalid-value',
    'a.json: search.lambda must be number, 0 to 1000000, but is "big".'
  ],
  [
    'a number that is too large',
    { seed: 5e9 },
    'settings.invalid-value',
    'a.json: seed must be whole number, 0 to 4294967295, but is 5000000000.'
  ],
  [
    'an infinite number',
    { seed: Infinity },
    'settings.invalid-value',
    'a.json: seed must be whole number, 0 to 4294967295, but is Infinity.'
  ],
  [
    'a number that is not one',
    { search: { lambda: NaN } },
    'settings.invalid-value',
    'a.json: search.lambda must be number, 0 to 1000000, but is NaN.'
  ],
  [
    'a fraction for a whole number',
    { space: { layers: 4.5 } },
    'settings.invalid-value',
    'a.json: space.layers must be whole number, 3 to 64, but is 4.5.'
  ],
  ['a crop that no scale divides', { data: { cropHeight: 100 } }, 'settings.invalid-value', 'a multiple of 32 (px), but is 100.'],
  ['an unknown choice', { search: { latencyTerm: 'none' } }, 'settings.invalid-value', 'must be decoupled, joint or both, but is "none".'],
  [
    'a list of the wrong length',
    { search: { latencyWeights: [1, 2] } },
    'settings.invalid-value',
    'search.latencyWeights must be 3 values, each number, 0 to 1000, but is [1,2].'
  ],
  [
    'a bad item of a list',
    { space: { widths: [0, 12] } },
    'settings.invalid-value',
    'space.widths must be 1 to 12 values, each whole number, 1 to 12, but is [0,12].'
  ],
  ['a list for a group', { search: [] }, 'settings.invalid-value', 'a.json: "search" must be an object, but is [].'],
  ['null', null, 'settings.invalid-value', 'a.json: settings must be an object, but is null.'],
  [
    'widths that do not ascend',
    { space: { widths: [8, 4, 12] } },
    'settings.invalid-value',
    'space.widths must ascend and end with 12, but is [8,4,12].'
  ],
  [
    'widths without the full one',
    { space: { widths: [4, 8] } },
    'settings.invalid-value',
    'space.widths must ascend and end with 12, but is [4,8].'
  ],
  ['half a size', { data: { height: 64 } }, 'settings.invalid-value', 'must both be 0 or both be given, but are 64 and 0.'],
  ['a pair twice', { space: { branchPairs: ['8,16', '8,16'] } }, 'settings.invalid-value', 'must not repeat any'],
  [
    'a huge text',
    { data: { source: 'x'.repeat(10_000_000) } },
    'settings.invalid-value',
    'data.source must be text of at most 4096 characters, but is "xxx'
  ],
  [
    'a number that is none of the choices',
    { train: { lossStride: 3 } },
    'settings.invalid-value',
    'train.lossStride must be 1, 2, 4 or 8, but is 3.'
  ],
  [
    'second order in several threads',
    { search: { order: 'second' }, run: { passWorkers: 2 } },
    'settings.invalid-value',
    'a.json: search.order second runs its passes in one thread and needs run.passWorkers 1, but that is 2.'
  ],
  [
    'a controller of nothing',
    { search: { latencyController: 'window', lambda: 0 } },
    'settings.invalid-value',
    'a.json: search.latencyController window doubles and halves search.lambda, which must be above 0, but is 0.'
  ],
  [
    'half a crop of pretraining',
    { data: { pretrainCropHeight: 64 } },
    'settings.invalid-value',
    'data.pretrainCropHeight and data.pretrainCropWidth must both be 0 or both be given, but are 64 and 0.'
  ],
  ['several at once', { seed: -1, space: { layers: 0 } }, 'settings.invalid-value', '(1 more of its settings are wrong, too)']
]

describe('parseSettings', () => {
  it.each(wrong)('refuses %s', (_, input, code, message) => {
    const error = errorOf(() => parseSettings(input, 'a.json'))
    expect(error.code).toBe(code)
    expect(error.kind).toBe('user')
    expect(error.message).toContain(message)
    expect(error.message.length).toBeLessThan(400)
  })

  it('suggests the setting that was meant', () => {
    expect(errorOf(() => parseSettings({ search: { lamda: 1 } }, 'a.json')).hint).toContain('"search.lambda"')
    expect(errorOf(() => parseSettings({ serach: {} }, 'a.json')).hint).toContain('"search"')
    expect(errorOf(() => parseSettings({ gumbelTemperature: 1 }, 'a.json')).hint).toContain('"search.gumbelTemperature"')
    expect(errorOf(() => parseSettings({ train: { architectureLearningRate: 1 } }, 'a.json')).hint).toContain(
      '"search.architectureLearningRate"'
    )
    expect(errorOf(() => parseSettings({ qqqqqqqqqqqqqqqqqq: 1 }, 'a.json')).hint).not.toContain('Did you mean')
  })

  it('fills in every default', () => {
    const settings = parseSettings({ search: { lambda: 0.5 } }, 'a.json') as unknown as Record<string, Record<string, unknown>>
    for (const { path, default: standard } of describeSettings()) {
      const [group, name] = path.split('.')
      const value = name === undefined ? settings[group] : settings[group][name]
      expect(value, path).toEqual(path === 'search.lambda' ? 0.5 : standard)
    }
  })

  it.each(Object.entries(presets))('accepts preset %s', (_, preset) => {
    expect(() => parseSettings(preset.settings, 'preset')).not.toThrow()
  })
})

describe('mergeSettings', () => {
  it('leaves the prototype of all objects alone', () => {
    mergeSettings({}, JSON.parse('{"__proto__": {"polluted": true}}') as object)
    mergeSettings({ search: {} }, JSON.parse('{"search": {"__proto__": {"polluted": true}}}') as object)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('lets later layers win, setting by setting, lists whole', () => {
    const merged = mergeSettings({ seed: 1, space: { layers: 4, widths: [4, 12] } }, { space: { layers: 5 } }, { space: { widths: [12] } })
    expect(merged).toEqual({ seed: 1, space: { layers: 5, widths: [12] } })
  })

  it('changes no layer', () => {
    const preset = { space: { layers: 4 } }
    mergeSettings(preset, { space: { layers: 5 } })
    expect(preset).toEqual({ space: { layers: 4 } })
  })
})
