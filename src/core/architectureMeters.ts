/** What to watch in a search: how decided it is, and whether it collapses to the cheapest choices (FasterSeg, section 3.3). */
import type { ArchitectureLogits } from '../shared/architecture.js'
import { softmax } from './softmax.js'

export interface ArchitectureMeters {
  /** Mean entropy of the rows, divided by its maximum: 1 is undecided, 0 is decided. Rows with one column are left out. */
  entropy: { alpha: number; beta: number; gamma: number }
  /** Share of cells whose most likely operator is skip. A tie counts in equal parts, so untouched logits give one over the number of operators. */
  skipFraction: number
  /** Share of maps whose most likely width is the narrowest; 0 where widths are not searched. */
  narrowFraction: number
}

export function architectureMeters(logits: ArchitectureLogits): ArchitectureMeters {
  return {
    entropy: { alpha: meanEntropy(logits.alpha), beta: meanEntropy(logits.beta), gamma: meanEntropy(logits.gamma) },
    skipFraction: firstColumnShare(logits.alpha),
    narrowFraction: firstColumnShare(logits.gamma)
  }
}

function meanEntropy(tables: number[][][]): number {
  return mean(rowsWithChoice(tables).map((row) => {
    const nats = softmax(row).reduce((sum, probability) => (probability > 0 ? sum - probability * Math.log(probability) : sum), 0)
    return nats / Math.log(row.length)
  }))
}

function firstColumnShare(tables: number[][][]): number {
  return mean(rowsWithChoice(tables).map((row) => {
    const largest = Math.max(...row)
    return row[0] === largest ? 1 / row.filter((logit) => logit === largest).length : 0
  }))
}

function rowsWithChoice(tables: number[][][]): number[][] {
  return tables.flat().filter((row) => row.length > 1)
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
