import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RunFolder } from '../../../src/storage/runFolder.js'
import { fakeFingerprint } from '../host/fakeEngine.js'
import { testHeadless } from './testHeadless.js'
import { goodWorker, patientWorker } from './workers.js'

let folder = ''
let workspace = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  workspace = join(folder, 'work space 工作区')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('resume', () => {
  async function stopped(): Promise<void> {
    await testHeadless(workspace, patientWorker).run('run', '--preset', 'tiny', '--name', 'a')
  }

  it('goes on, by name or by folder', async () => {
    await stopped()
    const test = testHeadless(workspace, patientWorker)
    await test.run('resume', 'a')
    expect(test.engine.worker().commands[0]).toEqual({ command: 'run', runFolder: join(workspace, 'runs', 'a'), acceptInexact: false })
    await test.run('resume', join(workspace, 'runs', 'a'), '--accept-inexact')
    expect(test.engine.worker().commands[0]).toMatchObject({ acceptInexact: true })
  })

  it('refuses by name what would break exactness, and takes what does not', async () => {
    await stopped()
    const test = testHeadless(workspace, patientWorker)
    const refused = await test.run('resume', 'a', '--search.lambda', '0.5', '--run.checkpointSteps', '7')
    expect(refused.code).toBe(1)
    expect(refused.error).toContain('Run a cannot go on with other values of search.lambda (was 0.01, now 0.5).')
    expect(test.engine.workers).toHaveLength(0)
    expect((await test.run('resume', 'a', '--run.checkpointSteps', '7')).code).toBe(130)
    expect(RunFolder.open(join(workspace, 'runs', 'a')).manifest.settings.run.checkpointSteps).toBe(7)
  })

  it('says that there is nothing left', async () => {
    await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny', '--name', 'a')
    const { code, error } = await testHeadless(workspace, goodWorker).run('resume', 'a')
    expect(code).toBe(1)
    expect(error).toContain('Run a has finished already.')
  })

  it('starts the worker with the threads that the run was begun with', async () => {
    await stopped()
    RunFolder.open(join(workspace, 'runs', 'a')).updateManifest({ fingerprint: { ...fakeFingerprint, threads: 5, oneDnn: false } })
    const test = testHeadless(workspace, patientWorker)
    await test.run('resume', 'a')
    expect(test.engine.worker().environment).toMatchObject({ TF_NUM_INTRAOP_THREADS: '5', TF_ENABLE_ONEDNN_OPTS: '0' })
  })
})
