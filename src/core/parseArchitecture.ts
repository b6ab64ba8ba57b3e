import type { Architecture } from '../shared/architecture.js'
import { AppError } from '../shared/errors.js'
import { parseArchitecture as checkArchitecture } from '../shared/parseArchitecture.js'
import { checkSharing } from './network/checkSharing.js'

/**
 * Reads the text of an architecture.json: JSON, its schema, a path that can be built, and sharing as the cells say. `fileName` is named
 * in every error. Throws architecture.invalid, or file.version for a version that this program does not know.
 */
export function parseArchitecture(text: string, fileName: string): Architecture {
  const architecture = checkArchitecture(parseText(text, fileName), fileName)
  checkSharing(architecture, fileName)
  return architecture
}

function parseText(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError('architecture.invalid', `${fileName} is not JSON: ${(error as Error).message}.`, { cause: error })
  }
}
