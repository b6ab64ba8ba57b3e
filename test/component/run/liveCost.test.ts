import { computed, effectScope, nextTick } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { momentsOf } from '../../../src/renderer/journal/variantsOf.js'
import { networkRows } from '../../../src/renderer/journal/networkRows.js'
import { planeData } from '../../../src/renderer/journal/planeData.js'
import { RunJournal } from '../../../src/renderer/journal/runJournal.js'
import { searchCurves } from '../../../src/renderer/journal/searchCurves.js'
import { selectionCurves, stageLoss } from '../../../src/renderer/journal/trainingCurves.js'
import { en } from '../../../src/renderer/locales/en.js'
import type { JournalEntry } from '../../../src/shared/events.js'
import { collapseMeters } from '../../../src/renderer/workbench/run/collapse.js'
import { syntheticReport } from './runHost.js'

vi.setConfig({ testTimeout: 60_000 })

/** Counts every time that a property of an entry is read. */
function counted(entries: JournalEntry[], count: { reads: number }): JournalEntry[] {
  return entries.map((entry) => new Proxy(entry, {
    get(target, key) {
      count.reads++
      return Reflect.get(target, key) as unknown
    }
  }))
}

const stepsFrom = (first: number, count: number): JournalEntry[] => Array.from({ length: count }, (_, index) => ({
  type: 'step', sequence: first + index, stage: 'search', variant: 'decoupled', step: first + index, loss: 1 / (first + index), learningRate: 0.01
}))

describe('a batch of a hundred steps on top of a hundred thousand', () => {
  it('is read once and reads nothing that was there before', async () => {
    const young = syntheticReport({ pictures: 0 }).events
    const old = [...young, ...stepsFrom(young.length + 1, 100_000)]
    const oldReads = { reads: 0 }
    const newReads = { reads: 0 }
    const journal = new RunJournal(counted(old, oldReads))
    const scope = effectScope()
    const drawn = { all: 0, loss: 0 }
    const picture = scope.run(() => ({
      // Everything of the Search page that does not show losses: not made anew for steps.
      rest: computed(() => {
        drawn.all++
        return [momentsOf(journal, 'decoupled'), collapseMeters(journal), networkRows(journal), planeData(journal, 9, en), selectionCurves(journal, en)]
      }),
      loss: computed(() => {
        drawn.loss++
        return stageLoss(journal, (stage) => stage === 'search', en)
      })
    }))!
    expect(picture.rest.value.length).toBe(5)
    const before = picture.loss.value.find(({ name }) => name === 'search, decoupled')
    expect(drawn).toEqual({ all: 1, loss: 1 })

    oldReads.reads = 0
    journal.append(counted(stepsFrom(old.length + 1, 100), newReads))
    await nextTick()
    expect(picture.rest.value.length).toBe(5)
    const after = picture.loss.value.find(({ name }) => name === 'search, decoupled')
    expect(drawn).toEqual({ all: 1, loss: 2 })
    expect(oldReads.reads).toBe(0)
    expect(newReads.reads).toBeLessThan(100 * 12)
    expect(after?.points.length).toBeLessThanOrEqual(1000)
    expect(after?.shadow?.at(-1)?.[0]).toBeGreaterThan(before?.shadow?.at(-1)?.[0] ?? 0)
    scope.stop()
  })

  it('costs what the search has recorded when it holds an architecture, not what it has stepped', () => {
    const young = syntheticReport({ pictures: 0 }).events
    const reads = { reads: 0 }
    const journal = new RunJournal(counted([...young, ...stepsFrom(young.length + 1, 100_000)], reads))
    const moments = journal.of('architecture').length
    reads.reads = 0
    searchCurves(journal, 'decoupled', en)
    expect(reads.reads).toBeLessThan(moments * 60)
    expect(reads.reads).toBeGreaterThan(0)
  })
})
