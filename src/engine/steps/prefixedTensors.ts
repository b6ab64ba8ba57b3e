/** Several groups of named tensors in one checkpoint: each group's names carry its prefix. */
import type { StoredTensor } from '../../storage/safetensors.js'
import type { Weight } from '../graph/weights.js'

/** Adds `weights` to `into` under `prefix/NAME`. */
export function addPrefixed(into: Map<string, StoredTensor>, prefix: string, weights: ReadonlyMap<string, Weight>): void {
  for (const [name, { shape, data }] of weights) into.set(`${prefix}/${name}`, { dtype: 'F32', shape, data })
}

/** The group `prefix` of a checkpoint, names without the prefix. */
export function takePrefixed(from: ReadonlyMap<string, StoredTensor>, prefix: string): Map<string, Weight> {
  const weights = new Map<string, Weight>()
  for (const [name, tensor] of from) {
    if (!name.startsWith(`${prefix}/`)) continue
    if (tensor.dtype !== 'F32') throw new Error(`${name} should be float32, not ${tensor.dtype}`)
    weights.set(name.slice(prefix.length + 1), { shape: tensor.shape, data: tensor.data })
  }
  return weights
}
