import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { whyBuild } from '../../../scripts/start/ensureBuilt.mjs'

const results = ['out/main/main.cjs', 'out/main/cli.cjs', 'out/preload/preload.cjs', 'out/report/report.html', 'out/workbench/index.html']

/** A tree whose files have these ages, in seconds. */
function tree(files: Record<string, number>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-built-'))
  for (const [path, seconds] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, '')
    utimesSync(file, 1e9 - seconds, 1e9 - seconds)
  }
  return folder
}

const built = Object.fromEntries(results.map((path) => [path, 10]))

describe('why a build is needed', () => {
  it('is nothing when all of it is newer than the sources', () => {
    expect(whyBuild(tree({ ...built, 'src/main/main.ts': 20, 'package.json': 20 }))).toBeUndefined()
  })

  it('is a file that is missing', () => {
    const { 'out/preload/preload.cjs': _, ...rest } = built
    expect(whyBuild(tree({ ...rest, 'src/main/main.ts': 20 }))).toBe('out/preload/preload.cjs is missing')
  })

  it('is a source that is newer, however deep', () => {
    expect(whyBuild(tree({ ...built, 'src/renderer/workbench/pages/One.vue': 5 }))).toBe('its sources are newer than what was built')
  })
})
