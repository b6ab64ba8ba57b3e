/** A whole small supernet against PyTorch (fixtures/supernet.py): predictions, losses, gradients of everything that a loss reaches. */
import { afterAll, describe, expect, it } from 'vitest'
import { lossGradients } from '../../../src/engine/tensor/gradients.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { Pass } from '../../../src/engine/network/pass.js'
import { uniformPlan, type WidthPlan } from '../../../src/engine/network/supernet/widthPlan.js'
import { ArchitectureParameters } from '../../../src/engine/search/architectureParameters.js'
import { allTensors, architectureTensors, mixtures } from '../../../src/engine/search/architectureTensors.js'
import { expectClose } from '../tensor/expectClose.js'
import { probe } from './formulaValues.js'
import { fixture, fixtureBatch, fixtureLogitValues, fixtureTrainer, flattened, passNames, type PassName } from './supernetFixture.js'

const { space } = fixture
const trainer = fixtureTrainer()
const batch = fixtureBatch()
const tables = { teacher: logitsOf('teacher'), student: logitsOf('student') }
const variables = [...trainer.weights.variables.values()]
const names = [...trainer.weights.variables.keys()]

afterAll(() => {
  trainer.dispose()
  tf.dispose([batch.images, batch.labels, ...allTensors(tables.teacher), ...allTensors(tables.student)])
})

function logitsOf(role: 'teacher' | 'student') {
  const parameters = new ArchitectureParameters(space, role === 'teacher' ? 1 : space.widths.length)
  parameters.values.set(fixtureLogitValues(role))
  return architectureTensors(parameters.logits())
}

function planOf(name: PassName): WidthPlan {
  if (name === 'student') return fixture.plan
  return uniformPlan(space, name === 'narrowest' ? 0 : space.widths.length - 1)
}

function choiceOf(name: PassName) {
  const role = name === 'teacher' ? 'teacher' : 'student'
  return { role, ...mixtures(tables[role]), widths: planOf(name) } as const
}

/** Largest difference of the probes in units of the gradient's length. */
function distance(name: string, gradient: tf.Tensor, expected: [number, number]): number {
  const found = probe(name, gradient.dataSync<'float32'>())
  return Math.max(Math.abs(found[0] - expected[0]), Math.abs(found[1] - expected[1])) / expected[1]
}

describe('a supernet of four layers, slimmed to odd channel counts, with a 5x2 map at 1/32', () => {
  it('samples different widths', () => {
    expect(new Set(fixture.plan.flat())).toEqual(new Set([0, 1, 2]))
    expect(new Set(fixture.labels)).toEqual(new Set([0, 1, 2, 255]))
  })

  it.each(passNames)('%s: five predictions equal PyTorch', (name) => {
    tf.tidy(() => {
      const logits = trainer.supernet.forward(new Pass(trainer.weights, 'train', null), batch.images, choiceOf(name))
      expect(new Set(logits.keys())).toEqual(new Set(Object.keys(fixture.passes[name].predictions)))
      for (const [prediction, map] of logits) {
        expect(map.shape).toEqual([2, fixture.height / 8, fixture.width / 8, space.classes])
        const everySeventh = map.dataSync().filter((_, index) => index % 7 === 0)
        expectClose(tf.tensor1d(everySeventh), fixture.passes[name].predictions[prediction], 1e-4)
      }
    })
  })

  it.each(passNames)('%s: loss and gradients of the architecture and of every weight equal PyTorch', (name) => {
    const expected = fixture.passes[name]
    const table = tables[name === 'teacher' ? 'teacher' : 'student']
    const mixed = [...table.alpha, ...table.beta]
    const { loss, gradients } = lossGradients(() => trainer.passLoss(batch, choiceOf(name)), [...mixed, ...variables])
    expect(Math.abs(loss.dataSync()[0] - expected.loss)).toBeLessThan(1e-5 * expected.loss)
    const found = mixed.map((_, index) => gradients[index]?.dataSync() ?? new Float32Array())
    expectClose(tf.tensor1d(found.flatMap((part) => [...part])), flattened(expected), 1e-4)

    const touched = new Map(fixture.names.map((weight, index) => [weight, expected.weights[index]]))
    const largest = Math.max(...expected.weights.map((entry) => entry?.[1] ?? 0))
    names.forEach((weight, index) => {
      const gradient = gradients[mixed.length + index]
      const wanted = touched.get(weight)
      if (!wanted) {
        expect(gradient, weight).toBeNull()
      } else if (wanted[1] > 1e-6 * largest) {
        expect(distance(weight, gradient!, wanted), weight).toBeLessThan(3e-4)
      }
    })
    tf.dispose([loss, ...gradients.filter((gradient) => gradient !== null)])
  })
})
