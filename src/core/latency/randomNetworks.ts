/**
 * Networks as searches derive them, drawn at random: to measure how well a table predicts, and to fit its correction.
 *
 * Logits drawn independently give networks that all take about as long, because sums of many draws do. Searches are not like that: their
 * latency weight moves all widths together, and some operators win nearly everywhere. So each network also leans: towards narrow or wide,
 * and to some of the operators.
 */
import { operators, type Architecture, type ArchitectureLogits, type SearchSpace } from '../../shared/architecture.js'
import { deriveArchitecture } from '../derive.js'
import { logitShapes } from '../lattice.js'
import { randomStream, type RandomStream } from '../random.js'
import { branchPairs } from './latencyCosts.js'

/**
 * `count` different students of the space, a function of `seed` and `stream`; the pair of branches is drawn evenly. Fewer where the space
 * has fewer. `known` are not drawn again.
 */
export function randomNetworks(
  space: SearchSpace,
  options: { count: number; seed: number; stream: string; known?: readonly Architecture[] }
): Architecture[] {
  const { count, seed, stream, known = [] } = options
  const seen = new Set(known.map(fingerprint))
  const networks: Architecture[] = []
  for (let draw = 0; networks.length < count && draw < 20 * count; draw++) {
    const random = randomStream(seed, stream, draw)
    const finalScales = [...branchPairs[random.integer(branchPairs.length)]]
    const network = deriveArchitecture(space, randomLogits(space, random), {
      rules: 'ours', forbidSkip: false, stemWidth: space.studentStemWidth, name: `${stream}-${networks.length}`, finalScales
    })
    if (seen.has(fingerprint(network))) continue
    seen.add(fingerprint(network))
    networks.push(network)
  }
  return networks
}

/** How far a network leans, in deviations of a single logit. */
const lean = 1.5

function randomLogits(space: SearchSpace, random: RandomStream): ArchitectureLogits {
  const shapes = logitShapes(space.layers, space.widths.length)
  const towards = operators.map(() => lean * random.normal())
  const wide = lean * random.normal()
  const middle = (space.widths.length - 1) / 2
  const fill = (tables: [number, number][], leaning: (column: number) => number): number[][][] => tables.map(([rows, columns]) => (
    Array.from({ length: rows }, () => Array.from({ length: columns }, (_, column) => random.normal() + leaning(column)))
  ))
  return {
    alpha: fill(shapes.alpha, (column) => towards[column]),
    beta: fill(shapes.beta, () => 0),
    gamma: fill(shapes.gamma, (column) => wide * (column - middle))
  }
}

function fingerprint({ branches }: Architecture): string {
  return JSON.stringify(branches)
}
