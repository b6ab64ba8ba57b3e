/** The curves of a run: which numbers of an event go where in TensorBoard. */
import { scoreNames, type RunEvent } from '../../shared/events.js'

export interface ScalarPoint {
  /** Such as `search/decoupled/loss`. */
  tag: string
  step: number
  value: number
}

/** The event's numbers as points of curves; none for events without numbers over time. */
export function scalarsOf(event: RunEvent): ScalarPoint[] {
  switch (event.type) {
    case 'step': {
      const { stage, variant, step, loss, learningRate, losses = {} } = event
      return points(variant === undefined ? stage : `${stage}/${variant}`, step, { loss, learningRate, ...prefixed('loss', losses) })
    }
    case 'architecture':
      return points(`search/${event.variant}`, event.step, {
        ...prefixed('latencyMs', event.latencyMs),
        ...prefixed('latencyTerms', event.latencyTerms),
        ...prefixed('entropy', event.entropy),
        lambda: event.lambda,
        skipFraction: event.skipFraction,
        narrowFraction: event.narrowFraction
      })
    case 'lambda-controlled':
      return points(`search/${event.variant}/controller`, event.step, { lambda: event.lambda, derivedMs: event.derivedMs })
    case 'supernet-evaluated': {
      const scores = { ...prefixed('teacher', event.teacher), ...prefixed('student', event.student) }
      return points(`search/${event.variant}/meanIoU`, event.epoch, scores)
    }
    case 'evaluated': {
      const values = Object.fromEntries(scoreNames.map((name) => [name, event.scores[name]]))
      return points(`${event.network}/${event.split}`, event.step, values)
    }
    case 'latency-measured':
      return points(`latency/${event.network}`, 0, { predictedMs: event.predictedMs, measuredMs: event.measuredMs })
    default:
      return []
  }
}

function points(prefix: string, step: number, values: Record<string, number | undefined>): ScalarPoint[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ tag: `${prefix}/${name}`, step, value }]))
}

function prefixed(prefix: string, values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]))
}
