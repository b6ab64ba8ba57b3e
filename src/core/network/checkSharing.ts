import type { Architecture } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import { sharedLayerCount } from './sharedGroups.js'

/**
 * What is shared follows from the cells; a file that claims otherwise would be built differently than it says.
 * Throws architecture.invalid; `source` is the file or the network's name.
 */
export function checkSharing(architecture: Architecture, source: string): void {
  const found = sharedLayerCount(architecture.branches)
  if (found === architecture.sharedLayers) return
  const message = `${source}: sharedLayers is ${architecture.sharedLayers}, but the branches have ${found} cells in common.`
  throw new AppError('architecture.invalid', message, { hint: `Set sharedLayers to ${found}, or make the branches' cells differ.` })
}
