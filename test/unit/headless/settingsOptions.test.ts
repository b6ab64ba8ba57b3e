import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addSettingOptions, givenSettings } from '../../../src/headless/settingsOptions.js'

function given(...words: string[]) {
  const command = addSettingOptions(new Command().exitOverride())
  command.parse(words, { from: 'user' })
  return givenSettings(command.opts())
}

test('a bare flag of a yes-or-no setting means yes, also before another flag', () => {
  expect(given('--train.compareHandmade', '--train.distillation', 'false')).toEqual({ train: { compareHandmade: true, distillation: false } })
})

test('what is not given is not in the settings', () => {
  expect(given('--search.lambda', '0.02')).toEqual({ search: { lambda: 0.02 } })
})
