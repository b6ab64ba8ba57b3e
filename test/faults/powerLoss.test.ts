/**
 * The power goes at a random storage call, and the model disk keeps an arbitrary part of what was not synced. Every state that comes out
 * must open: with the last checkpoint that was announced as safe, without a damaged one, and it must end with the right digest.
 * Leaving out any one sync must be noticed, or this test would prove nothing.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { useDisk } from '../../src/storage/disk.js'
import { setFaultHandler } from '../../src/storage/fault.js'
import { ModelDisk, type ModelDiskOptions } from './modelDisk.js'
import { toyDigest, toyRun } from './toyRun.js'

const folder = '/work/runs/toy'
const options = { steps: 24, checkpointSteps: 4, size: 200 }
const states = Number(process.env['CELLSCOPE_STATES'] ?? 300)

class PowerCut extends Error {}

afterEach(() => {
  setFaultHandler(undefined)
  useDisk()
})

function undisturbed(): { digest: string; calls: number } {
  useDisk(new ModelDisk())
  let calls = 0
  setFaultHandler(() => {
    calls++
    return undefined
  })
  toyRun(folder, options)
  setFaultHandler(undefined)
  return { digest: toyDigest(folder), calls }
}

/** One power cut (every third time a second one while recovering); a sentence when a promise was broken. */
function violation(seed: number, { digest, calls }: { digest: string; calls: number }, diskOptions: ModelDiskOptions): string | undefined {
  const random = randomStream(seed, 'power')
  const model = new ModelDisk(diskOptions)
  useDisk(model)
  let safe = 0
  const cuts = random.uniform() < 1 / 3 ? 2 : 1
  try {
    for (let cut = 0; cut < cuts; cut++) {
      runUntilCut(1 + random.integer(calls), (position) => (safe = Math.max(safe, position)))
      model.cutPower(random)
    }
    const start = toyRun(folder, options)
    if (start.position < safe) return `checkpoint ${safe} was announced as safe, but ${start.position} was found`
    if (start.report !== undefined && start.report.damaged.length > 0) return `damaged: ${start.report.damaged[0].reason}`
    return toyDigest(folder) === digest ? undefined : 'the digest differs'
  } catch (error) {
    return String(error)
  }
}

function runUntilCut(n: number, onSaved: (position: number) => void): void {
  let hits = 0
  setFaultHandler(() => {
    if (++hits >= n) throw new PowerCut()
    return undefined
  })
  try {
    toyRun(folder, { ...options, onSaved })
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error
  } finally {
    setFaultHandler(undefined)
  }
}

test(`${states} power cuts, no promise broken`, () => {
  const clean = undisturbed()
  for (let seed = 0; seed < states; seed++) expect([seed, violation(seed, clean, {})]).toEqual([seed, undefined])
})

describe('without one sync the test fails', () => {
  test.each([
    ['the journal', /journal\.ndjson$/],
    ['the tensors', /state\.safetensors$/],
    ["the checkpoint's manifest", /checkpoints\/.*manifest\.json$/],
    ["the checkpoint's folder", /\.new-\d+\/$/],
    ['the folder of checkpoints', /checkpoints\/$/]
  ])('%s', (_, withoutSync) => {
    const clean = undisturbed()
    let found: string | undefined
    for (let seed = 0; seed < 300 && found === undefined; seed++) found = violation(seed, clean, { withoutSync })
    expect(found).toBeDefined()
  })
})
