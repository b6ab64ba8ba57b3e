/** The latency controller in a search: what it says is what the next architecture step pays. */
import { describe, expect, it } from 'vitest'
import type { SearchSettings } from '../../../src/shared/config/settings.js'
import type { RunEvent } from '../../../src/shared/events.js'
import type { StoredTensor } from '../../../src/storage/safetensors.js'
import { copied, oneWidthSpace, tinySearcher } from './tinyTraining.js'

type Kind<Type extends RunEvent['type']> = RunEvent & { type: Type }
const of = <Type extends RunEvent['type']>(events: RunEvent[], type: Type): Kind<Type>[] => events.filter((event): event is Kind<Type> => event.type === type)

const search = { stepsPerEpoch: 1, lambda: 3, latencyController: 'window', latencyBand: 0.1 } as const

function searcher(change: Partial<SearchSettings>, events: RunEvent[] = []): ReturnType<typeof tinySearcher> {
  return tinySearcher({ space: oneWidthSpace, predictions: ['8'], settings: { search: { ...search, ...change } } }, events)
}

const logits = (tensors: ReadonlyMap<string, StoredTensor>): number[] => [...tensors.get('architecture/student/logits')!.data].map(Number)

describe('the latency controller in a search', () => {
  it.each([
    ['doubled', 1e-3, [6, 12, 24]],
    ['halved', 1e6, [1.5, 0.75, 0.375]]
  ])('lambda is %s after every epoch that the derived network is outside of the window', async (change, targetLatencyMs, lambdas) => {
    const events: RunEvent[] = []
    const found = searcher({ targetLatencyMs }, events)
    for (const step of [0, 1, 2]) await found.step(step)
    found.dispose()
    const controlled = of(events, 'lambda-controlled')
    const moments = of(events, 'architecture')
    expect(controlled.map((event) => [event.epoch, event.step, event.change, event.lambda])).toEqual(lambdas.map((lambda, index) => [index + 1, index + 1, change, lambda]))
    expect(controlled.map(({ derivedMs }) => derivedMs)).toEqual(moments.map(({ latencyMs }) => latencyMs.derived))
    expect(moments.map(({ lambda }) => lambda)).toEqual([3, ...lambdas.slice(0, 2)])
    // The term is lambda times the same sum of the three parts.
    for (const { lambda, latencyTerms: { operators, scales, widths, loss } } of moments) {
      expect(loss / lambda).toBeCloseTo(0.001 * operators + 0.997 * scales + 0.002 * widths, 9)
    }
  })

  it('the next architecture step is that of a search with this lambda, bit for bit, and not of one with the old', async () => {
    const controlled = searcher({ targetLatencyMs: 1e-3 })
    await controlled.step(0)
    const tensors = copied(controlled.tensors())
    await controlled.step(1)
    const after = async (lambda: number): Promise<number[]> => {
      const other = searcher({ latencyController: 'off', lambda })
      other.restore(tensors, {})
      await other.step(1)
      const found = logits(other.tensors())
      other.dispose()
      return found
    }
    expect(await after(6)).toEqual(logits(controlled.tensors()))
    expect(await after(3)).not.toEqual(logits(controlled.tensors()))
    controlled.dispose()
  })

  it('off: says nothing and moves nothing', async () => {
    const events: RunEvent[] = []
    const found = searcher({ latencyController: 'off', targetLatencyMs: 1e-3 }, events)
    for (const step of [0, 1]) await found.step(step)
    expect(of(events, 'lambda-controlled')).toEqual([])
    expect(of(events, 'architecture').map(({ lambda }) => lambda)).toEqual([3, 3])
    expect(found.info()).toEqual({})
    found.dispose()
  })
})
