/** What the accuracy / latency plane shows of a run. */
import type { PlaneData, PlanePoint, PlaneShape, Trajectory } from '../charts/planeOption.js'
import type { Tone } from '../charts/series.js'
import type { Texts } from '../locales/en.js'
import { networkRows } from './networkRows.js'
import { networkTitle } from './networkTitle.js'
import type { RunJournal } from './runJournal.js'
import { momentsOf, variantsOf } from './variantsOf.js'

const searchTones: Tone[] = ['blue', 'orange', 'green']
const networkLooks: Record<string, { tone: Tone; shape: PlaneShape }> = {
  teacher: { tone: 'grey', shape: 'rect' },
  student: { tone: 'blue', shape: 'diamond' },
  plain: { tone: 'purple', shape: 'circle' },
  handmade: { tone: 'red', shape: 'triangle' }
}
const otherLook = { tone: 'green', shape: 'pin' } as const

export function planeData(journal: RunJournal, targetMs: number | null, texts: Texts): PlaneData {
  const networks = networkRows(journal).flatMap(({ network, scores, latencyMs }): PlanePoint[] => {
    if (!scores || latencyMs === null) return []
    return [{ name: networkTitle(network, texts), latencyMs, meanIoU: scores.meanIoU, ...(networkLooks[network] ?? otherLook) }]
  })
  const trajectories = variantsOf(journal).map((variant, index) => trajectory(journal, variant, searchTones[index % searchTones.length], texts))
  return {
    networks, trajectories: trajectories.filter(({ points }) => points.length > 0), xName: texts.plane.x, yName: texts.plane.y,
    ...(targetMs === null ? {} : { target: { name: texts.charts.target, value: targetMs } })
  }
}

/** At every evaluation of the supernet: latency of what would be derived then, and the student's best prediction. */
function trajectory(journal: RunJournal, variant: string, tone: Tone, texts: Texts): Trajectory {
  const moments = momentsOf(journal, variant)
  const epochs = journal.of('supernet-evaluated').filter((event) => event.variant === variant)
  const points = epochs.flatMap(({ sequence, student }): [number, number][] => {
    const before = moments.filter((moment) => moment.sequence < sequence).at(-1)
    return before ? [[before.latencyMs.derived, Math.max(...Object.values(student))]] : []
  })
  return { name: texts.plane.search(texts.names.variant[variant] ?? variant), points, tone }
}
