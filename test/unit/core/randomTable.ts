/** A latency table with made-up numbers for every key of a space, and random logits: for tests of arithmetic, not of speed. */
import { latencyKeys } from '../../../src/core/latency/latencyKeys.js'
import { logitShapes } from '../../../src/core/lattice.js'
import { randomStream } from '../../../src/core/random.js'
import type { ArchitectureLogits, SearchSpace } from '../../../src/shared/architecture.js'
import { latencyKeyText, type LatencyTable } from '../../../src/shared/latencyTable.js'

export function randomTable(space: SearchSpace, seed: number, size = { height: 64, width: 128 }): LatencyTable {
  const random = randomStream(seed, 'table')
  const entries = Object.fromEntries(latencyKeys(space, size).map((key) => (
    [latencyKeyText(key), { medianMs: 0.1 + random.uniform(), deviationMs: 0, count: 1 }]
  )))
  const machine = { cpu: 'made up', cores: 1, memoryBytes: 1, platform: 'none' }
  const runtime = { name: 'none', version: '0', threads: 1 }
  return { version: 1, name: 'random', ...size, machine, runtime, warmup: 0, repeats: 1, measuredAt: '', callMs: 0.05, entries }
}

export function randomLogits(layers: number, widths: number, seed: number): ArchitectureLogits {
  const random = randomStream(seed, 'logits')
  const shapes = logitShapes(layers, widths)
  const fill = (tables: [number, number][]) => tables.map(([rows, columns]) => (
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()))
  ))
  return { alpha: fill(shapes.alpha), beta: fill(shapes.beta), gamma: fill(shapes.gamma) }
}
