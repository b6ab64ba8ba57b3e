/**
 * Randomness as a pure function of (seed, stream, step): no hidden generator state, so a resumed run needs only the step number.
 * A draw is addressed, never consumed: two places that use different stream names can never disturb each other.
 *
 * The generator is SplitMix-seeded xoshiro128** (Blackman and Vigna 2018), 32-bit integer arithmetic only, so the bits are the same in
 * every JavaScript engine.
 */
export interface RandomStream {
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number
  /** Uniform integer in [0, limit). */
  integer(limit: number): number
  /** Standard normal (Box-Muller, one value per two uniforms). */
  normal(): number
  /** Standard Gumbel: -log(-log(u)), u in (0, 1). */
  gumbel(): number
  /** The numbers 0..count-1 in random order (Fisher-Yates). */
  permutation(count: number): number[]
}

/** Opens the stream `name` of `seed` at `step`. Same three arguments, same numbers, on every machine. */
export function randomStream(seed: number, name: string, step = 0): RandomStream {
  let [a, b, c, d] = initialState(seed, name, step)

  function next(): number {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotateLeft(d, 11)
    return result
  }

  const stream: RandomStream = {
    uniform: () => next() / 4294967296,
    integer: (limit) => Math.floor(stream.uniform() * limit),
    normal: () => {
      const radius = Math.sqrt(-2 * Math.log(openUniform()))
      return radius * Math.cos(2 * Math.PI * stream.uniform())
    },
    gumbel: () => -Math.log(-Math.log(openUniform())),
    permutation: (count) => {
      const order = Array.from({ length: count }, (_, index) => index)
      for (let last = count - 1; last > 0; last--) {
        const other = stream.integer(last + 1)
        const kept = order[last]
        order[last] = order[other]
        order[other] = kept
      }
      return order
    }
  }

  /** Uniform in the open interval (0, 1), so that its logarithm is finite. */
  function openUniform(): number {
    return (next() + 0.5) / 4294967296
  }

  return stream
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

/** FNV-1a over the stream's address, then SplitMix32 to fill the four words. */
function initialState(seed: number, name: string, step: number): [number, number, number, number] {
  let hash = 0x811c9dc5
  for (const character of `${seed}/${name}/${step}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  function splitMix(): number {
    hash = (hash + 0x9e3779b9) | 0
    let z = hash
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  return [splitMix(), splitMix(), splitMix(), splitMix()]
}
