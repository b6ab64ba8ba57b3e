/**
 * Plain networks of the space as candidates: 3x3 convolutions only, one width everywhere, as an engineer would draw them first. Candidates
 * drawn from a search of minutes are hardly better than chance; with these among them, generations begin from something that is known to
 * train, and the search does not end below it by its own measure (docs/decisions/010).
 */
import { operators, type Architecture, type ArchitectureLogits, type SearchSpace } from '../shared/architecture.js'
import { deriveArchitecture } from './derive.js'
import type { Candidate } from './drawCandidates.js'
import { initialLogits } from './initialLogits.js'
import type { BranchPair } from './latency/latencyCosts.js'
import { alphaRow, betaRow, enteringGammaRow, hasTwoPredecessors, rowOf, rowsAt } from './lattice.js'

export interface PlainCandidatesOptions {
  space: SearchSpace
  pairs: readonly BranchPair[]
  stemWidth: number
  name: string
  latencyMs(architecture: Architecture): number
  targetLatencyMs: number
  /** Networks in it are preferred. */
  latencyWindow: { leastMs: number; mostMs: number }
}

/**
 * How far a chosen entry lies above the others of its row. Candidates drawn around an undecided search differ from their origin in one
 * operator of seven; with this margin and the same noise, those drawn around a plain one do, too.
 */
const margin = 0.8

/**
 * For each pair, of the plain networks with the widest maps in the latency window, those that go down first and those that go down last, and of
 * each the one nearest to the target; where none is in the window, the nearest of all. Width comes first because a wider map costs a device
 * less than its multiply-adds say. Where maps are halved decides between context and detail, which no table knows. First those that go
 * down first, one a pair, then those that go down last; in small spaces they may be the same, and are listed once.
 */
export function plainCandidates(options: PlainCandidatesOptions): Candidate[] {
  const ends = options.pairs.map((pair) => firstAndLast(options, pair))
  const candidates = [...ends.map(([first]) => first), ...ends.map(([, last]) => last)]
  return candidates.filter((candidate, index) => candidates.indexOf(candidate) === index)
}

function firstAndLast(options: PlainCandidatesOptions, pair: BranchPair): [Candidate, Candidate] {
  const { space, latencyWindow: { leastMs, mostMs } } = options
  const ofWidths = space.widths.map((_, width) => plainShapes(space, pair, width).map((shape) => timed(options, pair, shape)))
  for (const ofWidth of [...ofWidths].reverse()) {
    const inside = ofWidth.filter(({ latencyMs }) => latencyMs >= leastMs && latencyMs <= mostMs)
    const depths = inside.map(({ downAfter }) => downAfter)
    const whereDown = (after: number): Candidate => nearest(options, inside.filter(({ downAfter }) => downAfter === after))
    if (inside.length > 0) return [whereDown(Math.min(...depths)), whereDown(Math.max(...depths))]
  }
  const only = nearest(options, ofWidths.flat())
  return [only, only]
}

interface Timed {
  candidate: Candidate
  latencyMs: number
  /** Sum over the halvings of the layers before each: the smaller, the sooner it goes down. */
  downAfter: number
}

function nearest({ targetLatencyMs }: PlainCandidatesOptions, all: readonly Timed[]): Candidate {
  const distance = ({ latencyMs }: Timed): number => Math.abs(latencyMs - targetLatencyMs)
  return all.reduce((best, other) => (distance(other) < distance(best) ? other : best)).candidate
}

function timed({ space, stemWidth, name, latencyMs }: PlainCandidatesOptions, pair: BranchPair, shape: PlainShape): Timed {
  const logits = logitsOf(space, shape)
  const architecture = deriveArchitecture(space, logits, { rules: 'ours', forbidSkip: false, stemWidth, name, finalScales: [...pair] })
  const downAfter = shape.downs.reduce((sum, layer) => sum + layer, 0)
  return { candidate: { architecture, logits, pair }, latencyMs: latencyMs(architecture), downAfter }
}

/** Every way down with every length of the branches; a third one between them is as long as the coarsest. `width`: index in the space's widths. */
function plainShapes(space: SearchSpace, pair: BranchPair, width: number): PlainShape[] {
  const rows = pair.map(rowOf).sort((a, b) => a - b)
  const [finest, coarsest] = [rows[0], rows[rows.length - 1]]
  const lengths = Array.from({ length: space.layers - 1 }, (_, index) => index + 2)
  const ends = lengths.filter((length) => length >= space.layers - mostLeftOut)
  return waysDown(space.layers, coarsest).flatMap((downs) => (
    ends.flatMap((end) => (rows.length > 1 ? lengths : [end]).map((finerEnd) => ({ width, downs, end, finest, finerEnd })))
  ))
}

/** Cells that may be left out at the end of the coarser branch. */
const mostLeftOut = 2
/** Cells before the first halving, and between two. */
const stageLengths = [1, 2, 3]

/** Layers after which the map is halved, ascending: none for 1/8, one for 1/16, two for 1/32; a cell follows the last. */
function waysDown(layers: number, halvings: number): number[][] {
  if (halvings === 0) return [[]]
  const ways = stageLengths.flatMap((first) => (
    halvings === 1 ? [[first - 1]] : stageLengths.map((second) => [first - 1, first + second - 1])
  ))
  return ways.filter((downs) => downs[downs.length - 1] < layers - 1)
}

interface PlainShape {
  /** Index in the space's widths. */
  width: number
  downs: readonly number[]
  /** Layers of the coarser branch, from the first. */
  end: number
  /** Scale row of the finer branch, and its layers, from the first. */
  finest: number
  finerEnd: number
}

/** Logits whose most probable paths, operators and widths are those of the shape, where the rules of derivation allow it. */
function logitsOf(space: SearchSpace, { width, downs, end, finest, finerEnd }: PlainShape): ArchitectureLogits {
  const logits = initialLogits(space, 'student')
  for (let layer = 0; layer < space.layers; layer++) {
    for (const row of rowsAt(layer)) {
      const layers = row === finest ? Math.max(finerEnd, (downs[row] ?? 0) + 1) : end
      logits.alpha[row][alphaRow(layer, row)][operators.indexOf(layer < layers ? 'conv' : 'skip')] += margin
      const entering = enteringGammaRow(layer, row)
      if (entering >= 0) logits.gamma[row][entering][width] += margin
      if (hasTwoPredecessors(layer, row)) logits.beta[row - 1][betaRow(layer, row)][layer === downs[row - 1] + 1 ? 0 : 1] += margin
    }
  }
  return logits
}
