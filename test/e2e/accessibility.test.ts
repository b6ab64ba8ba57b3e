/** Every page, looked over by axe: 0 violations, in both languages and in both themes; and the keyboard reaches what a mouse does. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishedWorkspace } from './commandLine.js'
import { chromiumDriver } from './drivers/chromiumDriver.js'
import type { Sitting } from './drivers/driver.js'
import { electronDriver } from './drivers/electronDriver.js'
import { pagePlaces } from './pagePlaces.js'
import { patience } from './patience.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.each([electronDriver(), chromiumDriver()])('the pages in $name', (driver) => {
  let person: Sitting

  beforeAll(async () => {
    if (driver.isHere) person = await driver.sit(await finishedWorkspace())
  }, 300_000 * patience)
  afterAll(async () => {
    if (driver.isHere) await person.quit()
  })

  describe.each([['en', 'light'], ['zh', 'dark']] as const)('in %s, %s', (language, theme) => {
    it.runIf(driver.isHere).each(pagePlaces('streets'))('$name has no violation', async ({ hash, ready }) => {
      const page = person.page()
      await page.evaluate((to) => (window.location.hash = to), hash)
      await page.locator('.choices select').nth(0).selectOption(language)
      await page.locator('.choices select').nth(1).selectOption(theme)
      await page.locator(ready).first().waitFor()
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run())
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
    })
  })

  it.runIf(driver.isHere)('are reached and left with the keyboard alone', async () => {
    const page = person.page()
    await page.evaluate(() => (window.location.hash = '#/start'))
    for (const [key, hash] of [['1', '#/start'], ['2', '#/data'], ['3', '#/run/streets/search'], ['4', '#/run/streets/lattice'], ['5', '#/run/streets/networks'], ['6', '#/run/streets/predictions'], ['7', '#/runs'], ['8', '#/run/streets/export'], ['9', '#/operators'], ['n', '#/new']] as const) {
      await page.keyboard.press(`Alt+${key}`)
      expect(await page.evaluate(() => window.location.hash)).toBe(hash)
    }
    // Tab goes through everything that can be clicked, and comes round again.
    await page.evaluate(() => {
      window.location.hash = '#/start'
    })
    await page.locator('main h1').waitFor()
    const reached = new Set<string>()
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab')
      reached.add(await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? ''))
    }
    const clickable = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], select:not(:disabled), input:not(:disabled)')]
        .filter((element) => element.offsetParent !== null)
        .map((element) => element.outerHTML.slice(0, 200))
    )
    expect(clickable.length).toBeGreaterThan(10)
    expect(clickable.filter((each) => !reached.has(each))).toEqual([])
  })
})
