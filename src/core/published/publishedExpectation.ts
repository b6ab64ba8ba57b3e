/**
 * The relaxed latency as the published code computes it (HEAD of VITA-Group/FasterSeg), with its quirks, for runs side by side. The three
 * scales are summed, without heads and refining convolutions; the down-going sum contains the same layer's keep; and every probability
 * beta is read from a row of beta_2 that is the last scale's. See expectedLatency for what it should be.
 */
import { alphaRow, enteringGammaRow } from '../lattice.js'
import type { LatencyCosts, OperatorMs } from '../latency/latencyCosts.js'
import { Tape, type Scalar } from './tape.js'

export interface PublishedChoice {
  /** Probabilities, in the shape of the logits. */
  alpha: number[][][]
  beta: number[][][]
  /** The sampled width of each map: an index into the widths, in the shape of gamma without its columns. */
  widths: number[][]
}

export interface PublishedLatency {
  latencyMs: number
  /** With respect to the probabilities; `scores` to each sampled width's one-hot score (1), which the straight-through sample passes on. */
  gradient: { alpha: number[][][]; beta: number[][][]; scores: number[][] }
}

/** `costs` from the published table (see `publishedCosts`), `stemMs` the stem's milliseconds. At least 4 layers. */
export function publishedExpectation(costs: LatencyCosts, stemMs: number, choice: PublishedChoice): PublishedLatency {
  const tape = new Tape()
  const beta = choice.beta.map((rows) => rows.map((row) => row.map((probability) => tape.number(probability))))
  const cells = costs.cells.map((rows, layer) => rows.map((cell, row) => ({
    keep: tape.number(mixedMs(cell.keep, choice, layer, row, row)),
    down: cell.down && tape.number(mixedMs(cell.down, choice, layer, row, row + 1))
  })))
  const total = accumulate(tape, tape.number(stemMs), cells, beta[1])
  const derivatives = tape.differentiate(total)
  const of = (scalar: Scalar) => derivatives[scalar.place]
  const gradient = {
    alpha: choice.alpha.map((rows) => rows.map((row) => row.map(() => 0))),
    beta: beta.map((rows) => rows.map((row) => row.map(of))),
    scores: choice.widths.map((row) => row.map(() => 0))
  }
  costs.cells.forEach((rows, layer) => rows.forEach((cell, row) => {
    addMixedGradient(gradient, cell.keep, choice, layer, row, row, of(cells[layer][row].keep))
    const down = cells[layer][row].down
    if (cell.down && down) addMixedGradient(gradient, cell.down, choice, layer, row, row + 1, of(down))
  }))
  return { latencyMs: total.value, gradient }
}

/** The sums over the lattice, in place and in this order, as published. */
function accumulate(tape: Tape, stem: Scalar, cells: { keep: Scalar; down: Scalar | undefined }[][], lastBeta: Scalar[][]): Scalar {
  const one = tape.number(1)
  const nothing = tape.number(0)
  const out = [stem, nothing, nothing]
  const down = [nothing, nothing, nothing]
  cells.forEach((rows, layer) => rows.forEach((cell, row) => {
    if (row === 0) {
      out[0] = tape.sumOfProducts([[out[0], one], [cell.keep, one]])
      if (cell.down) down[0] = tape.sumOfProducts([[out[0], one], [cell.down, one]])
      return
    }
    const before = down[row - 1]
    if (layer === row) {
      out[row] = tape.sumOfProducts([[before, one], [cell.keep, one]])
      if (cell.down) down[row] = tape.sumOfProducts([[before, one], [cell.down, one]])
      return
    }
    const [fromFiner, fromSame] = lastBeta[(layer - 3 + lastBeta.length) % lastBeta.length]
    out[row] = tape.sumOfProducts([[fromSame, out[row]], [fromFiner, before], [cell.keep, one]])
    down[row] = tape.sumOfProducts([[fromSame, out[row]], [fromFiner, before], [cell.down ?? nothing, one]])
  }))
  return tape.sumOfProducts(out.map((scale): [Scalar, Scalar] => [scale, one]))
}

/** Milliseconds of the operators at the sampled widths, mixed by alpha. */
function mixedMs(ms: OperatorMs, choice: PublishedChoice, layer: number, row: number, toRow: number): number {
  const widthIn = sampledWidth(ms[0].length, choice, layer, row)
  const widthOut = sampledWidth(ms[0][0].length, choice, layer + 1, toRow)
  const alpha = choice.alpha[row][alphaRow(layer, row)]
  return alpha.reduce((sum, probability, operator) => sum + probability * ms[operator][widthIn][widthOut], 0)
}

/** A side with a single place is not searched. */
function sampledWidth(places: number, choice: PublishedChoice, layer: number, row: number): number {
  return places === 1 ? 0 : choice.widths[row][enteringGammaRow(layer, row)]
}

/** Both scores are 1, so a score's derivative is the mixed operator's cost. */
function addMixedGradient(
  gradient: PublishedLatency['gradient'],
  ms: OperatorMs,
  choice: PublishedChoice,
  layer: number,
  row: number,
  toRow: number,
  upstream: number
): void {
  const widthIn = sampledWidth(ms[0].length, choice, layer, row)
  const widthOut = sampledWidth(ms[0][0].length, choice, layer + 1, toRow)
  const alpha = gradient.alpha[row][alphaRow(layer, row)]
  ms.forEach((table, operator) => { alpha[operator] += upstream * table[widthIn][widthOut] })
  const mixed = upstream * mixedMs(ms, choice, layer, row, toRow)
  if (ms[0].length > 1) gradient.scores[row][enteringGammaRow(layer, row)] += mixed
  if (ms[0][0].length > 1) gradient.scores[toRow][enteringGammaRow(layer + 1, toRow)] += mixed
}
