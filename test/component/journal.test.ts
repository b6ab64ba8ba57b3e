import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportData } from '../../src/engine/report/reportData.js'
import { networkRows } from '../../src/renderer/journal/networkRows.js'
import { networkTitle } from '../../src/renderer/journal/networkTitle.js'
import { planeData } from '../../src/renderer/journal/planeData.js'
import { RunJournal } from '../../src/renderer/journal/runJournal.js'
import { searchCurves } from '../../src/renderer/journal/searchCurves.js'
import { variantsOf } from '../../src/renderer/journal/variantsOf.js'
import { variantTitle } from '../../src/renderer/journal/variantTitle.js'
import { en } from '../../src/renderer/locales/en.js'
import type { JournalEntry } from '../../src/shared/events.js'
import { writeSyntheticRun } from '../unit/engine/report/syntheticRun.js'

let root: string
let events: JournalEntry[]
let journal: RunJournal
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'journal-'))
  events = reportData(writeSyntheticRun({ folder: join(root, 'run'), steps: 80, pictures: 0 })).events
  journal = new RunJournal(events)
})
afterAll(() => rmSync(root, { recursive: true }))

describe('what pages read off a journal', () => {
  it('one row a network: the word on the validation images, the step that was kept, the derived network that was trained', () => {
    const rows = networkRows(journal)
    expect(rows.map(({ network }) => network)).toEqual(['teacher', 'student', 'plain', 'handmade'])
    const [, student, plain, handmade] = rows
    expect(student.scores?.meanIoU).toBe(0.56)
    expect(student.bestStep).toBe(200)
    expect(student.derived).toMatchObject({ variant: 'decoupled', network: 'student' })
    expect(plain.derived).toBe(student.derived)
    expect(handmade.derived).toBeUndefined()
    expect(student.latencyMs).toBe(8.2)
  })

  it('falls back to the best selection score and to the table while a run is on its way', () => {
    const early = events.filter((event) => !(event.type === 'evaluated' && event.split === 'val') && event.type !== 'latency-measured')
    const student = networkRows(new RunJournal(early)).find(({ network }) => network === 'student')
    expect(student?.evaluated).toMatchObject({ split: 'selection', best: true })
    expect(student?.latencyMs).toBe(7.9)
  })

  it('knows the searches by their architectures, not by other events with a variant', () => {
    expect(variantsOf(journal)).toEqual(['decoupled', 'joint'])
    expect(journal.of('pair-judged').some(({ variant }) => variant === 'decoupled/teacher')).toBe(true)
    expect(variantTitle('decoupled/teacher', en)).toBe('decoupled, teacher')
    expect(networkTitle('plain', en)).toBe('student without distillation')
    expect(networkTitle('my-own', en)).toBe('my-own')
  })

  it('keeps the curves of the two searches apart', () => {
    for (const variant of ['decoupled', 'joint']) {
      const moments = journal.of('architecture').filter((event) => event.variant === variant)
      const curves = searchCurves(journal, variant, en)
      expect(curves.latency[1].points).toEqual(moments.map(({ step, latencyMs }) => [step, latencyMs.derived]))
      expect(curves.loss[0].points.length).toBe(80)
      expect(curves.supernet[0].points.map(([epoch]) => epoch)).toEqual([1, 2])
    }
  })

  it('draws lambda as the controller moved it', () => {
    const moved = new RunJournal(events.map((event) => (event.type === 'architecture' && event.step > 40 ? { ...event, lambda: 0.02 } : event)))
    const [lambda] = searchCurves(moved, 'decoupled', en).lambda
    expect(lambda.points[0]).toEqual([4, 0.01])
    expect(lambda.points[lambda.points.length - 1]).toEqual([80, 0.02])
    expect(lambda.points.filter(([, value]) => value === 0.01)).toHaveLength(10)
  })

  it('draws a search at the latency that its network would have had at that time', () => {
    const { trajectories, networks } = planeData(journal, 9, en)
    const at40 = journal.of('architecture').find((event) => event.variant === 'joint' && event.step === 40)
    expect(trajectories[1].points[0][0]).toBe(at40?.latencyMs.derived)
    expect(new Set(networks.map(({ shape }) => shape)).size).toBe(networks.length)
  })
})
