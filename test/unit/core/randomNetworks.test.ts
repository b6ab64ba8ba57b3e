import { describe, expect, it } from 'vitest'
import { networkCost } from '../../../src/core/cost.js'
import { randomNetworks } from '../../../src/core/latency/randomNetworks.js'
import { derivedGraph } from '../../../src/core/networkBuilder.js'

const space = { layers: 8, baseWidth: 6, widths: [4, 8, 12], studentStemWidth: 8, classes: 19 }

describe('randomNetworks', () => {
  it('are different, the same for the same seed, and none of those that are known', () => {
    const networks = randomNetworks(space, { count: 20, seed: 3, stream: 'a' })
    const texts = networks.map(({ branches }) => JSON.stringify(branches))
    expect(new Set(texts).size).toBe(20)
    expect(randomNetworks(space, { count: 20, seed: 3, stream: 'a' })).toEqual(networks)
    const others = randomNetworks(space, { count: 20, seed: 3, stream: 'a', known: networks })
    for (const { branches } of others) expect(texts).not.toContain(JSON.stringify(branches))
  })

  it('have every pair of branches, and the largest computes at least twice as much as the smallest', () => {
    const networks = randomNetworks(space, { count: 30, seed: 1, stream: 'b' })
    expect(new Set(networks.map(({ branches }) => branches.map(({ finalScale }) => finalScale).join())).size).toBe(3)
    const work = networks.map((network) => networkCost(derivedGraph(network, { height: 64, width: 128, auxiliaryHeads: false })).multiplyAdds)
    expect(Math.max(...work)).toBeGreaterThan(2 * Math.min(...work))
  })

  it('do not repeat in a small space, where draws do', () => {
    const many = randomNetworks({ ...space, layers: 3, widths: [12] }, { count: 1000, seed: 1, stream: 'c' })
    expect(new Set(many.map(({ branches }) => JSON.stringify(branches))).size).toBe(many.length)
    expect(many).toHaveLength(1000)
  })
})
