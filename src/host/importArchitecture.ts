/** What a file of raw arrays decodes to, counted without TensorFlow. */
import { parse } from 'node:path'
import { networkCost } from '../core/cost.js'
import { deriveArchitecture } from '../core/derive.js'
import { tableLatencyMs } from '../core/latency/tableLatency.js'
import { derivedGraph } from '../core/networkBuilder.js'
import { importRawArchitecture } from '../core/published/importRawArchitecture.js'
import { publishedCost } from '../core/published/publishedCost.js'
import { ownPartMs, publishedPartMs, publishedTableLatencyMs } from '../core/published/publishedTable.js'
import type { Architecture, Operator, Scale } from '../shared/architecture.js'
import { AppError } from '../shared/errors.js'
import { writeJsonFile } from '../storage/jsonFile.js'
import { readImportedTable } from '../storage/published/readImportedTable.js'
import { readRawArchitecture, type ImportedNetwork } from '../storage/published/readRawArchitecture.js'

type Rules = 'published' | 'ours'
interface Size {
  height: number
  width: number
}

export interface ImportRequest {
  from: string
  /** Which arrays of a .pt file; undefined: the student's if they are there. */
  network: ImportedNetwork | undefined
  rules: Rules
  /** Final scales of the branches, in the order of the answer. */
  pair: Scale[]
  table: string | undefined
  size: Size
  /** Where architecture.json is written, if anywhere. */
  out: string | undefined
}

export interface ImportedBranch {
  finalScale: Scale
  operators: Operator[]
  /** Down-sampling rate of each cell's input. */
  scales: Scale[]
  downsamples: boolean[]
  /** In twelfths, after every layer but the last. */
  widths: number[]
}

export interface ImportedArchitecture {
  branches: ImportedBranch[]
  sharedLayers: number
  /** By the rules `published` as the published code counts: with the auxiliary heads and what is never executed. */
  parameters: number
  multiplyAdds: number
  /** Null without a table. */
  tableLatencyMs: number | null
}

/** @throws AppError file.not-found, file.format, architecture.invalid, latency.invalid-table, latency.missing-entry */
export function importArchitecture({ from, network, rules, pair, table, size, out }: ImportRequest): ImportedArchitecture {
  const raw = readRawArchitecture(from, network)
  const { space, logits } = importRawArchitecture(raw, from)
  const { forbidSkip, stemWidth } = raw
  const name = parse(from).name.slice(0, 200) || 'imported'
  const architecture = deriveArchitecture(space, logits, { finalScales: pair, rules, forbidSkip, stemWidth, name })
  const answer = {
    branches: pair.map((scale) => branchOf(architecture, scale)),
    sharedLayers: architecture.sharedLayers,
    ...costOf(architecture, rules, size),
    tableLatencyMs: table === undefined ? null : latencyOf(architecture, rules, table, size)
  }
  if (out !== undefined) writeJsonFile(out, architecture)
  return answer
}

function branchOf(architecture: Architecture, scale: Scale): ImportedBranch {
  const cells = architecture.branches.find(({ finalScale }) => finalScale === scale)?.cells ?? []
  return {
    finalScale: scale,
    operators: cells.map((cell) => cell.operator),
    scales: cells.map((cell) => cell.scale),
    downsamples: cells.map((cell) => cell.downsample),
    widths: cells.slice(0, -1).map((cell) => cell.width)
  }
}

function costOf(architecture: Architecture, rules: Rules, size: Size): { parameters: number; multiplyAdds: number } {
  return rules === 'published' ? publishedCost(architecture, size) : networkCost(derivedGraph(architecture, { ...size, auxiliaryHeads: false }))
}

/** The rules `ours` look up a conv_2x_downup under its own entry of the authors' table; the published code does not. */
function latencyOf(architecture: Architecture, rules: Rules, path: string, size: Size): number {
  const found = readImportedTable(path)
  if (found.kind === 'published') {
    return publishedTableLatencyMs(architecture, found.milliseconds, size, rules === 'published' ? publishedPartMs : ownPartMs)
  }
  const { height, width } = found.table
  if (height === size.height && width === size.width) return tableLatencyMs(architecture, found.table)
  throw new AppError('latency.missing-entry', `${path}: the table was measured at ${height}x${width}, but --size is ${size.height}x${size.width}.`, {
    hint: `Ask for --size ${height}x${width}, or measure another table.`
  })
}
