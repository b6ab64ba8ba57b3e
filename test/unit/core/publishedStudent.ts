/** The published student and its numbers, read from the fixtures (VITA-Group/FasterSeg, MIT; see LICENSE beside them). */
import { readFileSync } from 'node:fs'
import { deriveArchitecture } from '../../../src/core/derive.js'
import type { PublishedTable } from '../../../src/core/published/publishedTable.js'
import type { Architecture, ArchitectureLogits, Scale, SearchSpace } from '../../../src/shared/architecture.js'

const folder = new URL('../../fixtures/fasterseg/', import.meta.url)

export interface StudentFixture {
  raw: Record<string, number[][]>
  branches: Record<string, { ops: string[]; downsample_rate: number[]; down: number[]; width_twelfths_of_output_of_layer: number[] }>
  cells: { label: string; layer: number; branches: number[]; op: string; c_in: number; c_out: number; stride: number; params: number }[]
  params_by_part: Record<string, number>
  params: Record<string, number>
  macs_1024x2048: Record<string, number>
  lookup_latency_ms_1080ti_of_derived: Record<string, number>
}

export const studentFixture = JSON.parse(readFileSync(new URL('published-student.json', folder), 'utf8')) as StudentFixture
export const publishedTable = JSON.parse(readFileSync(new URL('latency-lookup-1080ti.json', folder), 'utf8')) as PublishedTable

export const publishedSpace: SearchSpace = { layers: 16, baseWidth: 12, widths: [4, 6, 8, 10, 12], studentStemWidth: 8, classes: 19 }

export const studentLogits: ArchitectureLogits = {
  alpha: [0, 1, 2].map((row) => studentFixture.raw[`alpha_1_${row}`]),
  beta: [1, 2].map((row) => studentFixture.raw[`beta_1_${row}`]),
  gamma: [0, 1, 2].map((row) => studentFixture.raw[`ratio_1_${row}`])
}

export function publishedStudent(finalScales: Scale[]): Architecture {
  const options = { finalScales, rules: 'published', forbidSkip: false, stemWidth: 8, name: 'published student' } as const
  return deriveArchitecture(publishedSpace, studentLogits, options)
}
