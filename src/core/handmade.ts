/**
 * A hand-made network to compare with: two branches of plain 3x3 convolutions, all equally wide, one that stays at 1/8 for detail and
 * one that goes down to 1/32 for context, as in BiSeNet and ICNet. Built, trained and timed like any derived network.
 */
import { scales, type Architecture, type DerivedBranch, type DerivedCell, type Scale, type SearchSpace } from '../shared/architecture.js'
import { AppError } from '../shared/errors.js'
import { sharedLayerCount } from './network/sharedGroups.js'

export interface HandmadeShape {
  /** Width of every map between two cells, in twelfths. */
  width: number
  /** Cells of the context branch at 1/8, 1/16 and 1/32; the last one of the first two stages halves the map. At least 1 each. */
  cells: readonly [number, number, number]
  /** Cells of the detail branch, all at 1/8. At least 1. */
  detailCells: number
}

/** With the student's stem and head. The branches share what is equal, as in derived networks. */
export function handmadeArchitecture(space: SearchSpace, shape: HandmadeShape, name = 'handmade'): Architecture {
  const context = contextBranch(space, shape)
  const detail = branch(space, shape, Array.from({ length: shape.detailCells }, () => ({ scale: 8, downsample: false })))
  const branches = [context, detail]
  const { classes, baseWidth, studentStemWidth: stemWidth } = space
  return { version: 1, name, classes, baseWidth, stemWidth, branches, sharedLayers: sharedLayerCount(branches), notes: [] }
}

/**
 * The `count` hand-made networks of this space whose latency is nearest to `targetMs`, nearest first: every width of the space, and stages
 * of up to `layers` cells altogether. Of equally near ones the wider comes first. `latencyMs` says what one costs, for example by the table.
 */
export function handmadesNearLatency(
  space: SearchSpace, targetMs: number, latencyMs: (architecture: Architecture) => number, count: number
): Architecture[] {
  if (space.widths.length === 0) throw new AppError('internal', 'The space has no width for a hand-made network.')
  return handmadeShapes(space)
    .map((shape) => handmadeArchitecture(space, shape))
    .map((architecture) => ({ architecture, distance: Math.abs(latencyMs(architecture) - targetMs) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ architecture }) => architecture)
}

/** The widest and longest of them: the measure of a target that is a share (`search.targetLatencyShare`). */
export function largestHandmade(space: SearchSpace): Architecture {
  // Widest first, and of each width the longest last.
  const shapes = handmadeShapes({ ...space, widths: [Math.max(...space.widths)] })
  return handmadeArchitecture(space, shapes[shapes.length - 1])
}

/** Stages of equal length, or one cell longer where the cells do not divide by three; the detail branch is one cell longer still. */
function handmadeShapes(space: SearchSpace): HandmadeShape[] {
  const widestFirst = [...space.widths].sort((a, b) => b - a)
  return widestFirst.flatMap((width) => Array.from({ length: Math.max(1, space.layers - 2) }, (_, index): HandmadeShape => {
    const cells = index + 3
    const stage = (place: number) => Math.floor((cells + place) / 3)
    return { width, cells: [stage(0), stage(1), stage(2)], detailCells: stage(0) + 1 }
  }))
}

function contextBranch(space: SearchSpace, shape: HandmadeShape): DerivedBranch {
  const places = scales.flatMap((scale, row) => (
    Array.from({ length: shape.cells[row] }, (_, index) => ({ scale, downsample: row < 2 && index === shape.cells[row] - 1 }))
  ))
  return branch(space, shape, places)
}

function branch(space: SearchSpace, shape: HandmadeShape, places: { scale: Scale; downsample: boolean }[]): DerivedBranch {
  const cells = places.map((place, layer): DerivedCell => {
    const width = layer === places.length - 1 ? space.studentStemWidth : shape.width
    return { layer, operator: 'conv', ...place, width }
  })
  return { finalScale: places[places.length - 1].scale, cells }
}
