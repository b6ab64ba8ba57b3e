/** Of the candidates judged so far one in this many goes on; after the generations with this many times the steps. */
const fewerEachRound = 3

export interface CandidateSettings {
  candidates: number
  candidateGenerations: number
  candidateSteps: number
  candidateRounds: number
}

export interface CandidateRound {
  /** How many are trained in this round, for how many steps each. */
  count: number
  steps: number
  /** Whether they are new, or the best of the rounds before. */
  fresh: boolean
  /** How many go on: parents of the next generation, or the next round's candidates; 1 after the last round. */
  survivors: number
}

/**
 * How candidates are compared: generations of new ones, each drawn around the best so far, then successive halving (Jamieson and
 * Talwalkar 2016) with thirds, where every round costs about the same. Empty where there is nothing to compare.
 */
export function candidateRounds(settings: CandidateSettings): CandidateRound[] {
  if (settings.candidates === 1) return []
  const rounds: CandidateRound[] = []
  let survivors = Math.ceil(settings.candidates / fewerEachRound)
  let steps = settings.candidateSteps
  for (let generation = 0; generation < settings.candidateGenerations; generation++) {
    rounds.push({ count: settings.candidates, steps, fresh: true, survivors })
  }
  for (let round = 1; round < settings.candidateRounds && survivors > 1; round++) {
    steps *= fewerEachRound
    const next = Math.ceil(survivors / fewerEachRound)
    rounds.push({ count: survivors, steps, fresh: false, survivors: next })
    survivors = next
  }
  rounds[rounds.length - 1].survivors = 1
  return rounds
}
