/**
 * Stage `derive` of a run that trains given networks instead of searching: takes inputs/student.json, and inputs/teacher.json where it is
 * there, as the run's networks.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArchitecture } from '../../core/parseArchitecture.js'
import type { Architecture, SearchSpace } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import type { RunContext } from '../runContext.js'
import { architectureFile } from './runOutputs.js'
import type { StagePlan } from './stageTable.js'

export const givenNetworksStage: StagePlan = {
  stage: 'derive',
  steps: 0,
  run({ context, outputs, space }) {
    for (const role of ['student', 'teacher'] as const) {
      const architecture = given(context, role)
      if (!architecture) continue
      if (architecture.classes !== space.classes) throw otherClasses(architecture, space.classes)
      outputs.writeArchitecture(architectureFile(role), architecture)
    }
    return Promise.resolve(true)
  }
}

function given({ folder }: RunContext, role: 'teacher' | 'student'): Architecture | undefined {
  const file = path.join(folder, 'inputs', `${role}.json`)
  if (!existsSync(file)) return undefined
  return parseArchitecture(readFileSync(file, 'utf8'), file)
}

function otherClasses(architecture: Architecture, classes: number): AppError {
  return new AppError('architecture.invalid', `${architecture.name}: expected a network for the dataset's ${classes} classes, found one for ${architecture.classes}.`, {
    hint: 'Take the dataset that the network was searched on, or search on this one.'
  })
}

/** The smallest space that holds the given networks: its latency table has every part of them. */
export function givenSpace(context: RunContext, classes: number): SearchSpace {
  const student = given(context, 'student')
  if (!student) throw new AppError('file.not-found', `${context.folder}: expected inputs/student.json, the network to train, and found none.`)
  const networks = [student, given(context, 'teacher')].filter((network): network is Architecture => network !== undefined)
  const widths = networks.flatMap(({ branches }) => branches.flatMap(({ cells }) => cells.map(({ width }) => width)))
  const layers = Math.max(3, ...networks.flatMap(({ branches }) => branches.flatMap(({ cells }) => cells.map(({ layer }) => layer + 1))))
  return {
    layers,
    baseWidth: student.baseWidth,
    widths: [...new Set([...widths, 12])].sort((a, b) => a - b),
    studentStemWidth: student.stemWidth,
    classes
  }
}
