import fs from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { makeFolders, removeTree, sweepStrays, writeFileAtomic } from '../../../src/storage/atomicFile.js'
import { setFaultHandler, type FaultAction } from '../../../src/storage/fault.js'
import { caught } from './caught.js'
import { temporaryFolder } from './temporaryFolder.js'

const at = temporaryFolder()
afterEach(() => setFaultHandler(undefined))

/** The point answers with the action at its n-th hit. */
function failAt(name: string, action: FaultAction, hit = 1): void {
  let hits = 0
  setFaultHandler((point) => (point === name && ++hits === hit ? action : undefined))
}

test('writes and replaces bytes and text, and leaves nothing beside', () => {
  writeFileAtomic(at('a.txt'), 'Straße 街道')
  expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('Straße 街道')
  writeFileAtomic(at('a.txt'), Uint8Array.of(1, 2, 3))
  expect([...fs.readFileSync(at('a.txt'))]).toEqual([1, 2, 3])
  writeFileAtomic(at('a.txt'), '')
  expect(fs.readFileSync(at('a.txt')).length).toBe(0)
  expect(fs.readdirSync(at())).toEqual(['a.txt'])
})

describe.each([
  ['ENOSPC', 'disk.full'],
  ['EIO', 'file.write']
] as const)('%s', (action, code) => {
  test.each(['disk.open', 'disk.write', 'disk.sync', 'disk.rename', 'atomicFile.afterTemp'])(
    'at %s leaves the old file, names it, leaves no stray',
    (point) => {
      writeFileAtomic(at('a.txt'), 'old')
      failAt(point, action)
      const error = caught(() => writeFileAtomic(at('a.txt'), 'new'))
      expect(error.code).toBe(code)
      expect(error.message).toContain(at('a.txt'))
      expect(error.message).toContain(action)
      expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('old')
      expect(fs.readdirSync(at())).toEqual(['a.txt'])
    }
  )

  test('after the rename the new file is whole, and the failure is told all the same', () => {
    writeFileAtomic(at('a.txt'), 'old')
    failAt('disk.syncFolder', action)
    expect(caught(() => writeFileAtomic(at('a.txt'), 'new')).code).toBe(code)
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('new')
  })
})

test('short writes are continued', () => {
  setFaultHandler((point) => (point === 'disk.write' ? 'short' : undefined))
  const bytes = Uint8Array.from({ length: 10_007 }, (_, index) => index % 251)
  writeFileAtomic(at('a.bin'), bytes)
  expect(Buffer.compare(fs.readFileSync(at('a.bin')), bytes)).toBe(0)
})

test('a folder that vanished is a named error', () => {
  const error = caught(() => writeFileAtomic(at('gone', 'a.txt'), 'x'))
  expect([error.code, error.message]).toEqual(['file.write', `Writing ${at('gone', 'a.txt')} failed (ENOENT).`])
})

test('strays are swept, files and folders; nothing else is', () => {
  makeFolders(at('deep', 'er'))
  fs.writeFileSync(at('.new-a'), 'x')
  makeFolders(at('.new-b', 'inner'))
  fs.writeFileSync(at('.new-b', 'inner', 'x'), 'x')
  fs.writeFileSync(at('.newer'), 'stays')
  expect(sweepStrays(at())).toEqual(['.new-a', '.new-b'])
  expect(fs.readdirSync(at()).sort()).toEqual(['.newer', 'deep'])
  removeTree(at('not there'))
})

test('a link in a tree is removed, what it leads to stays', () => {
  makeFolders(at('kept'))
  fs.writeFileSync(at('kept/file'), 'precious')
  makeFolders(at('tree'))
  fs.symlinkSync(at('kept'), at('tree/link'))
  removeTree(at('tree'))
  expect(fs.existsSync(at('tree'))).toBe(false)
  expect(fs.readFileSync(at('kept/file'), 'utf8')).toBe('precious')
})
