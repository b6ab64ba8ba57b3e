/** What both sides of a comparison of the published student start from: weights and an image, in files of a folder; our side has it as ONNX, too. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { networkCost } from '../../src/core/cost.js'
import { deriveArchitecture } from '../../src/core/derive.js'
import { importRawArchitecture } from '../../src/core/published/importRawArchitecture.js'
import { randomStream } from '../../src/core/random.js'
import { deployedGraph, onnxOf, type ImageSize } from '../../src/engine/export/exportedNetwork.js'
import { randomWeights } from '../../src/engine/graph/randomWeights.js'
import type { Architecture } from '../../src/shared/architecture.js'
import { readRawArchitecture } from '../../src/storage/published/readRawArchitecture.js'

export interface Meta extends ImageSize {
  classes: number
  baseWidth: number
  weights: [string, number[]][]
  /** Multiply-adds of the convolutions as GFLOP. */
  gflop: number
}

const seed = 1

/** The student of the published arch_1.pt, branches to 1/32 and 1/16. */
export function publishedStudent(): Architecture {
  const raw = readRawArchitecture('test/fixtures/fasterseg/arch_1.pt', 'student')
  const { space, logits } = importRawArchitecture(raw, 'arch_1.pt')
  return deriveArchitecture(space, logits, { finalScales: [32, 16], rules: 'published', forbidSkip: raw.forbidSkip, stemWidth: raw.stemWidth, name: 'published student' })
}

/** Random weights whose norms have statistics of their own, and noise for an image, [3, height, width]. */
export function writeDump(folder: string, size: ImageSize): Meta {
  const architecture = publishedStudent()
  const graph = deployedGraph(architecture, size)
  const weights = randomWeights(graph, seed)
  const named = [...weights]
  writeFileSync(join(folder, 'network.onnx'), onnxOf(architecture, weights, size))
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat(named.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))))
  const random = randomStream(seed, 'bench')
  writeFileSync(join(folder, 'image.bin'), Float32Array.from({ length: 3 * size.height * size.width }, () => random.normal()))
  const { classes, baseWidth } = architecture
  const meta: Meta = {
    ...size, classes, baseWidth, weights: named.map(([name, { shape }]) => [name, shape]), gflop: (2 * networkCost(graph).multiplyAdds) / 1e9
  }
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta))
  return meta
}
