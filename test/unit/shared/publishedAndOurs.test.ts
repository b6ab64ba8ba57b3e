/** docs/published-and-ours.md: every setting and every test that it names exists. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { describeSettings } from '../../../src/shared/config/describeSettings.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const rows = readFileSync(`${root}docs/published-and-ours.md`, 'utf8').split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
const differences = rows.filter((cells) => cells.length === 5 && cells[0] !== 'point')
const equalities = rows.filter((cells) => cells.length === 4 && cells[0] !== 'what')
const settings = new Set(describeSettings().map(({ path }) => path))

/** `FILE`: "title", "title"; `FILE`: "title" */
function testsOf(cell: string): { file: string; titles: string[] }[] {
  return cell.split('; `').map((part) => ({
    file: /`?([^`]+)`/.exec(part)?.[1] ?? '',
    titles: [...part.matchAll(/"([^"]+)"/g)].map((match) => match[1])
  }))
}

describe('the page of differences', () => {
  it('is read whole', () => {
    expect(differences).toHaveLength(22)
    expect(equalities).toHaveLength(5)
  })

  it.each(differences)('%s', (_point, _published, _ours, setting, tests) => {
    expect(setting).not.toBe('')
    for (const [, path] of setting.matchAll(/`([a-z]+\.[A-Za-z]+)`/g)) expect(settings, path).toContain(path)
    for (const { file, titles } of testsOf(tests)) {
      expect(existsSync(root + file), file).toBe(true)
      // Titles stand in single quotes there.
      const text = readFileSync(root + file, 'utf8').replaceAll("\\'", "'")
      expect(titles.length, file).toBeGreaterThan(0)
      for (const title of titles) expect(text.includes(title), `${file}: ${title}`).toBe(true)
    }
  })

  it.each(equalities)('%s', (_what, _close, tests, script) => {
    for (const [, file] of `${tests} ${script}`.matchAll(/`([^`]+)`/g)) expect(existsSync(root + file), file).toBe(true)
  })
})
