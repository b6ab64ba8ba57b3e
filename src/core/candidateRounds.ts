/** Of a round's candidates one in this many goes on, with this many times the steps. */
const fewerEachRound = 3

export interface CandidateRounds {
  candidates: number
  candidateSteps: number
  candidateRounds: number
}

/**
 * Successive halving (Jamieson and Talwalkar 2016) with thirds: how many candidates each round trains and for how many steps. Every round
 * costs about the same. Ends where one candidate is left; nothing where there is nothing to compare.
 */
export function candidateRounds(settings: CandidateRounds): { count: number; steps: number }[] {
  const rounds: { count: number; steps: number }[] = []
  let count = settings.candidates
  let steps = settings.candidateSteps
  while (count > 1 && rounds.length < settings.candidateRounds) {
    rounds.push({ count, steps })
    count = Math.ceil(count / fewerEachRound)
    steps *= fewerEachRound
  }
  return rounds
}

/** How many of `count` candidates go on after a round; one after the last. */
export function survivors(rounds: readonly { count: number }[], round: number): number {
  return rounds[round + 1]?.count ?? 1
}
