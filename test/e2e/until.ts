import { patience } from './patience.js'

/** Asks again and again until the answer is a good one; fails with what was waited for and the last answer. */
export async function until<Value>(what: string, ask: () => Value | Promise<Value>, isGood: (value: Value) => boolean, withinMs = 60_000): Promise<Value> {
  const deadline = Date.now() + withinMs * patience
  for (;;) {
    const value = await ask()
    if (isGood(value)) return value
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s; at last it was ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}
