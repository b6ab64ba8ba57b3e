/** The network that is judged within the supernet: one operator and one predecessor a cell, with batch statistics of nothing else. */
import { afterAll, describe, expect, it } from 'vitest'
import { mostProbablePath } from '../../../src/core/derivation/mostProbablePath.js'
import { operators, type ArchitectureLogits } from '../../../src/shared/architecture.js'
import { BatchStatistics } from '../../../src/engine/network/batchStatistics.js'
import { Pass } from '../../../src/engine/network/pass.js'
import type { SupernetChoice } from '../../../src/engine/network/supernet/supernet.js'
import { derivedChoice, disposeChoice } from '../../../src/engine/search/supernetChoices.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { randomLogits } from '../../unit/core/randomTable.js'
import { fixture, fixtureBatch, fixtureTrainer } from '../network/supernetFixture.js'
import { expectClose } from '../tensor/expectClose.js'

const { space } = fixture
const trainer = fixtureTrainer()
const batch = fixtureBatch()

afterAll(() => {
  trainer.dispose()
  tf.dispose([batch.images, batch.labels])
})

function forward(choice: SupernetChoice, statistics: BatchStatistics | null): Map<string, tf.Tensor4D> {
  return trainer.supernet.forward(new Pass(trainer.weights, statistics ? 'record' : 'train', statistics), batch.images, choice)
}

/** Statistics of the cells of one layer and scale. */
function statisticsOf(logits: ArchitectureLogits, cell: string): Map<string, number[]> {
  const statistics = new BatchStatistics('average')
  const choice = derivedChoice(space, 'student', logits)
  tf.tidy(() => void forward(choice, statistics))
  disposeChoice(choice)
  const found = [...statistics.read()].filter(([name]) => name.startsWith(`cells.${cell}.`))
  statistics.clear()
  return new Map(found.map(([name, { data }]) => [name, [...data]]))
}

/** Whatever the numbers, the cell at 1/16 of the last layer is fed by the same scale and reached through layer 1. */
function logitsWithSteadyPath(): ArchitectureLogits {
  const logits = randomLogits(space.layers, space.widths.length, 3)
  logits.beta[0] = [[-4, 4], [-4, 4]]
  return logits
}

describe('the network as it would be derived now', () => {
  it('computes what one-hot mixtures of everything compute', () => {
    tf.tidy(() => {
      const choice = derivedChoice(space, 'student', randomLogits(space.layers, space.widths.length, 3))
      const { role, alpha, widths } = choice
      const beta = choice.predecessors!.map((rows) => tf.tensor2d(rows.flatMap((only) => [1 - only, only]), [rows.length, 2]))
      const mixed = forward({ role, alpha, beta, widths }, null)
      for (const [name, map] of forward(choice, null)) expectClose(map, mixed.get(name)!.dataSync(), 1e-4)
    })
  })

  it('goes along the most probable paths, also where a cell by itself would choose otherwise', () => {
    const logits = randomLogits(space.layers, space.widths.length, 1)
    const probability = (share: number): number[] => [Math.log(share), Math.log(1 - share)]
    // Into 1/32 at layer 3, relative to a half: through 1/16 at layer 2 with 0.9 * 1.8, or from 1/32 at layer 2 with 1.1.
    logits.beta = [[probability(0.9), probability(0.5)], [probability(0.45)]]
    expect(mostProbablePath(space, logits.beta, 2)).toEqual([0, 0, 1, 2])
    const choice = derivedChoice(space, 'student', logits)
    expect(choice.predecessors?.[1]).toEqual([0])
    disposeChoice(choice)
  })

  it('has statistics in which a cell that feeds nothing has no part', () => {
    const logits = logitsWithSteadyPath()
    const before = statisticsOf(logits, 'layer3.scale16')
    expect(before.size).toBeGreaterThan(0)
    const cellAtLayer2 = logits.alpha[0][2]
    const best = cellAtLayer2.indexOf(Math.max(...cellAtLayer2))
    cellAtLayer2[(best + 1) % operators.length] = 10
    expect(statisticsOf(logits, 'layer3.scale16')).toEqual(before)
    // At 1/8 the changed cell is on the path.
    expect(statisticsOf(logits, 'layer3.scale8')).not.toEqual(statisticsOf(logitsWithSteadyPath(), 'layer3.scale8'))
  })
})
