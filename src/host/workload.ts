/**
 * How much a run has to compute, counted from its settings before it starts, stage by stage in the order of the run. Architectures that
 * are not known yet are stood for by what undecided logits give.
 */
import type { SearchSpace } from '../shared/architecture.js'
import type { Settings } from '../shared/config/settings.js'
import type { RunJob } from '../shared/runPlan.js'
import { assumedDataset } from './assumedDataset.js'
import { otherEffort, type Effort } from './effort.js'
import { imageCounts } from './imageCounts.js'
import { latencyWork } from './latencyWork.js'
import { searchWork } from './searchWork.js'
import { taskWork, type StageWork } from './stageWork.js'
import { trainWork, type KnownNetworks } from './trainWork.js'

const engineStartSeconds = 3
/** Read and decoded, or drawn. */
const readSecondsPerPixel = 3e-7
const reportSeconds = 1

/** `networks`: those of the run that are known, because they were given or are derived by now. */
export function workload(settings: Settings, job: RunJob, networks: KnownNetworks = {}): StageWork[] {
  const { layers, baseWidth, widths, studentStemWidth } = settings.space
  const space: SearchSpace = { layers, baseWidth, widths, studentStemWidth, classes: assumedDataset(settings.data).classes }
  return [
    taskWork('dataset', datasetEffort(settings)),
    latencyWork(settings.latency, space),
    ...(job === 'train' ? [] : searchWork(settings, space)),
    ...(job === 'search' ? [] : trainWork(settings, space, networks)),
    taskWork('report', otherEffort(reportSeconds))
  ]
}

function datasetEffort({ data, latency }: Settings): Effort {
  const { train, val, size } = imageCounts(data, latency)
  return otherEffort(engineStartSeconds + (train + val) * size.height * size.width * readSecondsPerPixel)
}
