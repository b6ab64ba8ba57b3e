/**
 * Architectures drawn from what a search came to. A search of minutes leaves probabilities that are far from one-hot; taking the likeliest
 * of each row then throws away nearly as likely ones that may train better. Candidates are drawn by perturb-and-MAP (Papandreou and
 * Yuille 2011): Gumbel noise on every logit, then the ordinary derivation. Where the search is sure, all candidates are equal.
 */
import type { Architecture, ArchitectureLogits, SearchSpace } from '../shared/architecture.js'
import { deriveArchitecture } from './derive.js'
import type { BranchPair } from './latency/latencyCosts.js'
import { randomStream } from './random.js'

export interface DrawCandidatesOptions {
  space: SearchSpace
  logits: ArchitectureLogits
  pairs: readonly BranchPair[]
  /** How many, at most: in a small or decided space there may be fewer different ones. */
  count: number
  seed: number
  /** Not drawn again. */
  known: readonly Architecture[]
  stemWidth: number
  name: string
  latencyMs(architecture: Architecture): number
  /** Others are not taken while such can be drawn. */
  latencyWindow: { leastMs: number; mostMs: number }
}

/** Draws a candidate may take before the nearest one found is accepted. */
const triesEach = 40

/** A function of the seed and the logits. The pairs of branches take turns. */
export function drawCandidates(options: DrawCandidatesOptions): Architecture[] {
  const { space, logits, pairs, count, seed, known, stemWidth, name, latencyMs, latencyWindow } = options
  const seen = new Set(known.map(fingerprint))
  const candidates: Architecture[] = []
  for (let index = 0; index < count; index++) {
    let nearest: { architecture: Architecture; distance: number } | undefined
    for (let attempt = 0; attempt < triesEach && nearest?.distance !== 0; attempt++) {
      const noisy = perturbed(logits, randomStream(seed, `candidate/${index}`, attempt).gumbel)
      const finalScales = [...pairs[index % pairs.length]]
      const architecture = deriveArchitecture(space, noisy, { rules: 'ours', forbidSkip: false, stemWidth, name, finalScales })
      if (seen.has(fingerprint(architecture))) continue
      const distance = distanceTo(latencyWindow, latencyMs(architecture))
      if (nearest === undefined || distance < nearest.distance) nearest = { architecture, distance }
    }
    if (nearest === undefined) continue
    seen.add(fingerprint(nearest.architecture))
    candidates.push(nearest.architecture)
  }
  return candidates
}

function distanceTo({ leastMs, mostMs }: DrawCandidatesOptions['latencyWindow'], latencyMs: number): number {
  return Math.max(leastMs - latencyMs, latencyMs - mostMs, 0)
}

function perturbed(logits: ArchitectureLogits, gumbel: () => number): ArchitectureLogits {
  const noisy = (tables: number[][][]): number[][][] => tables.map((table) => table.map((row) => row.map((value) => value + gumbel())))
  return { alpha: noisy(logits.alpha), beta: noisy(logits.beta), gamma: noisy(logits.gamma) }
}

function fingerprint({ branches, stemWidth }: Architecture): string {
  return JSON.stringify([branches, stemWidth])
}
