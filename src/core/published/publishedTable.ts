/** The authors' latency table (667 entries, GTX 1080Ti, 1024x2048), looked up as their code looks it up. */
import type { Architecture, Operator } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import type { LatencyKey } from '../../shared/latencyTable.js'
import { derivedParts } from '../network/derivedGraph.js'

/** Milliseconds by the authors' key, such as `BasicResidual2x_H128_W256_Cin64_Cout64_stride1_dilation1`. */
export type PublishedTable = Record<string, number>

/** conv_2x_downup stands here under the plain conv_2x, although the table has entries of its own: the published code's slip. */
const operatorClasses: Record<Exclude<Operator, 'skip'>, string> = {
  conv: 'BasicResidual1x',
  conv_downup: 'BasicResidual_downup_1x',
  conv_2x: 'BasicResidual2x',
  conv_2x_downup: 'BasicResidual2x'
}

/**
 * Latency that the published code predicts for a derived network: no resizes, no concatenations. With `ownPartMs`, every operator by its
 * own entry. Throws latency.missing-entry.
 */
export function publishedTableLatencyMs(
  architecture: Architecture,
  table: PublishedTable,
  size = { height: 1024, width: 2048 },
  partMs: typeof publishedPartMs = publishedPartMs
): number {
  const parts = derivedParts(architecture, size)
  return parts.reduce((sum, { name, key }) => sum + partMs(table, key, name === 'fusion'), 0)
}

/** As `publishedPartMs`, but a conv_2x_downup by its own entry. */
export function ownPartMs(table: PublishedTable, key: LatencyKey, isFusion = false): number {
  if (key.part === 'conv_2x_downup') return lookUp(table, residualKey('BasicResidual_downup_2x', key))
  return publishedPartMs(table, key, isFusion)
}

/** `isFusion`: the fusion's 1x1 convolution has a key of its own kind. */
export function publishedPartMs(table: PublishedTable, key: LatencyKey, isFusion = false): number {
  return publishedKeys(key, isFusion).reduce((sum, text) => sum + lookUp(table, text), 0)
}

function publishedKeys(key: LatencyKey, isFusion: boolean): string[] {
  const { height, width, inChannels, outChannels, stride } = key
  switch (key.part) {
    case 'stem':
      return stemKeys(key)
    case 'resize':
      return []
    case 'head':
      return [`head_H${height}_W${width}_Cin${inChannels}_Cout${outChannels}`]
    case 'conv1x1':
      return [isFusion ? `ff_H${height}_W${width}_C${inChannels}` : convKey(key, 1)]
    case 'conv3x3':
      return [convKey(key, 3)]
    case 'skip':
      return [`FactorizedReduce_H${height}_W${width}_Cin${inChannels}_Cout${outChannels}_stride${stride}`]
    default:
      return [residualKey(operatorClasses[key.part], key)]
  }
}

function stemKeys(key: LatencyKey): string[] {
  const { height, width, outChannels } = key
  const half = outChannels / 2
  return [
    convKey({ ...key, outChannels: half, stride: 2 }, 3),
    residualKey('BasicResidual2x', { ...key, height: height / 2, width: width / 2, inChannels: half, stride: 2 }),
    residualKey('BasicResidual2x', { ...key, height: height / 4, width: width / 4, inChannels: outChannels, stride: 2 })
  ]
}

function convKey(key: LatencyKey, kernel: number): string {
  return `ConvNorm_H${key.height}_W${key.width}_Cin${key.inChannels}_Cout${key.outChannels}_kernel${kernel}_stride${key.stride}`
}

function residualKey(name: string, key: LatencyKey): string {
  return `${name}_H${key.height}_W${key.width}_Cin${key.inChannels}_Cout${key.outChannels}_stride${key.stride}_dilation1`
}

function lookUp(table: PublishedTable, text: string): number {
  const milliseconds = table[text]
  if (milliseconds === undefined) throw new AppError('latency.missing-entry', `The published latency table has no entry "${text}".`)
  return milliseconds
}
