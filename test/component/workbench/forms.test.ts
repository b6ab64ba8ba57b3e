import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { checkSettings } from '../../../src/renderer/forms/checkSettings.js'
import { textOf, valueOf } from '../../../src/renderer/forms/controlText.js'
import { settingWords } from '../../../src/renderer/forms/settingWords.js'
import SettingsForm from '../../../src/renderer/forms/SettingsForm.vue'
import { settingsZh } from '../../../src/renderer/locales/settingsZh.js'
import { useLocale } from '../../../src/renderer/locales/useLocale.js'
import { en } from '../../../src/renderer/locales/workbench/en.js'
import { zh } from '../../../src/renderer/locales/workbench/zh.js'
import { createDraft, provideDraft, type Draft } from '../../../src/renderer/stores/draft.js'
import { describeSettings } from '../../../src/shared/config/describeSettings.js'
import { presetNames, presets } from '../../../src/shared/presets.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import { forgetEverything } from './mountWorkbench.js'

// A form of all settings is much work for a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 })
afterEach(forgetEverything)

const settings = describeSettings()

const choicesOf = (path: string): readonly string[] => settings.find((setting) => setting.path === path)?.choices ?? []

function mountForm(): { form: VueWrapper; draft: Draft } {
  let draft: Draft | undefined
  const form = mount(defineComponent({
    setup() {
      draft = createDraft()
      provideDraft(draft)
      return () => h(SettingsForm, { wrong: checkSettings(draft!.input.value).wrong })
    }
  }))
  return { form, draft: draft! }
}

const control = (form: VueWrapper, path: string) => form.get(`[id="all-${path}"]`)

/** Elements by id at once: asking for each of so many takes long. */
const byId = (form: VueWrapper): Map<string, Element> => new Map(form.findAll('[id]').map(({ element }) => [element.id, element]))

describe('the form', () => {
  it('has a control with a label, a help and the preset\'s value for every setting', () => {
    const { form, draft } = mountForm()
    const elements = byId(form)
    const labels = new Map(form.findAll('label[for]').map((label) => [label.attributes('for'), label.text()]))
    for (const setting of settings) {
      const element = elements.get(`all-${setting.path}`) as HTMLInputElement
      expect([setting.path, labels.get(`all-${setting.path}`)]).toEqual([setting.path, setting.label])
      expect(elements.get(`all-${setting.path}-help`)?.textContent.trim()).toBe(setting.help)
      const value = draft.value(setting.path)
      if (setting.kind === 'boolean') expect([setting.path, element.checked]).toEqual([setting.path, value])
      else if (setting.kind !== 'choices') expect([setting.path, element.value]).toEqual([setting.path, textOf(value)])
    }
    expect(form.findAll('details').length).toBe(new Set(settings.map(({ group }) => group)).size)
  })

  it('turns what is typed into settings as the host takes them, and back to the preset with a button', async () => {
    const { form, draft } = mountForm()
    await control(form, 'search.lambda').setValue('2e-2')
    await control(form, 'search.epochs').setValue('7')
    await control(form, 'space.widths').setValue('4 8;12')
    await control(form, 'train.distillation').setValue(false)
    await control(form, 'train.lossStride').setValue('4')
    await control(form, 'train.curve').setValue('cosine')
    await form.findAll('[aria-label="Branches"] input')[4].trigger('change')
    const sent = parseSettings(draft.input.value, 'test')
    expect([sent.search.lambda, sent.search.epochs, sent.space.widths, sent.train.distillation, sent.train.lossStride, sent.train.curve, sent.space.branchPairs])
      .toEqual([0.02, 7, [4, 8, 12], false, 4, 'cosine', ['16,32', '8,16']])
    expect(form.text()).toContain(en.form.changed(3))
    await form.findAll('.field button').find((button) => button.text() === 'back to 0.01 (Lambda)')!.trigger('click')
    expect(draft.isChanged('search.lambda')).toBe(false)
    expect((control(form, 'search.lambda').element as HTMLInputElement).value).toBe('0.01')
    // Typing the preset's own value is no change either.
    await control(form, 'search.epochs').setValue('2')
    expect(draft.isChanged('search.epochs')).toBe(false)
  })

  it.each([
    ['search.epochs', '2.5', 'a whole number, 0 to 10000'],
    ['search.epochs', 'many', 'a whole number, 0 to 10000'],
    ['search.lambda', '', 'a number, 0 to 1000000'],
    ['data.cropHeight', '100', 'a whole number, 32 to 16384, a multiple of 32'],
    ['search.gumbelTemperature', '0', 'a number, more than 0, at most 1000000000'],
    ['search.targetLatencyMs', '-1', 'a number, 0 to 1000000000'],
    ['data.scales', '0.5, 9', '1 to 16 values, separated by commas, each a number, 0.25 to 4'],
    ['search.latencyWeights', '1, 2', '3 values, separated by commas, each a number, 0 to 1000']
  ])('says beside %s what "%s" should have been', async (path, text, range) => {
    const { form } = mountForm()
    await control(form, path).setValue(text)
    expect(form.get(`[id="all-${path}-help"] .wrong`).text()).toBe(en.form.expected(range))
    expect(control(form, path).attributes('aria-invalid')).toBe('true')
    expect(form.text()).toContain(en.form.wrong(1))
    // What was typed stays, so that it can be corrected; the text keeps standing in the draft.
    expect((control(form, path).element as HTMLInputElement).value).toBe(text)
  })

  it('finds settings by label, help and flag, in both languages', async () => {
    const { form } = mountForm()
    const search = form.get('input[type=search]')
    await search.setValue('gumbel')
    expect(form.findAll('.field').length).toBe(1)
    expect(form.get('details').attributes('open')).toBeDefined()
    await search.setValue('search.learningrate')
    expect(form.findAll('.field label').map((label) => label.text())).toEqual(['Learning rate'])
    await search.setValue('zebra')
    expect(form.text()).toContain(en.form.nothingFound)
    useLocale().locale.value = 'zh'
    await search.setValue('温度')
    expect(form.findAll('.field label').map((label) => label.text())).toEqual(['Gumbel 温度', '蒸馏温度'])
  })

  it('notices settings that do not fit together', () => {
    const { draft } = mountForm()
    draft.set('space.widths', [8, 4, 12])
    expect(checkSettings(draft.input.value).contradiction?.message).toContain('must ascend')
    draft.reset('space.widths')
    expect(checkSettings(draft.input.value)).toEqual({ wrong: new Set(), contradiction: null })
  })
})

describe('the draft', () => {
  it.each(presetNames)('with the preset %s sends what the preset is', (preset) => {
    const draft = createDraft()
    draft.state.preset = preset
    expect(parseSettings(draft.input.value, 'draft')).toEqual(parseSettings(presets[preset].settings, 'preset'))
  })

  it('outlives a reload of the page, and takes nothing that is not its own', async () => {
    const draft = createDraft()
    draft.state.preset = 'tiny'
    draft.state.name = 'street one'
    draft.set('search.lambda', 0.5)
    await flushPromises()
    const again = createDraft()
    expect(again.state).toEqual({ preset: 'tiny', job: 'run', name: 'street one', changes: { 'search.lambda': 0.5 } })
    window.sessionStorage.setItem('cellscope.draft', '{"preset":"gone","job":"rule","name":3,"changes":{"no.such":1,"seed":7}}')
    expect(createDraft().state).toEqual({ preset: 'quick', job: 'run', name: '', changes: { seed: 7 } })
    window.sessionStorage.setItem('cellscope.draft', '{"preset":')
    expect(createDraft().state.preset).toBe('quick')
  })

  it('takes a folder with settings for someone\'s own images, and goes back to streets', () => {
    const draft = createDraft()
    draft.takeFolder('/data/own')
    expect([draft.state.preset, draft.value('data.source'), draft.value('data.height')]).toEqual(['camvid-small', '/data/own', 0])
    draft.takeStreets()
    expect([draft.state.preset, draft.value('data.source')]).toEqual(['quick', 'streets'])
    draft.state.preset = 'paper'
    draft.takeFolder('/data/own')
    expect([draft.state.preset, draft.value('data.source')]).toEqual(['paper', '/data/own'])
  })
})

describe('a control\'s text', () => {
  it('comes back as the value that it was made of, for every setting of every preset', () => {
    for (const setting of settings.filter(({ kind }) => kind !== 'boolean' && kind !== 'choices')) {
      expect([setting.path, valueOf(textOf(setting.default), setting)]).toEqual([setting.path, setting.default])
    }
  })

  it('that is no number stays text, which no schema of a number takes', () => {
    for (const text of ['', ' ', '1,5', '0x10', 'NaN', 'Infinity', '1e999', '--1', '1 2']) expect(valueOf(text, { kind: 'number' })).toBe(text)
    expect(valueOf('1, two', { kind: 'numbers' })).toBe('1, two')
    expect(valueOf(' -.5e1 ', { kind: 'number' })).toBe(-5)
  })
})

describe('the words of settings', () => {
  it('are there in Chinese for every setting, and for no other', () => {
    expect(Object.keys(settingsZh).sort()).toEqual(settings.map(({ path }) => path).sort())
    for (const setting of settings) {
      const words = settingWords(setting, 'zh', zh)
      expect([setting.path, /[\u4e00-\u9fff]/.test(words.help)]).toEqual([setting.path, true])
      expect(words.range).not.toMatch(/number|values|whole|text|undefined/)
    }
  })

  it('name every layout and every weather that can be chosen', () => {
    for (const { data } of [en, zh]) {
      expect(Object.keys(data.layouts).sort()).toEqual(['streets', ...choicesOf('data.layout')].sort())
      expect(Object.keys(data.weathers).sort()).toEqual([...choicesOf('data.streetsWeather')].sort())
    }
  })

  it('keep every figure of the English help', () => {
    const figures = (text: string): string[] => [...text.matchAll(/\d+(?:[.,]\d+)*(?:e-\d+)?/g)].map(([figure]) => figure).sort()
    for (const { path, help } of settings) expect([path, figures(settingsZh[path].help)]).toEqual([path, figures(help)])
  })
})
