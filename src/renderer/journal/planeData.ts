/** What the accuracy / latency plane shows of a run. */
import type { JournalEntry } from '../../shared/events.js'
import type { PlaneData, PlanePoint, PlaneShape, Trajectory } from '../charts/planeOption.js'
import type { Tone } from '../charts/series.js'
import type { Texts } from '../locales/en.js'
import { networkRows } from './networkRows.js'
import { networkTitle } from './networkTitle.js'
import { variantsOf } from './variantsOf.js'

const searchTones: Tone[] = ['blue', 'orange', 'green']
const networkLooks: Record<string, { tone: Tone; shape: PlaneShape }> = {
  teacher: { tone: 'grey', shape: 'rect' },
  student: { tone: 'blue', shape: 'diamond' },
  plain: { tone: 'purple', shape: 'circle' },
  handmade: { tone: 'red', shape: 'triangle' }
}
const otherLook = { tone: 'green', shape: 'pin' } as const

export function planeData(events: readonly JournalEntry[], targetMs: number, texts: Texts): PlaneData {
  const networks = networkRows(events).flatMap(({ network, scores, latencyMs }): PlanePoint[] => {
    if (!scores || latencyMs === null) return []
    return [{ name: networkTitle(network, texts), latencyMs, meanIoU: scores.meanIoU, ...(networkLooks[network] ?? otherLook) }]
  })
  const trajectories = variantsOf(events).map((variant, index) => trajectory(events, variant, searchTones[index % searchTones.length], texts))
  return {
    networks, trajectories: trajectories.filter(({ points }) => points.length > 0), xName: texts.plane.x, yName: texts.plane.y,
    target: { name: texts.charts.target, value: targetMs }
  }
}

/** At every evaluation of the supernet: latency of what would be derived then, and the student's best prediction. */
function trajectory(events: readonly JournalEntry[], variant: string, tone: Tone, texts: Texts): Trajectory {
  const points: [number, number][] = []
  let derivedMs: number | undefined
  for (const event of events) {
    if (event.type === 'architecture' && event.variant === variant) derivedMs = event.latencyMs.derived
    if (event.type === 'supernet-evaluated' && event.variant === variant && derivedMs !== undefined) {
      points.push([derivedMs, Math.max(...Object.values(event.student))])
    }
  }
  return { name: texts.plane.search(texts.names.variant[variant] ?? variant), points, tone }
}
