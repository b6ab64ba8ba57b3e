import { describe, expect, it } from 'vitest'
import { scalarsOf } from '../../../../src/engine/export/scalarsOf.js'
import type { RunEvent } from '../../../../src/shared/events.js'

const logits = { alpha: [], beta: [], gamma: [] }

function lines(event: RunEvent): string[] {
  return scalarsOf(event).map(({ tag, step, value }) => `${tag} @${step} = ${value}`)
}

describe('scalarsOf', () => {
  it('gives the curves of an architecture step', () => {
    const event: RunEvent = {
      type: 'architecture',
      variant: 'joint',
      step: 4,
      teacher: logits,
      student: logits,
      latencyMs: { teacher: 9, student: 8, derived: 7 },
      latencyTerms: { operators: 1, scales: 2, widths: 3, joint: 4, loss: 5 },
      lambda: 0.01,
      entropy: { alpha: 0.9, beta: 0.8, gamma: 0.7 },
      skipFraction: 0.25,
      narrowFraction: 0.5
    }
    expect(lines(event)).toHaveLength(14)
    expect(lines(event)).toEqual(expect.arrayContaining(['search/joint/latencyMs/derived @4 = 7', 'search/joint/entropy/beta @4 = 0.8', 'search/joint/lambda @4 = 0.01']))
  })

  it('gives scores and measured latencies, and leaves out what was not measured', () => {
    const scores = { meanIoU: 0.5, pixelAccuracy: 0.9, classIoU: [0.5, null], boundaryIoU: 0.25 }
    expect(lines({ type: 'evaluated', network: 'student', split: 'selection', step: 3, scores, best: false })).toEqual([
      'student/selection/meanIoU @3 = 0.5',
      'student/selection/pixelAccuracy @3 = 0.9',
      'student/selection/boundaryIoU @3 = 0.25'
    ])
    expect(lines({ type: 'supernet-evaluated', variant: 'decoupled', epoch: 2, teacher: { '8': 0.1 }, student: { '8+32': 0.2 } })).toEqual([
      'search/decoupled/meanIoU/teacher/8 @2 = 0.1',
      'search/decoupled/meanIoU/student/8+32 @2 = 0.2'
    ])
    expect(lines({ type: 'latency-measured', network: 'student', predictedMs: 8, measuredMs: 9, deviationMs: 0.1, count: 20 })).toEqual([
      'latency/student/predictedMs @0 = 8',
      'latency/student/measuredMs @0 = 9'
    ])
  })

  it('gives the latency controller its lambda and what it looked at', () => {
    const event = { type: 'lambda-controlled', variant: 'decoupled', epoch: 2, step: 20, derivedMs: 12, targetMs: 8, change: 'doubled', lambda: 0.02 } as const
    expect(lines(event)).toEqual(['search/decoupled/controller/lambda @20 = 0.02', 'search/decoupled/controller/derivedMs @20 = 12'])
  })

  it('gives nothing for what is no curve', () => {
    expect(lines({ type: 'note', text: 'hello' })).toEqual([])
    expect(lines({ type: 'stage-started', stage: 'search', steps: 3 })).toEqual([])
  })
})
