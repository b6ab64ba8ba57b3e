/** `cellscope settings`: every setting with its default, range and meaning. */
import { describeSettings } from '../../shared/config/describeSettings.js'
import { settingsReference } from '../../shared/config/settingsReference.js'
import { presets } from '../../shared/presets.js'
import type { CommandContext } from '../commandContext.js'
import { exitCode } from '../exitCode.js'

export function settingsCommand({ options, headless }: CommandContext): number {
  const { out } = headless.terminal
  out(options.json === true ? `${JSON.stringify({ settings: describeSettings(), presets })}\n` : settingsReference())
  return exitCode.ok
}
