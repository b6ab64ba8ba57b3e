import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Gives each test of the file a fresh folder, with a space and a Chinese character in its path; call the result inside a test. */
export function temporaryFolder(): (...names: string[]) => string {
  let folder = ''
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cellscope 跑 '))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))
  return (...names) => path.join(folder, ...names)
}
