/**
 * The whole derived network (FasterSeg, sections 3.2 and 3.5): stem, the cells of one to three branches (shared ones once), aggregation
 * of each branch to 1/8, fusion, head, resize to the image's size.
 */
import { channels, type Architecture, type DerivedBranch, type DerivedCell, type Scale } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { addHead } from './addHead.js'
import { addOperator } from './addOperator.js'
import { addStem, stemChannels } from './addStem.js'
import { checkSharing } from './checkSharing.js'
import { GraphBuilder, type BuiltMap, type NetworkPart } from './graphBuilder.js'
import { sharedGroups, type BranchGroup } from './sharedGroups.js'

export interface DerivedGraphOptions {
  /** Image size in pixels, multiples of 32. */
  height: number
  width: number
  /** Whether to add the heads at 1/16 and 1/32 that only training uses. */
  auxiliaryHeads: boolean
}

/** The most recent map of a branch at each scale; its output is the one at its final scale. */
type BranchMaps = Partial<Record<Scale, BuiltMap>>

/**
 * Outputs: `logits` [H, W, classes]; with auxiliary heads also `auxiliary16.logits` and `auxiliary32.logits` where the branches have
 * such maps. A single branch has no fusion, because there is nothing to fuse.
 * Throws architecture.invalid if the size is no multiple of 32, or if `sharedLayers` is not what the cells say.
 */
export function derivedGraph(architecture: Architecture, options: DerivedGraphOptions): NetworkGraph {
  return buildDerived(architecture, options).graph
}

/** The derived network's parts in the order in which they run, as the latency table names them. Concatenations are not parts. */
export function derivedParts(architecture: Architecture, size: { height: number; width: number }): NetworkPart[] {
  return buildDerived(architecture, { ...size, auxiliaryHeads: false }).parts
}

function buildDerived(architecture: Architecture, options: DerivedGraphOptions): { graph: NetworkGraph; parts: NetworkPart[] } {
  checkSharing(architecture, architecture.name)
  const { height, width } = options
  if (height % 32 !== 0 || width % 32 !== 0 || height < 32 || width < 32) {
    const message = `The network ${architecture.name} needs an image whose sides are multiples of 32, not ${height}x${width}.`
    throw new AppError('architecture.invalid', message, { hint: 'Pad or scale the image to a multiple of 32.' })
  }
  const builder = new GraphBuilder()
  const image = builder.input({ height, width, channels: 3 })
  const stem = addStem(builder, image, stemChannels(architecture.baseWidth, architecture.stemWidth))
  const branches = [...architecture.branches].sort((a, b) => b.finalScale - a.finalScale)
  const maps = addCells(builder, { ...architecture, branches }, stem)
  const refined = branches.map((branch, index) => addAggregation(builder, architecture, branch, maps[index]))
  const logits = addFusionAndHead(builder, refined, architecture.classes, { height, width })
  const auxiliary = options.auxiliaryHeads ? addAuxiliaryHeads(builder, branches, maps, architecture.classes, { height, width }) : []
  return { graph: builder.graph([logits, ...auxiliary]), parts: builder.parts }
}

function addCells(builder: GraphBuilder, architecture: Architecture, stem: BuiltMap): BranchMaps[] {
  const { branches } = architecture
  const maps = branches.map((): BranchMaps => ({ 8: stem }))
  const current = branches.map(() => stem)
  sharedGroups(branches).forEach((groups, position) => {
    for (const group of groups) {
      const first = group[0]
      const cell = branches[first].cells[position]
      const output = addCell(builder, `${groupName(branches, group)}.cell${position}`, cell, current[first], architecture.baseWidth)
      for (const index of group) {
        current[index] = output
        maps[index][outputScale(cell)] = output
      }
    }
  })
  return maps
}

/** `shared` for all branches, `branches32-16` for two of three, `branch32` for one. */
function groupName(branches: DerivedBranch[], group: BranchGroup): string {
  if (group.length === branches.length && group.length > 1) return 'shared'
  const finalScales = group.map((index) => branches[index].finalScale)
  return `${group.length > 1 ? 'branches' : 'branch'}${finalScales.join('-')}`
}

/** A stride-1 skip that keeps its channels is nothing at all in a derived network. */
function addCell(builder: GraphBuilder, name: string, cell: DerivedCell, from: BuiltMap, baseWidth: number): BuiltMap {
  const outChannels = channels(outputScale(cell), baseWidth, cell.width)
  const stride = cell.downsample ? 2 : 1
  if (cell.operator === 'skip' && stride === 1 && outChannels === from.channels) return from
  builder.part(name, cell.operator, from, outChannels, stride)
  return addOperator(builder, name, cell.operator, from, { outChannels, stride })
}

function outputScale(cell: DerivedCell): Scale {
  if (!cell.downsample) return cell.scale
  return cell.scale === 8 ? 16 : 32
}

/** Brings a branch's output to 1/8, one octave at a time, each time joined with the branch's own map of that scale. */
function addAggregation(builder: GraphBuilder, architecture: Architecture, branch: DerivedBranch, maps: BranchMaps): BuiltMap {
  let map = mapAt(maps, branch.finalScale, branch)
  for (const scale of [16, 8] as const) {
    if (scale >= branch.finalScale) continue
    const outChannels = channels(scale, architecture.baseWidth, architecture.stemWidth)
    map = addRefine(builder, `branch${branch.finalScale}.refine${scale}`, map, mapAt(maps, scale, branch), outChannels)
  }
  return map
}

function addRefine(builder: GraphBuilder, name: string, coarse: BuiltMap, lateral: BuiltMap, outChannels: number): BuiltMap {
  const reduced = addConvPart(builder, `${name}.reduce`, 1, coarse, outChannels)
  const grown = addResizePart(builder, `${name}.up`, reduced, lateral)
  return addConvPart(builder, `${name}.conv`, 3, builder.concat(`${name}.concat`, [grown, lateral]), outChannels)
}

function addFusionAndHead(
  builder: GraphBuilder,
  refined: BuiltMap[],
  classes: number,
  size: { height: number; width: number }
): BuiltMap {
  if (refined.length === 0) throw new AppError('architecture.invalid', 'The network has no branch.')
  const fused = refined.length > 1 ? addFusion(builder, refined) : refined[0]
  return addResizePart(builder, 'logits', addHead(builder, 'head', fused, classes), size)
}

function addFusion(builder: GraphBuilder, refined: BuiltMap[]): BuiltMap {
  const joined = builder.concat('fusion.concat', refined)
  return addConvPart(builder, 'fusion', 1, joined, joined.channels)
}

/** As in the published code: the head at 1/32 sees that branch's output, 1/16 sees every branch's last 1/16 map. */
function addAuxiliaryHeads(
  builder: GraphBuilder,
  branches: DerivedBranch[],
  maps: BranchMaps[],
  classes: number,
  size: { height: number; width: number }
): BuiltMap[] {
  const logits: BuiltMap[] = []
  for (const scale of [16, 32] as const) {
    const seen = branches.flatMap((branch, index) => (branch.finalScale >= scale ? [mapAt(maps[index], scale, branch)] : []))
    if (seen.length === 0) continue
    const joined = seen.length > 1 ? builder.concat(`auxiliary${scale}.concat`, seen) : seen[0]
    const coarse = addHead(builder, `auxiliary${scale}`, joined, classes)
    logits.push(addResizePart(builder, `auxiliary${scale}.logits`, coarse, size))
  }
  return logits
}

function addConvPart(builder: GraphBuilder, name: string, kernel: 1 | 3, from: BuiltMap, outChannels: number): BuiltMap {
  builder.part(name, kernel === 1 ? 'conv1x1' : 'conv3x3', from, outChannels, 1)
  return builder.conv(name, from, { kernel, outChannels })
}

function addResizePart(builder: GraphBuilder, name: string, from: BuiltMap, size: { height: number; width: number }): BuiltMap {
  builder.part(name, 'resize', from, from.channels, size.height / from.height)
  return builder.resize(name, from, size)
}

function mapAt(maps: BranchMaps, scale: Scale, branch: DerivedBranch): BuiltMap {
  const map = maps[scale]
  if (map === undefined) {
    throw new AppError('architecture.invalid', `The branch to 1/${branch.finalScale} never has a map at 1/${scale}.`)
  }
  return map
}
