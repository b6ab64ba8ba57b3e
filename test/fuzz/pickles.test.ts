/** Mutated files of torch and numpy, and random pickles: each gives a value or is refused as a bad file, and nothing else ever happens. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { AppError } from '../../src/shared/errors.js'
import { readObjectArray } from '../../src/storage/published/readObjectArray.js'
import { readPickle } from '../../src/storage/published/readPickle.js'
import { readTorchTensors } from '../../src/storage/published/readTorchTensors.js'
import { torchWords } from '../../src/storage/published/torchWords.js'
import { mutate } from './mutate.js'

const mutants = 400
const folder = new URL('../unit/storage/fixtures/published/', import.meta.url)
const bytesOf = (name: string): Buffer => readFileSync(new URL(name, folder))

/** Whether the file gave a value. Anything thrown but an AppError of a bad file fails the test. */
function gives(work: () => unknown, what: string): boolean {
  try {
    work()
    return true
  } catch (error) {
    expect(error, what).toBeInstanceOf(AppError)
    expect((error as AppError).code, what).toBe('file.format')
    return false
  }
}

describe('mutated files', () => {
  test.each<[string, (bytes: Uint8Array) => unknown]>([
    ['both.zip.pt', (bytes) => readTorchTensors(bytes, 'x')],
    ['both.legacy.pt', (bytes) => readTorchTensors(bytes, 'x')],
    ['system.legacy.pt', (bytes) => readTorchTensors(bytes, 'x')],
    ['table.npy', (bytes) => readObjectArray(bytes, 'x')]
  ])('%s', (name, read) => {
    const bytes = bytesOf(name)
    let refused = 0
    for (let mutant = 0; mutant < mutants; mutant++) {
      const changed = mutate(bytes, randomStream(3, name, mutant))
      if (!gives(() => read(changed), `${name}, mutant ${mutant}`)) refused++
    }
    expect(refused).toBeGreaterThan(mutants / 4)
  })
})

test('random rows of opcodes', () => {
  const opcodes = [...Buffer.from('(NJKMGX)taet]}suqrhjcRbQ.'), 0x88, 0x89, 0x8a, 0x8c, 0x43, 0x85, 0x86, 0x87, 0x93, 0x94]
  const names = [...torchWords(new Map()).names.keys()].map((name) => Buffer.from(`c${name.replace(/\.(?=[^.]*$)/, '\n')}\n`))
  let values = 0
  for (let round = 0; round < 3000; round++) {
    const draw = randomStream(4, 'opcodes', round)
    const parts = Array.from({ length: 1 + draw.integer(12) }, () =>
      draw.integer(4) === 0 ? names[draw.integer(names.length)] : Buffer.from([opcodes[draw.integer(opcodes.length)]])
    )
    const bytes = Buffer.concat([Buffer.from([0x80, 2]), ...parts, Buffer.from('.')])
    if (gives(() => readPickle(bytes, 0, 'x', torchWords(new Map())), `round ${round}`)) values++
  }
  expect(values).toBeGreaterThan(20)
})
