import type { Speaker } from './speaker.js'

/** Asks each side once a round, one after the other, so that both see the same minutes; the first `warmUp` rounds do not count. Seconds by side. */
export async function inTurn<Side extends string>(
  sides: Record<Side, Speaker<{ seconds: number }>>,
  { warmUp, rounds }: { warmUp: number; rounds: number }
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[]
  const seconds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of names) {
      const said = await sides[name].ask()
      if (round >= warmUp) seconds[name].push(said.seconds)
    }
  }
  return seconds
}
