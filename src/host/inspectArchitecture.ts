/** What an architecture is, counted without TensorFlow: its layers, parameters and multiply-adds at a size. */
import { networkCost } from '../core/cost.js'
import { derivedGraph } from '../core/networkBuilder.js'
import type { Architecture } from '../shared/architecture.js'
import { parseArchitecture } from '../shared/parseArchitecture.js'
import { readJsonFile } from '../storage/jsonFile.js'

export interface InspectedLayer {
  name: string
  kind: string
  /** Height, width, channels of the map it makes. */
  output: [number, number, number]
  kernel?: number
  stride?: number
  parameters: number
  multiplyAdds: number
}

export interface Inspection {
  name: string
  classes: number
  height: number
  width: number
  parameters: number
  multiplyAdds: number
  branches: { finalScale: number; cells: number }[]
  sharedLayers: number
  layers: InspectedLayer[]
}

/** Reads architecture.json. @throws AppError file.not-found, file.format, architecture.invalid */
export function readArchitecture(path: string): Architecture {
  return parseArchitecture(readJsonFile(path), path)
}

/** Without the auxiliary heads, which only training uses. */
export function inspectArchitecture(architecture: Architecture, size: { height: number; width: number }): Inspection {
  const graph = derivedGraph(architecture, { ...size, auxiliaryHeads: false })
  const layers = graph.nodes.map((node): InspectedLayer => {
    const { height, width, channels } = node.output
    const shape = node.kind === 'conv' ? { kernel: node.kernel, stride: node.stride } : {}
    return { name: node.name, kind: node.kind, output: [height, width, channels], ...shape, ...networkCost({ nodes: [node], outputs: [] }) }
  })
  return {
    name: architecture.name,
    classes: architecture.classes,
    ...size,
    ...networkCost(graph),
    branches: architecture.branches.map(({ finalScale, cells }) => ({ finalScale, cells: cells.length })),
    sharedLayers: architecture.sharedLayers,
    layers
  }
}
