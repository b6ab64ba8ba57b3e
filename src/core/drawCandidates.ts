/**
 * Architectures drawn from what a search came to. A search of minutes leaves probabilities that are far from one-hot; taking the likeliest
 * of each row then throws away nearly as likely ones that may train better. Candidates are drawn by perturb-and-MAP (Papandreou and
 * Yuille 2011): Gumbel noise on every logit, then the ordinary derivation. Where the search is sure, all candidates are equal.
 */
import type { Architecture, ArchitectureLogits, SearchSpace } from '../shared/architecture.js'
import { deriveArchitecture } from './derive.js'
import type { BranchPair } from './latency/latencyCosts.js'
import { randomStream } from './random.js'

/** An architecture with the logits that give it and the pair of its branches. Noise on these logits gives its neighbours. */
export interface Candidate {
  architecture: Architecture
  logits: ArchitectureLogits
  pair: BranchPair
}

export interface DrawCandidatesOptions {
  space: SearchSpace
  /** What is drawn around; they take turns. */
  origins: readonly Pick<Candidate, 'logits' | 'pair'>[]
  /** Times a standard Gumbel draw. 1 draws from the softmax of the logits; less stays nearer to their largest entries. */
  noise: number
  /** How many, at most: in a small or decided space there may be fewer different ones. */
  count: number
  seed: number
  /** Draws with different names are independent. */
  stream: string
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

/** A function of seed, stream and origins. */
export function drawCandidates(options: DrawCandidatesOptions): Candidate[] {
  const { space, origins, noise, count, seed, stream, known, stemWidth, name, latencyMs, latencyWindow } = options
  const seen = new Set(known.map(fingerprint))
  const candidates: Candidate[] = []
  for (let index = 0; index < count; index++) {
    const origin = origins[index % origins.length]
    let nearest: { candidate: Candidate; distance: number } | undefined
    for (let attempt = 0; attempt < triesEach && nearest?.distance !== 0; attempt++) {
      const logits = perturbed(origin.logits, noise, randomStream(seed, `${stream}/${index}`, attempt).gumbel)
      const architecture = deriveArchitecture(space, logits, { rules: 'ours', forbidSkip: false, stemWidth, name, finalScales: [...origin.pair] })
      if (seen.has(fingerprint(architecture))) continue
      const distance = distanceTo(latencyWindow, latencyMs(architecture))
      if (nearest === undefined || distance < nearest.distance) nearest = { candidate: { architecture, logits, pair: origin.pair }, distance }
    }
    if (nearest === undefined) continue
    seen.add(fingerprint(nearest.candidate.architecture))
    candidates.push(nearest.candidate)
  }
  return candidates
}

function distanceTo({ leastMs, mostMs }: DrawCandidatesOptions['latencyWindow'], latencyMs: number): number {
  return Math.max(leastMs - latencyMs, latencyMs - mostMs, 0)
}

function perturbed(logits: ArchitectureLogits, noise: number, gumbel: () => number): ArchitectureLogits {
  const noisy = (tables: number[][][]): number[][][] => tables.map((table) => table.map((row) => row.map((value) => value + noise * gumbel())))
  return { alpha: noisy(logits.alpha), beta: noisy(logits.beta), gamma: noisy(logits.gamma) }
}

function fingerprint({ branches, stemWidth }: Architecture): string {
  return JSON.stringify([branches, stemWidth])
}
