/** The whole way of a person through the program, on a real tiny search: in real Electron, and in real Chromium over `cellscope serve`. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { chromiumDriver } from './drivers/chromiumDriver.js'
import type { Sitting } from './drivers/driver.js'
import { electronDriver } from './drivers/electronDriver.js'
import { runExported } from './exportedNetwork.js'
import { isAlive, processTree, workersOf } from './processes.js'
import { eventsOf, stepsOf } from './runOnDisk.js'
import { patience } from './patience.js'
import { until } from './until.js'

const run = 'run'

describe.each([electronDriver(), chromiumDriver()])('the whole way in $name', (driver) => {
  const workspace = join(inject('scratch'), `way ${driver.name} 测试`)
  let person: Sitting
  /** Shared by the steps: what the charts showed while the run was paused. */
  let paused: string[]

  const state = (): Promise<string> => person.page().locator('.state').first().innerText()
  const steps = (): number => stepsOf(workspace, run)
  const open = (page: string): Promise<void> => person.page().getByRole('navigation').getByRole('link', { name: page, exact: true }).click()

  beforeAll(async () => {
    if (driver.isHere) person = await driver.sit(workspace)
  })

  afterAll(async () => {
    if (driver.isHere && isAlive(person.pid)) await person.quit()
  })

  const step = it.runIf(driver.isHere)

  step('starts on built-in streets with one click', async () => {
    await person.page().getByRole('button', { name: 'Start “tiny”' }).click()
    await person.page().waitForURL(/#\/run\/run\/search$/)
    await until('the run goes on', state, (text) => text === 'running')
    expect(workersOf(person.pid)).toHaveLength(1)
  })

  step('pauses at once, and nothing moves then', async () => {
    await until('the first steps', steps, (count) => count > 0, 180_000)
    await person.page().getByRole('button', { name: 'Pause', exact: true }).first().click()
    await until('the pause', state, (text) => text === 'paused')
    const before = steps()
    paused = await charts(person)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(steps()).toBe(before)
    expect(await charts(person)).toEqual(paused)
    expect(eventsOf(workspace, run).some(({ type }) => type === 'run-finished')).toBe(false)
  })

  step('survives the death of its page', async () => {
    const worker = workersOf(person.pid)
    const text = await person.crashPage('paused')
    if (driver.name === 'Electron') expect(text).toContain('nothing is lost')
    expect(workersOf(person.pid)).toEqual(worker)
  })

  step('goes on without a window, and a second start shows it with its whole curve', async () => {
    const worker = workersOf(person.pid)
    await person.closeWindow()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(isAlive(person.pid)).toBe(true)
    await person.comeBack()
    expect(workersOf(person.pid)).toEqual(worker)
    await person.page().getByRole('link', { name: run, exact: true }).first().click()
    await until('the run is shown as it is', state, (text) => text === 'paused')
    // Late, and yet the same to the pixel as on the page that saw it happen.
    await until('the same curves', () => charts(person), (late) => late.join() === paused.join(), 15_000)
  })

  step('continues, and the curves grow', async () => {
    const before = steps()
    await person.page().getByRole('button', { name: 'Continue', exact: true }).first().click()
    await until('more steps', steps, (count) => count > before)
    await until('other curves', () => charts(person), (now) => now.join() !== paused.join())
  })

  step('survives the death of its engine, in view', async () => {
    const [worker] = workersOf(person.pid)
    if (worker === undefined) throw new Error('There is no engine to kill: the run was over too soon.')
    process.kill(worker, 'SIGKILL')
    await person.page().getByText('The engine ended by itself.').waitFor()
    await person.page().getByText(/Nothing is lost/).first().waitFor()
    await until('another engine', () => workersOf(person.pid), ([next]) => next !== undefined && next !== worker)
  })

  step('finishes', { timeout: 300_000 * patience }, async () => {
    await until('the end', state, (text) => text === 'finished', 280_000)
    expect(eventsOf(workspace, run).at(-1)?.type).toBe('run-finished')
    await until('no engine is left', () => workersOf(person.pid), (left) => left.length === 0)
  })

  step('shows the lattice at every moment of the search', async () => {
    await open('Lattice')
    const slider = person.page().getByRole('slider', { name: 'Moment' })
    const picture = (): Promise<string> => person.page().locator('.lattice svg').innerHTML()
    await slider.focus()
    await slider.press('Home')
    const first = { words: await slider.getAttribute('aria-valuetext'), picture: await picture() }
    await slider.press('End')
    const last = { words: await slider.getAttribute('aria-valuetext'), picture: await picture() }
    const recorded = eventsOf(workspace, run).filter(({ type }) => type === 'architecture')
    expect(Number(await slider.getAttribute('max'))).toBe(recorded.length - 1)
    expect(last.words).not.toBe(first.words)
    expect(last.picture).not.toBe(first.picture)
  })

  step('shows the derived networks', async () => {
    await open('Networks')
    await person.page().getByRole('heading', { name: 'Derived networks' }).waitFor()
    const text = await person.page().locator('main').innerText()
    expect(text).toMatch(/teacher/)
    expect(text).toMatch(/student/)
    expect(text).toMatch(/\d ms/)
  })

  step('shows predictions with overlays', async () => {
    await open('Predictions')
    const thumb = person.page().locator('.grid img').first()
    await thumb.waitFor()
    expect(await thumb.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBeGreaterThan(0)
    const over = (): Promise<string | null> => person.page().locator('.grid li').first().locator('img').nth(1).getAttribute('src')
    const seen = new Set<string | null>()
    for (const kind of ['truth', 'teacher', 'student', 'errors']) {
      const button = person.page().getByRole('button', { name: kind, exact: true })
      await button.click()
      expect(await button.getAttribute('aria-pressed')).toBe('true')
      seen.add(await over())
    }
    expect(seen.size).toBe(4)
    const opacity = person.page().getByRole('slider', { name: 'Opacity' })
    await opacity.focus()
    await opacity.press('Home')
    expect(await person.page().locator('.grid li').first().locator('img').nth(1).evaluate((image) => getComputedStyle(image).opacity)).toBe('0')
  })

  step('exports the student, and the file runs elsewhere', async () => {
    await open('Export')
    const file = join(inject('scratch'), `student ${driver.name}.onnx`)
    await person.exportWith('Export student as ONNX', file)
    expect(await person.page().locator('main').innerText()).toMatch(/Same class at/)
    expect(statSync(file).size).toBeGreaterThan(1000)
    const ran = await runExported(file)
    expect(ran).toMatchObject({ inputShape: [1, 3, expect.any(Number), expect.any(Number)], finite: true })
    expect(ran.outputShape[1]).toBe(12)
    expect(ran.different).toBeGreaterThan(100)
  })

  step('never broke the content policy', () => {
    expect(person.reports()).toEqual([])
  })

  step('quits and leaves no process', async () => {
    const all = processTree(person.pid).map(({ pid }) => pid)
    expect(all.length).toBeGreaterThan(0)
    const began = Date.now()
    await person.quit()
    await until('no process is left', () => all.filter(isAlive), (left) => left.length === 0, 10_000 - (Date.now() - began))
  })
})

/** Every chart of the page as it looks now, once the drawing has come to rest. */
async function charts(person: Sitting): Promise<string[]> {
  await person.page().locator('.chart canvas').first().waitFor()
  const look = (): Promise<string[]> => person.page().evaluate(() => [...document.querySelectorAll<HTMLCanvasElement>('.chart canvas')].map((canvas) => canvas.toDataURL()))
  let last = await look()
  return until('charts at rest', async () => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const now = await look()
    const rested = now.join() === last.join()
    last = now
    return rested ? now : []
  }, (now) => now.length > 0)
}
