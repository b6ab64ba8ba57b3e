/** Settings of a run that a fake engine plays. */
import { presets } from '../../../../src/shared/presets.js'

export const tiny = presets.tiny.settings as unknown as Record<string, unknown>
