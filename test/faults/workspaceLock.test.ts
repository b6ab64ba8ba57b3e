/** One writer for a workspace (F25): real processes, killed and raced. */
import { spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { lockWorkspace } from '../../src/storage/workspaceLock.js'
import { bundleChild } from './bundleChild.js'

let program = ''
let workspace = ''
const children: ChildProcess[] = []

beforeAll(async () => {
  program = await bundleChild(new URL('lockChild.ts', import.meta.url).pathname)
})
afterAll(() => fs.rmSync(path.dirname(program), { recursive: true, force: true }))
beforeEach(() => {
  workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'cellscope-lock-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child)
  fs.rmSync(workspace, { recursive: true, force: true })
})

/** Starts a contender and resolves with its first word. */
function contend(folder = workspace): Promise<{ child: ChildProcess; word: string }> {
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  return new Promise((resolve) => child.stdout.once('data', (text: Buffer) => resolve({ child, word: text.toString().trim() })))
}

function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

test('the second is refused and told who has it; after a release it is free', async () => {
  const first = await contend()
  expect(first.word).toBe('locked')
  await expect(lockWorkspace(workspace)).rejects.toMatchObject({
    code: 'workspace.locked',
    message: `${workspace}: process ${first.child.pid} works in this workspace.`
  })
  first.child.stdin?.write('release\n')
  await new Promise((resolve) => first.child.once('exit', resolve))
  await (await lockWorkspace(workspace)).release()
  expect(fs.readdirSync(path.join(workspace, '.lock'))).toEqual([])
})

test('a killed holder never blocks', async () => {
  for (let round = 0; round < 5; round++) {
    const { child, word } = await contend()
    expect(word).toBe('locked')
    await kill(child)
  }
  const lock = await lockWorkspace(workspace)
  expect(fs.readdirSync(path.join(workspace, '.lock'))).toHaveLength(1)
  await lock.release()
})

test('it is the same lock through another path to the workspace, and within one process', async () => {
  const other = `${workspace}-link`
  fs.symlinkSync(workspace, other)
  const lock = await lockWorkspace(workspace)
  await expect(lockWorkspace(other)).rejects.toMatchObject({ code: 'workspace.locked' })
  await lock.release()
  await (await lockWorkspace(other)).release()
  fs.rmSync(other)
})

test('a path too long for a local socket is locked too', async () => {
  const deep = path.join(workspace, 'x'.repeat(120))
  fs.mkdirSync(deep)
  const lock = await lockWorkspace(deep)
  expect((await contend(deep)).word).toBe('refused workspace.locked')
  await lock.release()
  expect((await contend(deep)).word).toBe('locked')
})

test('races: never two holders', async () => {
  for (let round = 0; round < 4; round++) {
    const words = (await Promise.all([contend(), contend(), contend(), contend()])).map(({ word }) => word)
    expect(words.filter((word) => word === 'locked').length).toBeLessThanOrEqual(1)
    expect(words.filter((word) => word !== 'locked').every((word) => word === 'refused workspace.locked')).toBe(true)
    for (const child of children.splice(0)) await kill(child)
  }
})

test('races within one process: 10 rounds of four, never two holders, and in most rounds one', async () => {
  let held = 0
  for (let round = 0; round < 10; round++) {
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => lockWorkspace(workspace)))
    const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(locks.length).toBeLessThanOrEqual(1)
    held += locks.length
    for (const lock of locks) await lock.release()
  }
  expect(held).toBeGreaterThan(5)
})
