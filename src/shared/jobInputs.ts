/** Inputs of the single jobs outside a run, as the command line sends them and the engine's worker checks them. Paths are absolute. */
import { z } from 'zod'
import { dataSettings, latencySettings, spaceSettings } from './config/settings.js'

const path = z.string().min(1).max(4096)
const side = z.number().int().min(32).max(16384).multipleOf(32)

/** Derives the architectures of a search anew, at its end or at an earlier step. */
export const deriveInput = z.strictObject({
  /** Folder of the run that searched. */
  run: path,
  /** Which of two searches; empty takes the run's first. */
  variant: z.string().max(100),
  /** Step of the search; null is the last one. */
  step: z.number().int().min(0).nullable(),
  network: z.enum(['teacher', 'student']),
  /** Where architecture.json is written. */
  out: path
})

/** Scores a trained network on a dataset, and writes overlays. */
export const evaluateInput = z.strictObject({
  /** A run's folder, or an exported folder with architecture.json and weights.safetensors. */
  model: path,
  /** Which network of a run. */
  network: z.enum(['teacher', 'student', 'plain', 'handmade']),
  data: dataSettings,
  /** Draws the validation split of a folder that has none. */
  seed: z.number().int().min(0),
  split: z.enum(['train', 'val']),
  /** Folder for metrics.json and overlays; null writes nothing. */
  out: path.nullable()
})

export const exportFormats = ['onnx', 'tfjs', 'safetensors', 'folder'] as const

/** Writes a network in a format that other programs read. */
export const exportInput = z.strictObject({
  /** architecture.json, a run's folder, or an exported folder. */
  model: path,
  network: z.enum(['teacher', 'student', 'plain', 'handmade']),
  /** trained: the weights that belong to the model; random: an untrained network of this seed. */
  weights: z.union([
    z.strictObject({ kind: z.literal('trained') }),
    z.strictObject({ kind: z.literal('random'), seed: z.number().int().min(0) })
  ]),
  format: z.enum(exportFormats),
  /** Whether ONNX and tfjs are re-opened and compared with the network on images of its run; the folder always is. */
  compare: z.boolean().default(false),
  height: side,
  width: side,
  out: path
})

/** Measures the latency table of a space on this machine. */
export const latencyInput = z.strictObject({
  space: spaceSettings,
  latency: latencySettings,
  classes: z.number().int().min(2).max(1000),
  out: path
})

/** Times one network on this machine, beside what a table predicts. */
export const timeInput = z.strictObject({
  architecture: path,
  table: path.nullable(),
  latency: latencySettings
})

/** Compares operators on one map on this machine. */
export const operatorsInput = z.strictObject({
  map: z.strictObject({
    height: z.number().int().min(4).max(1024),
    width: z.number().int().min(4).max(1024),
    /** Even, for two groups. */
    channels: z.number().int().min(2).max(2048).multipleOf(2)
  }),
  threads: z.number().int().min(1).max(256),
  rounds: z.number().int().min(3).max(10_000)
})

/** Writes the report of a run as one HTML file. */
export const reportInput = z.strictObject({
  run: path,
  out: path
})

/** Reads every file of a dataset and lists what is wrong with it. */
export const scanInput = z.strictObject({
  data: dataSettings,
  seed: z.number().int().min(0)
})

/** The first images of a dataset as pictures. */
export const samplesInput = z.strictObject({
  data: dataSettings,
  seed: z.number().int().min(0),
  count: z.number().int().min(1).max(24)
})

/** The jobs by name. */
export interface JobInputs {
  derive: z.infer<typeof deriveInput>
  evaluate: z.infer<typeof evaluateInput>
  export: z.infer<typeof exportInput>
  latency: z.infer<typeof latencyInput>
  time: z.infer<typeof timeInput>
  operators: z.infer<typeof operatorsInput>
  report: z.infer<typeof reportInput>
  scan: z.infer<typeof scanInput>
  samples: z.infer<typeof samplesInput>
}
