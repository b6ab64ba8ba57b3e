import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { CheckpointStore } from '../../../src/storage/checkpointStore.js'
import { canonicalJson } from '../../../src/storage/canonicalJson.js'
import { requireSpace } from '../../../src/storage/diskSpace.js'
import { setFaultHandler } from '../../../src/storage/fault.js'
import type { StoredTensor } from '../../../src/storage/safetensors.js'
import { randomStream } from '../../../src/core/random.js'
import { sha256 } from '../../../src/storage/sha256.js'
import { caught } from './caught.js'
import { temporaryFolder } from './temporaryFolder.js'

const at = temporaryFolder()
afterEach(() => setFaultHandler(undefined))

const journal = { sizeBytes: 0, sequence: 0 }
const tensorsOf = (value: number): Map<string, StoredTensor> =>
  new Map<string, StoredTensor>([
    ['stem.weight', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(value, 2, 3, 4) }],
    ['step', { dtype: 'I32', shape: [], data: Int32Array.of(value) }]
  ])

/** Saves a checkpoint whose first number is its position. */
function save(store: CheckpointStore, position: number, best = false): void {
  store.save({ position, tensors: tensorsOf(position), info: { stage: 'search', position }, journal }, { best })
}

function store(...positions: number[]): CheckpointStore {
  const opened = CheckpointStore.open(at())
  for (const position of positions) save(opened, position)
  return opened
}

const names = (): string[] => fs.readdirSync(at('checkpoints')).sort()
const name = (position: number): string => String(position).padStart(12, '0')
const part = (position: number, file: string): string => at('checkpoints', name(position), file)

test('a run without checkpoints has none', () => {
  expect(store().loadLatest()).toBeUndefined()
  expect(CheckpointStore.openForReading(at('elsewhere')).loadLatest()).toBeUndefined()
  expect(fs.existsSync(at('elsewhere'))).toBe(false)
})

test('what was saved is loaded, bit for bit', () => {
  const tensors = tensorsOf(1.1)
  CheckpointStore.open(at()).save({
    position: 5,
    tensors,
    info: { stage: 'train', best: [0.5, null] },
    journal: { sizeBytes: 77, sequence: 3 }
  })
  const loaded = CheckpointStore.openForReading(at()).loadLatest()
  expect(loaded).toEqual({
    position: 5,
    tensors,
    info: { stage: 'train', best: [0.5, null] },
    journal: { sizeBytes: 77, sequence: 3 },
    best: false,
    report: { used: name(5), damaged: [], lostSteps: 0 }
  })
  expect(fs.readFileSync(at('LATEST'), 'utf8')).toBe(`${name(5)}\n`)
})

test('the last three and the newest best are kept', () => {
  const opened = store(0, 10)
  save(opened, 20, true)
  for (const position of [30, 40, 50, 60]) save(opened, position)
  expect(names()).toEqual([20, 40, 50, 60].map(name))
  save(opened, 70, true)
  expect(names()).toEqual([50, 60, 70].map(name))
  expect(opened.loadLatest()?.best).toBe(true)
})

test('the same position again replaces it', () => {
  const opened = store(10, 20)
  opened.save({ position: 20, tensors: tensorsOf(99), info: {}, journal }, { best: true })
  expect(names()).toEqual([10, 20].map(name))
  expect(opened.loadLatest()).toMatchObject({ position: 20, best: true, tensors: tensorsOf(99) })
})

describe('damage', () => {
  test('every truncation and 400 flipped bits of either file: an older one is used, by name, with the steps lost', () => {
    const opened = store(10, 20)
    for (const file of ['state.safetensors', 'manifest.json']) {
      const whole = fs.readFileSync(part(20, file))
      const expectDamage = (bytes: Uint8Array): void => {
        fs.writeFileSync(part(20, file), bytes)
        const loaded = opened.loadLatest()
        expect(loaded).toMatchObject({
          position: 10,
          report: { used: name(10), lostSteps: 10, damaged: [{ name: name(20), position: 20 }] }
        })
        expect(loaded?.tensors).toEqual(tensorsOf(10))
        expect(loaded?.report.damaged[0].reason).toContain(name(20))
      }
      // A manifest without its last line feed is still the same JSON.
      for (let length = 0; length < whole.length - 1; length++) expectDamage(whole.subarray(0, length))
      for (let mutant = 0; mutant < 200; mutant++) {
        const random = randomStream(1, file, mutant)
        const bytes = Uint8Array.from(whole)
        const place = random.integer(whole.length)
        bytes[place] ^= 1 << random.integer(8)
        if (/\s/.test(String.fromCharCode(whole[place])) && file === 'manifest.json') continue
        expectDamage(bytes)
      }
      fs.writeFileSync(part(20, file), whole)
      expect(opened.loadLatest()?.position).toBe(20)
    }
  })

  test('a missing file, an empty folder, a renamed folder', () => {
    const opened = store(10, 20, 30)
    fs.rmSync(part(30, 'state.safetensors'))
    fs.rmSync(part(20, 'manifest.json'))
    expect(opened.loadLatest()?.report).toEqual({
      used: name(10),
      lostSteps: 20,
      damaged: [
        { name: name(30), position: 30, reason: `${part(30, 'state.safetensors')} does not exist.` },
        { name: name(20), position: 20, reason: `${part(20, 'manifest.json')} does not exist.` }
      ]
    })
    fs.renameSync(at('checkpoints', name(10)), at('checkpoints', name(40)))
    const error = caught(() => opened.loadLatest())
    expect(error.code).toBe('checkpoint.none')
    expect(error.message).toContain('all 3 checkpoints are damaged')
    expect(error.message).toContain('its manifest says that it is of position 10')
  })

  test('a checkpoint that needs more journal than there is, is not used', () => {
    const opened = store()
    for (const position of [1, 2])
      opened.save({ position, tensors: tensorsOf(1), info: {}, journal: { sizeBytes: position * 100, sequence: position } })
    expect(opened.loadLatest(200)?.position).toBe(2)
    expect(opened.loadLatest(199)?.report).toMatchObject({ used: name(1), lostSteps: 1 })
    expect(caught(() => opened.loadLatest(50)).message).toContain('needs 100 bytes of journal, the journal has 50 whole bytes')
  })

  test('all gone: a run that had checkpoints does not look like one that has none yet', () => {
    const opened = store(10)
    fs.rmSync(at('checkpoints', name(10)), { recursive: true })
    expect(caught(() => opened.loadLatest()).message).toContain(`LATEST names "${name(10)}", which is not there`)
    fs.writeFileSync(at('LATEST'), 'garbage')
    expect(caught(() => opened.loadLatest()).code).toBe('checkpoint.none')
  })

  test('LATEST that is old, damaged or missing changes nothing while checkpoints are there', () => {
    const opened = store(10, 20)
    for (const text of [`${name(10)}\n`, 'garbage', '']) {
      fs.writeFileSync(at('LATEST'), text)
      expect(opened.loadLatest()?.report).toEqual({ used: name(20), damaged: [], lostSteps: 0 })
    }
    fs.rmSync(at('LATEST'))
    expect(opened.loadLatest()?.position).toBe(20)
  })

  test('damaged ones are set aside, do not count among the kept, and go once they are overtaken', () => {
    const opened = store(10, 20, 30)
    for (const position of [20, 30]) fs.appendFileSync(part(position, 'state.safetensors'), 'x')
    const report = opened.loadLatest()?.report
    if (report !== undefined) opened.setAside(report)
    expect(names()).toEqual([name(10), `${name(20)}.damaged`, `${name(30)}.damaged`])
    expect(opened.loadLatest()?.report.damaged).toEqual([])
    save(opened, 15)
    save(opened, 20)
    expect(names()).toEqual([name(10), name(15), name(20), `${name(20)}.damaged`, `${name(30)}.damaged`])
    save(opened, 30)
    save(opened, 40)
    save(opened, 50)
    expect(names()).toEqual([30, 40, 50].map(name))
  })

  test('another version is refused, not skipped', () => {
    const opened = store(10, 20)
    const newer = { version: 2, somethingNew: [1] }
    fs.writeFileSync(part(20, 'manifest.json'), JSON.stringify({ ...newer, sha256: sha256(canonicalJson(newer)) }))
    const error = caught(() => opened.loadLatest())
    expect([error.code, error.message]).toEqual(['file.version', `${part(20, 'manifest.json')}: expected version 1, found 2.`])
  })
})

describe('poison', () => {
  test.each([NaN, Infinity, -Infinity])('%s in a tensor is refused and nothing is written', (bad) => {
    const opened = store(10)
    const tensors = tensorsOf(1).set('beta', { dtype: 'F32', shape: [2], data: Float32Array.of(0, bad) })
    const error = caught(() => opened.save({ position: 20, tensors, info: {}, journal }))
    expect([error.code, error.message]).toEqual([
      'training.not-finite',
      `Checkpoint ${name(20)}: expected finite numbers, found ${bad} in tensor "beta" at 1.`
    ])
    expect(names()).toEqual([name(10)])
    expect(opened.loadLatest()?.position).toBe(10)
  })

  test('in the info too', () => {
    const error = caught(() => store().save({ position: 1, tensors: tensorsOf(1), info: { best: { loss: NaN } }, journal }))
    expect([error.code, names()]).toEqual(['training.not-finite', []])
  })

  test.each([-1, 0.5, 1e12, NaN])('a position of %s is a bug', (position) => {
    expect(caught(() => save(store(), position)).code).toBe('internal')
  })
})

describe('crashes and strays', () => {
  test('opening removes what is not finished, reading does not', () => {
    store(10)
    fs.mkdirSync(at('checkpoints', `.new-${name(20)}`))
    fs.writeFileSync(at('checkpoints', `.new-${name(20)}`, 'state.safetensors'), 'half')
    fs.mkdirSync(at('checkpoints', `.new-gone-${name(5)}`))
    fs.writeFileSync(at('.new-LATEST'), 'half')
    expect(CheckpointStore.openForReading(at()).list()).toEqual([name(10)])
    expect(names()).toHaveLength(3)
    expect(CheckpointStore.open(at()).swept).toEqual([`.new-${name(20)}`, `.new-gone-${name(5)}`, '.new-LATEST'])
    expect(names()).toEqual([name(10)])
    expect(fs.readdirSync(at()).sort()).toEqual(['LATEST', 'checkpoints'])
  })

  test('one that was moved aside comes back when the new one never came', () => {
    store(10)
    fs.renameSync(at('checkpoints', name(10)), at('checkpoints', `.old-${name(10)}`))
    expect(store().loadLatest()?.position).toBe(10)
    fs.cpSync(at('checkpoints', name(10)), at('checkpoints', `.old-${name(10)}`), { recursive: true })
    expect(store().loadLatest()?.position).toBe(10)
    expect(names()).toEqual([name(10)])
  })

  test.each([
    ['ENOSPC', 'disk.full'],
    ['EIO', 'file.write']
  ] as const)('%s while saving: named, the older one stays, the next save works', (action, code) => {
    const opened = store(10)
    for (const point of [
      'disk.makeFolder',
      'disk.open',
      'disk.write',
      'disk.sync',
      'checkpoint.afterState',
      'checkpoint.afterTemp',
      'disk.rename'
    ]) {
      setFaultHandler((hit) => (hit === point ? action : undefined))
      const error = caught(() => save(opened, 20))
      setFaultHandler(undefined)
      expect([point, error.code]).toEqual([point, code])
      expect(error.message).toContain(path.join('checkpoints', name(20)))
      expect(names()).toEqual([name(10)])
    }
    save(opened, 20)
    expect(opened.loadLatest()?.position).toBe(20)
  })
})

test('room for three checkpoints is asked for', () => {
  expect(() => requireSpace(at(), 1000, 1000)).not.toThrow()
  expect(() => requireSpace(at(), 1000, undefined)).not.toThrow()
  const error = caught(() => requireSpace('/run', 300 * 1048576, 1048576 / 2))
  expect([error.code, error.message]).toEqual(['disk.full', '/run: expected 300 MiB of free space, found 1 MiB.'])
  expect(() => store().requireSpace(1)).not.toThrow()
  expect(caught(() => store().requireSpace(2 ** 60)).code).toBe('disk.full')
})
