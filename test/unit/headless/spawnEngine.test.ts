import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeEngine } from '../../../src/headless/spawnEngine.js'
import { superviseRun, type RunOutcome } from '../../../src/host/supervisor.js'
import { fakeFingerprint } from '../host/fakeEngine.js'

/** A worker in a real process: it dies by a real signal until the run folder's counter says that it has died often enough. */
const program = `
const fs = require('node:fs')
const say = (message) => process.send(message)
const [deaths, signal] = process.env.PATH.split(' ')
let counter = ''
process.on('disconnect', () => process.exit(0))
process.on('message', ({ command, runFolder }) => {
  if (command === 'stop') process.exit(0)
  if (command !== 'run') return
  counter = runFolder + '/deaths'
  const died = fs.existsSync(counter) ? Number(fs.readFileSync(counter, 'utf8')) : 0
  fs.writeFileSync(counter, String(died + 1))
  say({ message: 'ready', fingerprint: ${JSON.stringify(fakeFingerprint)} })
  say({ message: 'event', entry: { type: 'note', text: 'x'.repeat(200000), sequence: died + 1 } })
  if (died < Number(deaths)) {
    process.stderr.write('dying')
    if (signal === 'exit') process.exit(7)
    process.kill(process.pid, signal)
  } else if (signal !== 'wait') {
    say({ message: 'finished' })
    process.disconnect()
  }
})
`

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spawn 引擎 '))
  file = join(folder, 'engine.cjs')
  writeFileSync(file, program)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function supervise(
  deaths: number,
  signal: string,
  stopAfterReady = false
): Promise<{ outcome: RunOutcome; sequences: number[]; outputs: string[] }> {
  const sequences: number[] = []
  const outputs: string[] = []
  const run = superviseRun({
    runFolder: folder,
    acceptInexact: false,
    environment: { PATH: `${deaths} ${signal}` },
    spawn: nodeEngine(file),
    onMessage(message) {
      if (message.message === 'event') sequences.push(message.entry.sequence)
      if (message.message === 'event' && stopAfterReady) run.stop()
    },
    onIncident: ({ output }) => outputs.push(output)
  })
  return { outcome: await run.outcome, sequences, outputs }
}

describe('nodeEngine under supervision, in real processes', () => {
  it.each(['SIGSEGV', 'SIGABRT', 'exit'])('starts again after %s, and loses no message', async (signal) => {
    const { outcome, sequences, outputs } = await supervise(2, signal)
    expect(outcome).toEqual({ state: 'finished', restarts: 2 })
    expect(sequences).toEqual([1, 2, 3])
    expect(outputs).toHaveLength(2)
    expect(outputs[0]).toContain('dying')
  })

  it('gives up on one that dies again and again', async () => {
    const { outcome } = await supervise(100, 'SIGABRT')
    expect(outcome).toMatchObject({ state: 'failed', restarts: 3 })
    expect(outcome.error?.code).toBe('engine.crashed')
  })

  it('stops one that is told to', async () => {
    expect((await supervise(0, 'wait', true)).outcome).toEqual({ state: 'stopped', restarts: 0 })
  })

  it('says that there is no engine', async () => {
    rmSync(file)
    const { outcome } = await supervise(0, 'exit')
    expect(outcome.state).toBe('failed')
    expect(outcome.error?.code).toBe('engine.unavailable')
  })
})
