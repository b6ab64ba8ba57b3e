/** What one pixel of a network's output depends on, found by following the graph; borders and the places of resizes included. */
import type { MapShape, NetworkGraph, NetworkNode } from '../shared/networkGraph.js'

/** Rows (or columns) of the input from `first` to `last`; nothing where first > last. */
interface Span {
  first: number
  last: number
}

const nothing: Span = { first: Infinity, last: -Infinity }

/**
 * Height and width in pixels of the largest stretch of the input, over all pixels of the first output. A resize makes it depend on the
 * place: a pixel between two others reads both. What lies within the stretch but is skipped (dilation) counts.
 */
export function receptiveField(graph: NetworkGraph): { height: number; width: number } {
  return { height: longestSpan(graph, 'height'), width: longestSpan(graph, 'width') }
}

function longestSpan(graph: NetworkGraph, side: 'height' | 'width'): number {
  const shapes = new Map<string, MapShape>(graph.nodes.map(({ name, output }) => [name, output]))
  const seen = new Map<string, Span[]>()
  for (const node of graph.nodes) {
    const places = Array.from({ length: node.output[side] }, (_, place) => place)
    if (node.kind === 'input') seen.set(node.name, places.map((place) => ({ first: place, last: place })))
    else seen.set(node.name, places.map((place) => joined(node.inputs.flatMap((input) => {
      const inputSide = shapes.get(input)?.[side] ?? 0
      return placesRead(node, place, node.output[side], inputSide).map((read) => seen.get(input)?.[read] ?? nothing)
    }))))
  }
  return Math.max(0, ...(seen.get(graph.outputs[0]) ?? []).map(({ first, last }) => last - first + 1))
}

/** Rows (or columns) of an input of `from` that the node reads for its row `place` of `to`; those in the padding are left out. */
function placesRead(node: NetworkNode, place: number, to: number, from: number): number[] {
  const inside = (places: number[]): number[] => places.filter((each) => each >= 0 && each < from)
  switch (node.kind) {
    case 'conv': {
      const { kernel, stride, dilation = 1 } = node
      const middle = place * stride
      return inside(kernel === 1 ? [middle] : [middle - dilation, middle, middle + dilation])
    }
    case 'resize': {
      // Whole numbers until the division: a place that falls on a pixel reads that pixel alone.
      const exact = to === 1 ? 0 : (place * (from - 1)) / (to - 1)
      return [Math.floor(exact), Math.ceil(exact)]
    }
    case 'shift':
      return inside([place + 1])
    default:
      return [place]
  }
}

function joined(spans: Span[]): Span {
  return spans.reduce((all, { first, last }) => ({ first: Math.min(all.first, first), last: Math.max(all.last, last) }), nothing)
}
