/** Folders that are there whole or not at all. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFolder } from '../../../../src/engine/export/writeFolder.js'
import { setFaultHandler } from '../../../../src/storage/fault.js'

let parent = ''
let target = ''
const isOurs = (name: string): boolean => name === 'parity.json'

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'cellscope-folder-'))
  target = join(parent, 'student')
})

afterEach(() => {
  setFaultHandler(undefined)
  rmSync(parent, { recursive: true })
})

/** Writes a folder whose files all hold `text`. */
function write(text: string): Promise<string> {
  return writeFolder(target, isOurs, async (file) => {
    file('parity.json', text)
    file('tfjs/model.json', new TextEncoder().encode(text))
    return text
  })
}

function content(): string[] {
  return ['parity.json', join('tfjs', 'model.json')].map((name) => readFileSync(join(target, name), 'utf8'))
}

/** A crash: what was under way stops there, and nothing cleans up. */
function crashAt(point: string): void {
  setFaultHandler((found) => {
    if (found === point) throw new Error('crash')
    return undefined
  })
}

describe('writeFolder', () => {
  it('makes missing parents, gives what fill returns, and leaves nothing beside', async () => {
    target = join(parent, 'a', '导出 1', 'student')
    expect(await write('first')).toBe('first')
    expect(content()).toEqual(['first', 'first'])
    expect(readdirSync(join(target, '..'))).toEqual(['student'])
  })

  it('replaces the folder as a whole', async () => {
    await write('first')
    writeFileSync(join(target, 'left.txt'), 'over')
    await write('second')
    expect(content()).toEqual(['second', 'second'])
    expect(readdirSync(target)).toEqual(['parity.json', 'tfjs'])
    expect(readdirSync(parent)).toEqual(['student'])
  })

  it('removes a link in the replaced folder, but not what it points to', async () => {
    await write('first')
    const elsewhere = join(parent, 'packages')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'precious.txt'), 'keep me')
    symlinkSync(elsewhere, join(target, 'node_modules'))
    await write('second')
    expect(existsSync(join(target, 'node_modules'))).toBe(false)
    expect(readdirSync(elsewhere)).toEqual(['precious.txt'])
  })

  it.each(['a folder of other things', 'a file'])('refuses %s', async (what) => {
    if (what === 'a file') writeFileSync(target, 'thesis')
    else {
      mkdirSync(target)
      writeFileSync(join(target, 'thesis.txt'), 'thesis')
    }
    await expect(write('first')).rejects.toMatchObject({ code: 'file.exists', message: expect.stringContaining(target) as string })
    expect(readFileSync(what === 'a file' ? target : join(target, 'thesis.txt'), 'utf8')).toBe('thesis')
  })

  it('leaves the old folder as it was if filling fails', async () => {
    await write('first')
    const failing = writeFolder(target, isOurs, async (file) => {
      file('parity.json', 'second')
      throw new Error('no parity')
    })
    await expect(failing).rejects.toThrow('no parity')
    expect(content()).toEqual(['first', 'first'])
    expect(readdirSync(parent)).toEqual(['student'])
  })

  it.each(['writeFolder.afterFill', 'writeFolder.betweenRenames'])('is old or new, never a mixture, after a crash at %s', async (point) => {
    await write('first')
    crashAt(point)
    await expect(write('second')).rejects.toThrow('crash')
    setFaultHandler(undefined)
    expect(existsSync(target) ? content() : readdirSync(parent)).toEqual(existsSync(target) ? ['first', 'first'] : ['student.old'])
    await expect(writeFolder(target, isOurs, async () => { throw new Error('again') })).rejects.toThrow('again')
    expect(content()).toEqual(['first', 'first'])
    await write('third')
    expect(content()).toEqual(['third', 'third'])
    expect(readdirSync(parent)).toEqual(['student'])
  })
})
