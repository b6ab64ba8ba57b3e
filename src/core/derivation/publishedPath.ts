import { argmax } from '../argmax.js'

/**
 * The published code's path to `finalRow`, with its quirks: it looks only at the probability of coming from the finer scale, and for
 * 1/16 the down-sampling stands one layer earlier than its row of beta means. `beta` holds probabilities, softmaxed as often as the
 * published code has by then. Result: the scale row of each layer.
 */
export function publishedPath(layers: number, beta: number[][][], finalRow: number): number[] {
  const path: number[] = []
  let row = 0
  const downs = publishedDowns(layers, beta, finalRow)
  for (let layer = 0; layer < layers; layer++) {
    path.push(row)
    if (downs.includes(layer)) row++
  }
  return path
}

/** Layers whose cell halves its map. */
function publishedDowns(layers: number, beta: number[][][], finalRow: number): number[] {
  if (finalRow === 0) return []
  if (finalRow === 1) return [1 + argmax(beta[0].slice(1, -1).map((row) => row[0]))]
  let most = 0
  let best = [1, 3]
  for (let second = 0; second < layers - 4; second++) {
    for (let first = 1; first < second - 1; first++) {
      const product = Math.fround(beta[0][first][0] * beta[1][second][0])
      if (product > most) {
        most = product
        best = [first + 1, second + 2]
      }
    }
  }
  return best
}
