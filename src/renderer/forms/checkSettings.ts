import { parseSettings } from '../../shared/config/parseSettings.js'
import { settingsSchema } from '../../shared/config/settings.js'
import { toAppError, type AppError } from '../../shared/errors.js'

export interface SettingsCheck {
  /** Settings whose value is not one of theirs. */
  wrong: ReadonlySet<string>
  /** What no single field can say: settings that do not fit together. */
  contradiction: AppError | null
}

/** Looks at all settings at once. The host checks them again. */
export function checkSettings(input: unknown): SettingsCheck {
  const parsed = settingsSchema.safeParse(input)
  if (!parsed.success) return { wrong: new Set(parsed.error.issues.map(({ path }) => settingPath(path))), contradiction: null }
  try {
    parseSettings(input, 'The form')
    return { wrong: new Set(), contradiction: null }
  } catch (thrown) {
    return { wrong: new Set(), contradiction: toAppError(thrown) }
  }
}

/** `space.widths` also for its third item. */
function settingPath(path: PropertyKey[]): string {
  return path.filter((key) => typeof key === 'string').join('.')
}
