/** What one forward run of a network asks of a machine, counted from its graph. */
import { networkCost } from '../core/cost.js'
import type { NetworkGraph } from '../shared/networkGraph.js'

export interface LayerWork {
  /** Convolutions that run. Each brings its batch norm, ReLU and kernel calls with it, which is what small maps cost. */
  layers: number
  /** For one image. */
  multiplyAdds: number
  /** Maps that training one image keeps for the backward pass. */
  mapBytes: number
  /** float32 numbers that are trained. */
  weightBytes: number
}

/** float32 maps: what each layer made, and of a convolution also what its batch norm made of it. */
export function graphWork(graph: NetworkGraph): LayerWork {
  const mapBytes = graph.nodes.reduce((sum, { kind, output }) => {
    const copies = kind === 'conv' ? 2 : 1
    return sum + copies * 4 * output.height * output.width * output.channels
  }, 0)
  const { multiplyAdds, parameters } = networkCost(graph)
  return { layers: graph.nodes.filter(({ kind }) => kind === 'conv').length, multiplyAdds, mapBytes, weightBytes: 4 * parameters }
}

/** Bytes of maps of a forward run alone, in the bytes of maps of a step that need as much memory: each map once, and no gradients. */
export function forwardMapBytes({ mapBytes }: LayerWork): number {
  return mapBytes / 6
}

/** The same of a step of the supernet: maps go as the walk back passes them, and its gradients are counted with its weights. */
export function supernetMapBytes({ mapBytes }: LayerWork): number {
  return mapBytes / 3.7
}

export function sumOfLayers(works: readonly LayerWork[]): LayerWork {
  return works.reduce(
    (sum, work) => ({
      layers: sum.layers + work.layers,
      multiplyAdds: sum.multiplyAdds + work.multiplyAdds,
      mapBytes: sum.mapBytes + work.mapBytes,
      weightBytes: sum.weightBytes + work.weightBytes
    }),
    { layers: 0, multiplyAdds: 0, mapBytes: 0, weightBytes: 0 }
  )
}
