/** Settings from several sources laid over one another: preset, then file, then flags. */
import type { SettingsInput } from './settings.js'

type Layer = Record<string, unknown>

/** Later layers win, setting by setting; lists are replaced whole. Nothing is checked here: parseSettings does that to the result. */
export function mergeSettings(...layers: SettingsInput[]): SettingsInput {
  return layers.reduce<Layer>((merged, layer) => mergeLayer(merged, layer), {})
}

function mergeLayer(under: Layer, over: Layer): Layer {
  const merged: Layer = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined
    merged[key] = isLayer(below) && isLayer(value) ? mergeLayer(below, value) : value
  }
  return merged
}

function isLayer(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
