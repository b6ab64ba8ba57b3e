/** What an export is made of, and the parts of it that every format shares. */
import type { Architecture } from '../../shared/architecture.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { derivedGraph } from '../../core/networkBuilder.js'
import { writeOnnx } from '../graph/onnx.js'
import type { NamedWeights } from '../graph/weights.js'

export interface ImageSize {
  /** Pixels, multiples of 32. */
  height: number
  width: number
}

/** input = (value / 255 - mean) / deviation, a channel each of RGB. */
export interface Normalisation {
  mean: readonly number[]
  deviation: readonly number[]
}

/** The network as it is deployed: no auxiliary heads. */
export function deployedGraph(architecture: Architecture, size: ImageSize): NetworkGraph {
  return derivedGraph(architecture, { ...size, auxiliaryHeads: false })
}

/** The architecture as ONNX bytes, norms folded. `weights` may hold more than the deployed network needs, such as auxiliary heads. */
export function onnxOf(architecture: Architecture, weights: NamedWeights, size: ImageSize, metadata: Record<string, string> = {}): Uint8Array {
  return writeOnnx(deployedGraph(architecture, size), weights, {
    foldNorm: true,
    name: architecture.name,
    metadata: { architecture: JSON.stringify(architecture), ...metadata }
  })
}
