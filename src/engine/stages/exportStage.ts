/** Stage `export`: the folder that a person takes away (outputs/export/NETWORK) and TensorBoard events (outputs/tensorboard). */
import { readJournal } from '../../storage/readJournal.js'
import { exportTensorboard } from '../export/exportTensorboard.js'
import { exportTrained, parityImages } from '../export/exportTrained.js'
import { architectureFile } from './runOutputs.js'
import type { StagePlan } from './stageTable.js'
import { trainedWeights } from './trainStage.js'
import { samplesOf } from './workplace.js'

export const exportStage: StagePlan = {
  stage: 'export',
  steps: 0,
  async run(workplace) {
    const { context, outputs, dataset } = workplace
    const { height, width } = context.settings.latency
    const files = await exportTrained({
      architecture: outputs.readArchitecture(architectureFile('student')),
      weights: trainedWeights(workplace, 'student'),
      classes: dataset.classes,
      size: { height, width },
      folder: outputs.path('export/student'),
      samples: samplesOf(workplace, dataset.val.slice(0, parityImages))
    })
    for (const { format, path, largestDifference, argmaxAgreement } of files) {
      context.emit({ type: 'exported', network: 'student', format, path, largestDifference, argmaxAgreement })
    }
    await exportTensorboard(readJournal(context.run.journalPath).entries, outputs.path('tensorboard'))
    return true
  }
}
