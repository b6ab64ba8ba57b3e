/** The ways in which the desktop program ends, or does not: no run is lost, and no process is left behind. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { runScript } from './commandLine.js'
import { electronDriver, type ElectronSitting } from './drivers/electronDriver.js'
import { isAlive, processTree, workersOf } from './processes.js'
import { eventsOf, stepsOf } from './runOnDisk.js'
import { patience } from './patience.js'
import { until } from './until.js'

const electron = electronDriver()
const run = 'run'

/** Sits down and starts a run, which is in the middle of its steps then. */
async function withRun(name: string): Promise<{ person: ElectronSitting; workspace: string; all: number[] }> {
  const workspace = join(inject('scratch'), `ending ${name}`)
  const person = await electron.sit(workspace)
  await watchDesktop(person)
  await person.page().getByRole('button', { name: 'Start “tiny”' }).click()
  await until('the first steps', () => stepsOf(workspace, run), (count) => count > 0, 100_000)
  expect(workersOf(person.pid)).toHaveLength(1)
  return { person, workspace, all: processTree(person.pid).map(({ pid }) => pid) }
}

/** What the desktop was told: blockers of sleep that hold now, and every progress. */
interface Watched {
  shown: { awake: number; progress: number[] }
}

async function watchDesktop(person: ElectronSitting): Promise<void> {
  await person.app.evaluate(({ BrowserWindow, powerSaveBlocker }) => {
    const shown: Watched['shown'] = { awake: 0, progress: [] }
    Object.assign(globalThis, { shown })
    powerSaveBlocker.start = () => ++shown.awake
    powerSaveBlocker.stop = () => --shown.awake >= 0
    const window = BrowserWindow.getAllWindows()[0]
    if (window) window.setProgressBar = (fraction) => void shown.progress.push(fraction)
  })
}

const noneLeft = (all: number[], withinMs: number): Promise<number[]> => until('no process is left', () => all.filter(isAlive), (left) => left.length === 0, withinMs)

/** The run stands still with a checkpoint, and goes on from there to its end. */
async function expectResumable(workspace: string): Promise<void> {
  expect(eventsOf(workspace, run).some(({ type }) => type === 'run-finished')).toBe(false)
  expect(readdirSync(join(workspace, 'runs', run, 'checkpoints')).length).toBeGreaterThan(0)
  const { code, text } = await runScript('bin/cellscope.js', ['resume', run, '--workspace', workspace])
  expect([code, text]).toEqual([0, expect.stringContaining('student')])
  expect(eventsOf(workspace, run).at(-1)?.type).toBe('run-finished')
}

describe.runIf(electron.isHere)('the desktop program', { timeout: 300_000 * patience }, () => {
  it('quits within ten seconds while a run goes on, and the run can be resumed', async () => {
    const { person, workspace, all } = await withRun('quit')
    const quit = person.quit()
    await noneLeft(all, 10_000)
    await quit
    await expectResumable(workspace)
  })

  it('ends the same way on SIGTERM; until then the machine is kept awake and the taskbar shows how far it is', async () => {
    const { person, all } = await withRun('sigterm')
    const shown = (): Promise<{ awake: number; progress: number[] }> => person.app.evaluate(() => (globalThis as unknown as Watched).shown)
    await until('progress', shown, ({ progress }) => progress.some((fraction) => fraction > 0 && fraction < 1))
    expect((await shown()).awake).toBe(1)
    const code = new Promise((resolve) => person.app.process().once('exit', resolve))
    process.kill(person.pid, 'SIGTERM')
    await noneLeft(all, 10_000)
    expect(await code).toBe(143)
  })

  it('leaves no orphan when it is killed, and the next start resumes the run from the page', async () => {
    const { person, workspace, all } = await withRun('kill')
    process.kill(person.pid, 'SIGKILL')
    await noneLeft(all, 30_000)
    const next = await electron.sit(workspace)
    await next.page().getByRole('button', { name: `Resume ${run}` }).click()
    await until('the end', () => next.page().locator('.state').first().innerText(), (text) => text === 'finished', 200_000)
    await next.quit()
  })

  it('ends with its window when nothing goes on, and keeps where the window stood', async () => {
    const workspace = join(inject('scratch'), 'ending idle')
    const person = await electron.sit(workspace)
    const bounds = { x: 40, y: 30, width: 900, height: 640 }
    await person.app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), bounds)
    const all = processTree(person.pid).map(({ pid }) => pid)
    await person.closeWindow()
    await noneLeft(all, 10_000)
    const again = await electron.sit(workspace)
    const kept = await again.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
    expect(kept).toMatchObject({ width: bounds.width, height: bounds.height })
    await again.quit()
  })

  it('gives up on a page that dies again and again, and says so', async () => {
    const person = await electron.sit(join(inject('scratch'), 'ending deaths'))
    const asked = (): Promise<number> => person.app.evaluate(() => (globalThis as unknown as { deathDialogs?: number }).deathDialogs ?? 0)
    await person.app.evaluate(({ dialog }) => {
      const told = globalThis as unknown as { deathDialogs?: number }
      dialog.showMessageBox = () => {
        told.deathDialogs = (told.deathDialogs ?? 0) + 1
        return Promise.resolve({ response: 1, checkboxChecked: false })
      }
    })
    const all = processTree(person.pid).map(({ pid }) => pid)
    for (let death = 1; death <= 3; death++) {
      await person.crashPage()
      expect(await asked()).toBe(0)
    }
    await person.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()).catch(() => undefined)
    // The person chose to close the window, and nothing else goes on.
    await noneLeft(all, 10_000)
  })

  it('shows its menu in the language of the page, and the menu leads to pages', async () => {
    const person = await electron.sit(join(inject('scratch'), 'ending menu'))
    const labels = (): Promise<string[]> => person.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label) ?? [])
    await until('an English menu', labels, (found) => found[0] === 'File')
    const click = (id: string): Promise<void> => person.app.evaluate(({ Menu }, item) => void Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id)
    await click('language')
    await until('a Chinese menu', labels, (found) => found[0] === '文件')
    expect(await person.page().evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    await click('runs')
    await person.page().waitForURL(/#\/runs$/)
    await click('new')
    await person.page().waitForURL(/#\/new$/)
    await person.quit()
  })

  it('stays one program and one window a workspace, however often it is started', async () => {
    const person = await electron.sit(join(inject('scratch'), 'ending twice'))
    await person.startAgain()
    await person.startAgain()
    expect(await person.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    await person.quit()
  })
})
