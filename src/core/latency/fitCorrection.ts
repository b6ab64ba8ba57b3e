/**
 * Learns from whole networks what the sum of a latency table misses. The model is linear in the parts and has seven numbers that may not be
 * negative; the errors are relative, so that a network of 5 ms weighs as much as one of 50. docs/decisions/012 says why these seven.
 */
import type { Architecture } from '../../shared/architecture.js'
import { partGroups, type CorrectionFit, type LatencyCorrection, type LatencyTable } from '../../shared/latencyTable.js'
import { median } from '../median.js'
import { derivedParts } from '../network/derivedGraph.js'
import { nonNegativeRidge } from './nonNegativeRidge.js'
import { partFeatures } from './partFeatures.js'
import { tableMs } from './tableMs.js'

/** A network and what it takes at the table's image size, brought to the pace of the table's metronome. */
export interface MeasuredNetwork {
  architecture: Architecture
  latencyMs: number
}

/** The plain sum: every factor 1, nothing added. */
const prior = [...partGroups.map(() => 1), 0, 0, 0]
const ridges = [1e-4, 1e-3, 1e-2, 0.1, 1]
const folds = 5

/** `table` without a correction of its own (one that it has is not read). At least 5 networks. */
export function fitCorrection(
  table: LatencyTable, measured: readonly MeasuredNetwork[], drawn: Pick<CorrectionFit, 'seed' | 'rounds'>
): LatencyCorrection {
  if (measured.length < folds) throw new Error(`a correction needs at least ${folds} networks, not ${measured.length}`)
  const rows = measured.map(({ architecture, latencyMs }) => correctionRow(architecture, table).map((value) => value / latencyMs))
  const leftOut = ridges.map((ridge) => medianError(leftOutPredictions(rows, ridge)))
  const best = leftOut.indexOf(Math.min(...leftOut))
  const weights = fit(rows, ridges[best])
  const after = rows.map((row) => dot(row, weights))
  return {
    ...correctionOf(weights),
    fitted: {
      networks: measured.length,
      ...drawn,
      ridge: ridges[best],
      medianErrorBefore: medianError(rows.map((row) => dot(row, prior))),
      medianErrorAfter: medianError(after),
      medianErrorLeftOut: leftOut[best],
      worstErrorAfter: Math.max(...after.map((value) => Math.abs(value - 1)))
    }
  }
}

/** What the correction's numbers are multiplied with: milliseconds of each group, layers, millions of weights and of numbers in maps. */
export function correctionRow(architecture: Architecture, table: LatencyTable): number[] {
  const { correction: _, ...plain } = table
  const row = [plain.callMs ?? 0, 0, 0, 0, 0, 0, 0]
  for (const { key } of derivedParts(architecture, plain)) {
    const { group, layers, megaweights, megavalues } = partFeatures(key)
    row[partGroups.indexOf(group)] += tableMs(plain, key)
    row[4] += layers
    row[5] += megaweights
    row[6] += megavalues
  }
  return row
}

function correctionOf([fixed, plain, zoomed, join, perLayerMs, perMegaweightMs, perMegavalueMs]: number[]): Omit<LatencyCorrection, 'fitted'> {
  return { version: 1, factors: { fixed, plain, zoomed, join }, perLayerMs, perMegaweightMs, perMegavalueMs }
}

/** Rows are divided by what was measured, so all targets are 1. */
function fit(rows: number[][], ridge: number): number[] {
  return nonNegativeRidge({ rows, targets: rows.map(() => 1), prior, ridge })
}

/** Each network predicted by a fit to the others: every fifth is left out in turn. */
function leftOutPredictions(rows: number[][], ridge: number): number[] {
  const fits = Array.from({ length: folds }, (_, fold) => fit(rows.filter((__, index) => index % folds !== fold), ridge))
  return rows.map((row, index) => dot(row, fits[index % folds]))
}

function medianError(relative: number[]): number {
  return median(relative.map((value) => Math.abs(value - 1)))
}

function dot(row: readonly number[], weights: readonly number[]): number {
  return row.reduce((sum, value, column) => sum + value * weights[column], 0)
}
