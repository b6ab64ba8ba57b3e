import { channels, type SearchSpace } from '../../shared/architecture.js'
import { latencyCostsFrom, type LatencyCosts } from '../latency/latencyCosts.js'
import { teacherWidth } from '../latency/stemWidths.js'
import { publishedPartMs, type PublishedTable } from './publishedTable.js'

/** What `publishedExpectation` reads from the authors' table, which is for 1024x2048 images. Throws latency.missing-entry. */
export function publishedCosts(
  space: SearchSpace,
  table: PublishedTable,
  whose: 'student' | 'teacher',
  size = { height: 1024, width: 2048 }
): { costs: LatencyCosts; stemMs: number } {
  const stemWidth = whose === 'student' ? space.studentStemWidth : teacherWidth
  const widths = whose === 'student' ? space.widths : [teacherWidth]
  const costs = latencyCostsFrom({ ...space, widths }, size, stemWidth, (key) => publishedPartMs(table, key))
  const outChannels = channels(8, space.baseWidth, stemWidth)
  const stemMs = publishedPartMs(table, { part: 'stem', ...size, inChannels: 3, outChannels, stride: 8 })
  return { costs, stemMs }
}
