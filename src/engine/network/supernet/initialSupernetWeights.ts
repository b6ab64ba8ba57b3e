import type { SearchSpace } from '../../../shared/architecture.js'
import { kaimingNormal } from '../../../core/kaimingNormal.js'
import type { Weight } from '../../graph/weights.js'
import { supernetShapes, type PredictionName } from './layout.js'

/** The weights a supernet starts from: Kaiming normal convolutions, norms of scale 1 and offset 0, biases 0. A function of the seed and each name. */
export function* initialSupernetWeights(space: SearchSpace, predictions: readonly PredictionName[], seed: number): Generator<[string, Weight]> {
  for (const [name, shape] of supernetShapes(space, predictions)) {
    if (name.endsWith('.weight')) {
      yield [name, { shape, data: kaimingNormal(shape as [number, number, number, number], seed, name) }]
      continue
    }
    const size = shape[0]
    yield [name, { shape, data: new Float32Array(size).fill(name.endsWith('.scale') ? 1 : 0) }]
  }
}
