/** A settings file as a person writes it: JSON with a few groups in it, small. */
import type { SettingsInput } from '../shared/config/settings.js'
import { unknownKey } from '../shared/config/parseSettings.js'
import { settingsSchema } from '../shared/config/settings.js'
import { AppError } from '../shared/errors.js'
import { readJsonFile } from '../storage/jsonFile.js'

/** The file's settings, not yet checked in detail: they are one layer of several. @throws AppError settings.unreadable, settings.unknown-key */
export function readSettingsFile(path: string): SettingsInput {
  const value = read(path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('settings.unreadable', `${path}: expected an object with settings, found ${JSON.stringify(value).slice(0, 60)}.`)
  }
  const stray = Object.keys(value).find((key) => !(key in settingsSchema.shape))
  if (stray !== undefined) throw unknownKey([], stray, path)
  return value as SettingsInput
}

function read(path: string): unknown {
  try {
    return readJsonFile(path, { mostBytes: 1_000_000, mostDepth: 32 })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError('settings.unreadable', error.message, { cause: error })
  }
}
