import type { Series, Tone } from '../charts/series.js'
import type { GrowingCurve } from './growingCurve.js'

/** A loss as a chart draws it: the raw values in pale, their running mean in front. */
export function lossSeries(name: string, tone: Tone, curve: GrowingCurve): Series {
  return { name, tone, smoothed: true, points: curve.means(), shadow: curve.outline() }
}
