import type { RandomStream } from '../../src/core/random.js'

/** Flips, overwrites, cuts, repeats or inserts, up to four times. */
export function mutate(bytes: Buffer, draw: RandomStream): Buffer {
  let result = Buffer.from(bytes)
  for (let times = 1 + draw.integer(4); times > 0; times--) {
    const at = draw.integer(result.length)
    const kind = draw.integer(5)
    if (kind === 0) result[at] ^= 1 << draw.integer(8)
    else if (kind === 1) result.fill(draw.integer(256), at, Math.min(result.length, at + 1 + draw.integer(6)))
    else if (kind === 2) result = Buffer.from(result.subarray(0, Math.max(1, at)))
    else if (kind === 3) result = Buffer.concat([result.subarray(0, at), result.subarray(Math.floor(at / 2))])
    else result = Buffer.concat([result.subarray(0, at), Buffer.from([draw.integer(256), draw.integer(256)]), result.subarray(at)])
  }
  return result
}
