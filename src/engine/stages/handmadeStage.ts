/**
 * Stage `train-handmade`: a hand-made network of the student's latency, trained for the student's minutes. Minutes become steps once: the
 * steps of both networks are timed in turn, and the count that follows is kept as an input of the run, so that a resumed run trains
 * exactly as many.
 */
import { handmadesNearLatency } from '../../core/handmade.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import type { Architecture } from '../../shared/architecture.js'
import type { Settings } from '../../shared/config/settings.js'
import { readJsonFile } from '../../storage/jsonFile.js'
import type { RunFolder, RunInput } from '../../storage/runFolder.js'
import { measureDeployed } from '../latency/measureDeployed.js'
import { announceDerived } from './deriveStage.js'
import { architectureFile } from './runOutputs.js'
import { runTable } from './latencyStage.js'
import { medianStepSeconds } from './stepPace.js'
import type { StagePlan } from './stageTable.js'
import { openDerivedTrainer, openTeacher, trainStage, type NetworkTraining } from './trainStage.js'
import type { Workplace } from './workplace.js'

const paceInput = 'handmade-pace.json'
const latencyInput = 'handmade-latency.json'
/** Hand-made networks that are timed as a whole. */
const measuredCandidates = 12

/** Steps of each network that are timed, after one that is not. */
const timedSteps = 15

/** A network of the student's latency never trains this much faster than the student. */
const mostTimesTheSteps = 8

const handmade: NetworkTraining = { name: 'handmade', stage: 'train-handmade', distilled: false }

export function handmadeStage(settings: Settings['train']): StagePlan {
  return {
    stage: 'train-handmade',
    steps: settings.handmadeSteps || settings.studentSteps,
    mostSteps: settings.handmadeSteps || mostTimesTheSteps * settings.studentSteps,
    async run(workplace, place) {
      if (!place.resume) await drawHandmade(workplace)
      const steps = settings.handmadeSteps || (await stepsInTheSameMinutes(workplace))
      return trainStage(handmade, steps).run(workplace, place)
    }
  }
}

/** Of the few whose sum by the table is nearest to the student's, the one whose latency as a whole is: sums miss what parts do to each other. */
async function drawHandmade(workplace: Workplace): Promise<void> {
  const { outputs, space } = workplace
  const table = runTable(workplace)
  const student = outputs.readArchitecture(architectureFile('student'))
  const byTable = (architecture: Architecture): number => tableLatencyMs(architecture, table)
  const candidates = handmadesNearLatency(space, byTable(student), byTable, measuredCandidates)
  const architecture = candidates[await nearestMeasured(workplace, student, candidates)]
  outputs.writeArchitecture(architectureFile('handmade'), architecture)
  announceDerived(workplace, { variant: 'handmade', network: 'handmade', trained: true }, architecture)
}

/** Index of the candidate whose measured latency is nearest to the student's; measured once, then an input of the run. */
async function nearestMeasured({ context }: Workplace, student: Architecture, candidates: readonly Architecture[]): Promise<number> {
  const { run, settings } = context
  const known = run.manifest.inputs[latencyInput] ?? run.keptInput(latencyInput)
  if (known) return (readJsonFile(`${run.path}/${known.file}`) as { chosen: number }).chosen
  // In turn with the student each time: the speed of a machine that others use drifts.
  const pairs: { studentMs: number; candidateMs: number }[] = []
  for (const candidate of candidates) {
    const studentMs = (await measureDeployed(student, settings.latency)).medianMs
    pairs.push({ studentMs, candidateMs: (await measureDeployed(candidate, settings.latency)).medianMs })
  }
  const distances = pairs.map(({ studentMs, candidateMs }) => Math.abs(Math.log(candidateMs / studentMs)))
  const chosen = distances.indexOf(Math.min(...distances))
  const input = run.addInput(latencyInput, `${JSON.stringify({ chosen, pairs }, null, 2)}\n`)
  run.updateManifest({ inputs: { ...run.manifest.inputs, [latencyInput]: input } })
  return chosen
}

/** The student's steps times the ratio of the two networks' seconds a step, both measured here and now, in turn. */
async function stepsInTheSameMinutes(workplace: Workplace): Promise<number> {
  const { run, settings } = workplace.context
  const known = run.manifest.inputs[paceInput] ?? run.keptInput(paceInput)
  if (known) return keepPace(run, known)
  const { distillation, studentSteps } = settings.train
  const teacher = distillation ? openTeacher(workplace) : undefined
  const student = { name: 'student', stage: 'train-student', distilled: distillation } as const
  const trainers = [openDerivedTrainer(workplace, student, studentSteps, teacher), openDerivedTrainer(workplace, handmade, studentSteps, undefined)]
  let paces: number[]
  let lookSeconds = 0
  try {
    // The same batch each time: the images of a teacher that looks at each once are then known to it, as they are in nearly all steps.
    paces = await medianStepSeconds(trainers, timedSteps, (index, took) => { if (index === 0) lookSeconds = took })
  } finally {
    trainers.forEach((trainer) => trainer.dispose())
    teacher?.dispose()
  }
  const [studentStepSeconds, handmadeStepSeconds] = paces
  const looks = distillation && settings.train.teacherView === 'image' ? workplace.split.trainAll.length / settings.train.batch : 0
  const studentSeconds = studentSteps * studentStepSeconds + looks * Math.max(0, lookSeconds - studentStepSeconds)
  const steps = Math.max(1, Math.min(mostTimesTheSteps * studentSteps, Math.round(studentSeconds / handmadeStepSeconds)))
  const pace = { steps, studentSeconds, studentStepSeconds, handmadeStepSeconds }
  return keepPace(run, run.addInput(paceInput, `${JSON.stringify(pace, null, 2)}\n`))
}

function keepPace(run: RunFolder, input: RunInput): number {
  if (!run.manifest.inputs[paceInput]) run.updateManifest({ inputs: { ...run.manifest.inputs, [paceInput]: input } })
  return (readJsonFile(`${run.path}/${input.file}`) as { steps: number }).steps
}
