/** Slows down whoever guesses: after ten failures within a minute an address waits for its next refusal. */
export interface FailedTries {
  /** Takes note of a failure; how long to wait before it is said, or undefined to hang up without a word. */
  add(address: string, nowMs: number): number | undefined
  /** A refusal was said. */
  done(): void
}

const freeTries = 10
const withinMs = 60_000
const waitMs = 1000
/** More that wait at once would take the sockets from honest clients. */
const mostWaiting = 16
const mostAddresses = 1000

export function failedTries(): FailedTries {
  const tries = new Map<string, number[]>()
  let waiting = 0
  return {
    add(address, nowMs) {
      const recent = (tries.get(address) ?? []).filter((at) => at > nowMs - withinMs)
      recent.push(nowMs)
      tries.delete(address)
      tries.set(address, recent.slice(-2 * freeTries))
      if (tries.size > mostAddresses) tries.delete([...tries.keys()][0])
      if (recent.length > freeTries && waiting >= mostWaiting) return undefined
      waiting++
      return recent.length > freeTries ? waitMs : 0
    },
    done: () => void waiting--
  }
}
