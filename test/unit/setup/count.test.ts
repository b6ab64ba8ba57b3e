/** The closing line of .ci/run. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../../.ci/count.mjs', import.meta.url))

describe('the closing line of .ci/run', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cellscope-count-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const report = (numPassedTests: number, numFailedTests: number, numPendingTests: number, testResults: unknown[] = []) =>
    JSON.stringify({ numPassedTests, numFailedTests, numPendingTests, numTodoTests: 0, testResults })

  it('adds checks and reports, and says what was not run', () => {
    writeFileSync(join(folder, 'passed'), 'npm ci\nnpm test\n')
    writeFileSync(join(folder, 'not-run'), 'NOT RUN: CamVid\n')
    writeFileSync(join(folder, 'vitest.json'), report(10, 0, 1, [{ name: 'a', status: 'passed', assertionResults: [{ status: 'pending', fullName: 'on a GPU' }] }]))
    writeFileSync(join(folder, 'vitest-node24.json'), report(5, 0, 0))
    expect(execFileSync(process.execPath, [program, folder], { encoding: 'utf8' })).toBe('NOT RUN: on a GPU\nNOT RUN: CamVid\n17 passed, 0 failed, 1 skipped\n')
  })

  it.each([
    ['a check failed', { passed: 'npm ci\n', failed: 'npm test (exit code 1)\n' }, '1 passed, 1 failed'],
    ['a test failed', { 'vitest.json': report(3, 1, 0) }, '3 passed, 1 failed'],
    ['a file could not be loaded', { 'vitest.json': report(3, 0, 0, [{ name: 'a', status: 'failed', assertionResults: [] }]) }, '3 passed, 1 failed'],
    ['nothing was run at all', {}, '0 passed, 0 failed']
  ])('fails when %s', (_, files, line) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const { status, stdout } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stdout.trim().split('\n').pop()).toBe(line)
  })
})
