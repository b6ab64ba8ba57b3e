/**
 * Stage `evaluate`: every trained network on the validation images at full size, its measured latency beside the table's prediction,
 * and overlays of the images on which the student is worst and best; hands over outputs/evaluation.json and outputs/overlays.
 */
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import { evaluateNetwork, predict, type Evaluation } from '../evaluate/evaluate.js'
import { networkInput } from '../data/networkInput.js'
import { writeOverlays } from '../evaluate/overlays.js'
import { measureDeployed } from '../latency/measureDeployed.js'
import type { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { runTable } from './latencyStage.js'
import { architectureFile, type NetworkName } from './runOutputs.js'
import type { StagePlan } from './stageTable.js'
import { trainedNetwork, trainedWeights } from './trainStage.js'
import { samplesOf, type Workplace } from './workplace.js'

const networkNames: NetworkName[] = ['teacher', 'student', 'plain', 'handmade']
/** Pictures of this many worst images and of as many from the rest, evenly spread. */
const picturesEach = 4

export const evaluateStage: StagePlan = {
  stage: 'evaluate',
  steps: 0,
  async run(workplace) {
    const trained = networkNames.filter((name) => workplace.outputs.has(architectureFile(name)) && hasWeights(workplace, name))
    let worstFirst: string[] = []
    for (const name of trained) {
      if (workplace.context.control.stopRequested()) return false
      const evaluation = await evaluated(workplace, name)
      if (name === 'student') worstFirst = evaluation.images.map(({ id }) => id)
      await timed(workplace, name)
    }
    await pictured(workplace, worstFirst, trained.includes('teacher'))
    return true
  }
}

function hasWeights({ outputs }: Workplace, name: NetworkName): boolean {
  return outputs.has(`networks/${name}/last.safetensors`)
}

async function evaluated(workplace: Workplace, name: NetworkName): Promise<Evaluation> {
  const { context, dataset, space, outputs } = workplace
  const network = trainedNetwork(workplace, name)
  try {
    const evaluation = await evaluateNetwork({
      classes: space.classes,
      samples: samplesOf(workplace, dataset.val),
      toInput: networkInput,
      forward: (images) => network.forward(images),
      detailed: true,
      afterImage: (done) => context.progress(`evaluate ${name}`, done, dataset.val.length)
    })
    context.emit({ type: 'evaluated', network: name, split: 'val', step: 0, scores: evaluation.scores, best: true })
    outputs.writeJson(`networks/${name}/evaluation.json`, evaluation)
    return evaluation
  } finally {
    network.dispose()
  }
}

async function timed(workplace: Workplace, name: NetworkName): Promise<void> {
  const { context, outputs } = workplace
  const architecture = outputs.readArchitecture(architectureFile(name))
  const { medianMs, deviationMs, count } = await measureDeployed(architecture, context.settings.latency, trainedWeights(workplace, name))
  const predictedMs = tableLatencyMs(architecture, runTable(workplace))
  context.emit({ type: 'latency-measured', network: name, predictedMs, measuredMs: medianMs, deviationMs, count })
}

async function pictured(workplace: Workplace, worstFirst: string[], withTeacher: boolean): Promise<void> {
  const { dataset, outputs } = workplace
  const rest = worstFirst.slice(picturesEach)
  const spread = rest.filter((_, index) => index % Math.max(1, Math.floor(rest.length / picturesEach)) === 0).slice(0, picturesEach)
  const chosen = [...worstFirst.slice(0, picturesEach), ...spread]
  const references = chosen.flatMap((id) => dataset.val.filter((reference) => reference.id === id))
  const student = trainedNetwork(workplace, 'student')
  const teacher = withTeacher ? trainedNetwork(workplace, 'teacher') : undefined
  const mask = (network: TrainedNetwork, sample: Parameters<typeof predict>[1]): Uint8Array =>
    predict({ toInput: networkInput, forward: (images) => network.forward(images) }, sample)
  try {
    const samples = []
    for await (const sample of samplesOf(workplace, references)) {
      samples.push({ ...sample, student: mask(student, sample), ...(teacher ? { teacher: mask(teacher, sample) } : {}) })
    }
    writeOverlays(outputs.path('overlays'), dataset.classes, samples)
  } finally {
    student.dispose()
    teacher?.dispose()
  }
}
