/**
 * Stage `train-handmade`: a hand-made network of the student's latency, trained for the student's minutes. Minutes become steps once: the
 * steps of both networks are timed in turn, and the count that follows is kept as an input of the run, so that a resumed run trains
 * exactly as many.
 */
import { handmadeOfLatency } from '../../core/handmade.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import type { Settings } from '../../shared/config/settings.js'
import { readJsonFile } from '../../storage/jsonFile.js'
import type { RunFolder, RunInput } from '../../storage/runFolder.js'
import { announceDerived, architectureFile } from './deriveStage.js'
import { runTable } from './latencyStage.js'
import type { StagePlan } from './stageTable.js'
import { openDerivedTrainer, trainedNetwork, trainStage, type NetworkTraining } from './trainStage.js'
import type { Workplace } from './workplace.js'

const paceInput = 'handmade-pace.json'
/** Steps of each network that are timed, after one that is not. */
const timedSteps = 6

/** A network of the student's latency never trains this much faster than the student. */
const mostTimesTheSteps = 8

const handmade: NetworkTraining = { name: 'handmade', stage: 'train-handmade', distilled: false }

export function handmadeStage(settings: Settings['train']): StagePlan {
  return {
    stage: 'train-handmade',
    steps: settings.handmadeSteps || settings.studentSteps,
    mostSteps: settings.handmadeSteps || mostTimesTheSteps * settings.studentSteps,
    async run(workplace, place) {
      if (!place.resume) drawHandmade(workplace)
      const steps = settings.handmadeSteps || (await stepsInTheSameMinutes(workplace))
      return trainStage(handmade, steps).run(workplace, place)
    }
  }
}

function drawHandmade(workplace: Workplace): void {
  const table = runTable(workplace)
  const student = workplace.outputs.readArchitecture(architectureFile('student'))
  const latencyMs = (architecture: typeof student): number => tableLatencyMs(architecture, table)
  const architecture = handmadeOfLatency(workplace.space, latencyMs(student), latencyMs)
  workplace.outputs.writeArchitecture(architectureFile('handmade'), architecture)
  announceDerived(workplace, { variant: 'handmade', network: 'handmade', trained: true }, architecture)
}

/** The student's steps times the ratio of the two networks' seconds a step, both measured here and now, in turn. */
async function stepsInTheSameMinutes(workplace: Workplace): Promise<number> {
  const { run, settings } = workplace.context
  const known = run.manifest.inputs[paceInput] ?? run.keptInput(paceInput)
  if (known) return keepPace(run, known)
  const { distillation, studentSteps } = settings.train
  const teacher = distillation ? trainedNetwork(workplace, 'teacher') : undefined
  const student = { name: 'student', stage: 'train-student', distilled: distillation } as const
  const trainers = [openDerivedTrainer(workplace, student, studentSteps, teacher), openDerivedTrainer(workplace, handmade, studentSteps, undefined)]
  const seconds = [0, 0]
  try {
    for (let step = 0; step <= timedSteps; step++) {
      for (const [index, trainer] of trainers.entries()) {
        const startedAt = performance.now()
        await trainer.stepUnannounced(step)
        if (step > 0) seconds[index] += (performance.now() - startedAt) / 1000
      }
    }
  } finally {
    trainers.forEach((trainer) => trainer.dispose())
    teacher?.dispose()
  }
  const ratio = Math.min(mostTimesTheSteps, seconds[0] / seconds[1])
  const steps = Math.max(1, Math.round(studentSteps * ratio))
  const pace = { steps, studentStepSeconds: seconds[0] / timedSteps, handmadeStepSeconds: seconds[1] / timedSteps }
  return keepPace(run, run.addInput(paceInput, `${JSON.stringify(pace, null, 2)}\n`))
}

function keepPace(run: RunFolder, input: RunInput): number {
  if (!run.manifest.inputs[paceInput]) run.updateManifest({ inputs: { ...run.manifest.inputs, [paceInput]: input } })
  return (readJsonFile(`${run.path}/${input.file}`) as { steps: number }).steps
}
