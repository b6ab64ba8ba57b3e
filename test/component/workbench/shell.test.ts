import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chosenTheme, themes } from '../../../src/renderer/chosenTheme.js'
import { locales } from '../../../src/renderer/locales/locale.js'
import { useLocale } from '../../../src/renderer/locales/useLocale.js'
import { en } from '../../../src/renderer/locales/workbench/en.js'
import { zh } from '../../../src/renderer/locales/workbench/zh.js'
import { hashOf, route, routeOf, type Route } from '../../../src/renderer/workbench/router.js'
import { remember } from '../../../src/renderer/workbench/remembered.js'
import { AppError, errorCatalogue } from '../../../src/shared/errors.js'
import { presetNames } from '../../../src/shared/presets.js'
import { description, fakeHost, summary, type Handlers } from './fakeHost.js'
import { forgetEverything, mountWorkbench, press, visit } from './mountWorkbench.js'

vi.setConfig({ testTimeout: 60_000 })
vi.mock('vue-echarts', () => ({ default: { name: 'VChart', props: ['option'], template: '<i />' } }))

afterEach(forgetEverything)

const running = summary({ name: 'street', progress: 'unfinished', live: 'running', stage: 'search' })
/** Pages of a run ask for it; here it is enough that they say what they got. */
const noRun: Handlers = { describeRun: () => { throw new AppError('run.not-found', 'There is no run here.') } }

describe('addresses', () => {
  it.each<[Route, string]>([
    [{ page: 'start' }, '#/start'],
    [{ page: 'runs' }, '#/runs'],
    [{ page: 'runs', compare: ['夜 1', 'a/b'] }, '#/runs/compare/%E5%A4%9C%201/a%2Fb'],
    [{ page: 'lattice', run: 'a b/c #1 街' }, '#/run/a%20b%2Fc%20%231%20%E8%A1%97/lattice']
  ])('%o is %s, there and back', (target, hash) => {
    expect(hashOf(target)).toBe(hash)
    expect(routeOf(hash)).toEqual(target)
  })

  it('that lead nowhere lead to the start, a run without a page to its search', () => {
    for (const hash of ['', '#', '#/nothing', '#/run', '#/run/x/nothing', '#/run//search', '#/run/%']) {
      expect([hash, routeOf(hash).page]).toEqual([hash, hash === '#/run/%' ? 'search' : 'start'])
    }
    expect(routeOf('#/run/x')).toEqual({ page: 'search', run: 'x' })
  })
})

describe('the shell', () => {
  it('has a link to every page, marks the one that is shown, and follows the address', async () => {
    const workbench = await mountWorkbench(fakeHost({ listRuns: () => [running], ...noRun }))
    const links = (): string[] => workbench.findAll('nav a').map((link) => link.text())
    expect(links()).toEqual(['Start', 'Data', 'New run', 'Runs', 'Operators', 'Search', 'Lattice', 'Networks', 'Predictions', 'Export'])
    expect(workbench.get('[aria-current=page]').text()).toBe('Start')
    for (const hash of ['#/data', '#/new', '#/runs', '#/operators', '#/run/street/networks']) {
      await visit(hash)
      expect(hashOf(route.value)).toBe(hash)
      expect(workbench.get('main h1').text()).toContain(workbench.get('[aria-current=page]').text())
    }
    expect(document.title).toBe('Networks · street · Cellscope')
    workbench.unmount()
  })

  it('offers no page of a run where there is no run', async () => {
    const workbench = await mountWorkbench(fakeHost())
    expect(workbench.findAll('nav a').length).toBe(5)
    expect(await press('Digit3', { ctrlKey: true })).toBe(true)
    expect(route.value).toEqual({ page: 'start' })
    workbench.unmount()
  })

  it('goes to pages by keys, with Ctrl, Cmd or Alt, and leaves other keys alone', async () => {
    const workbench = await mountWorkbench(fakeHost({ listRuns: () => [running], ...noRun }))
    const pages: string[] = []
    for (const digit of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      expect(await press(`Digit${digit}`, [{ ctrlKey: true }, { metaKey: true }, { altKey: true }][digit % 3])).toBe(true)
      pages.push(route.value.page)
    }
    expect(pages).toEqual(['start', 'data', 'search', 'lattice', 'networks', 'predictions', 'runs', 'export', 'operators'])
    expect(await press('KeyN', { ctrlKey: true })).toBe(true)
    expect(route.value).toEqual({ page: 'new' })
    for (const [code, modifiers] of [['Digit1', {}], ['Digit0', { ctrlKey: true }], ['KeyQ', { ctrlKey: true }], ['Digit1', { ctrlKey: true, altKey: true }], ['Digit1', { ctrlKey: true, shiftKey: true }]] as const) {
      expect(await press(code, modifiers)).toBe(false)
    }
    expect(route.value).toEqual({ page: 'new' })
    workbench.unmount()
  })

  it('does what the menu asks for', async () => {
    const asked: string[] = []
    const host = fakeHost({
      listRuns: () => [running], ...noRun, describe: () => ({ ...description, shell: 'desktop', datasets: [] }),
      pauseRun: () => { asked.push('pause'); return {} }, continueRun: () => { asked.push('continue'); return {} }, stopRun: () => { asked.push('stop'); return {} },
      chooseFolder: () => ({ path: '/data/own' })
    })
    const workbench = await mountWorkbench(host)
    host.say({ news: 'command', command: 'lattice' })
    expect(route.value).toEqual({ page: 'lattice', run: 'street' })
    host.say({ news: 'command', command: 'pause' })
    await flushPromises()
    host.say({ news: 'state', run: 'street', live: 'paused', over: null, error: null })
    host.handlers.listRuns = () => [{ ...running, live: 'paused' }]
    host.say({ news: 'command', command: 'pause' })
    await flushPromises()
    host.say({ news: 'command', command: 'stop' })
    await flushPromises()
    expect(asked).toEqual(['pause', 'continue', 'stop'])
    host.say({ news: 'command', command: 'language' })
    host.say({ news: 'command', command: 'theme' })
    await flushPromises()
    expect(workbench.get('nav').text()).toContain(zh.pages.lattice)
    expect(document.documentElement.lang).toBe('zh-CN')
    expect(document.documentElement.dataset['theme']).toBe('dark')
    host.say({ news: 'command', command: 'open-folder' })
    await flushPromises()
    expect(route.value).toEqual({ page: 'data' })
    expect(workbench.get<HTMLInputElement>('.path input').element.value).toBe('/data/own')
    workbench.unmount()
  })

  it('keeps language and appearance for the next visit', () => {
    remember('language', useLocale().locale, locales)
    remember('theme', chosenTheme, themes)
    useLocale().locale.value = 'zh'
    chosenTheme.value = 'dark'
    expect([window.localStorage.getItem('cellscope.language'), window.localStorage.getItem('cellscope.theme')]).toEqual(['zh', 'dark'])
    window.localStorage.setItem('cellscope.language', 'en')
    window.localStorage.setItem('cellscope.theme', 'nonsense')
    remember('language', useLocale().locale, locales)
    remember('theme', chosenTheme, themes)
    expect([useLocale().locale.value, chosenTheme.value]).toEqual(['en', 'dark'])
  })

  it('leads past the navigation', async () => {
    const workbench = await mountWorkbench(fakeHost())
    await workbench.get('.skip').trigger('click')
    expect(document.activeElement).toBe(workbench.get('main').element)
    expect(route.value).toEqual({ page: 'start' })
    workbench.unmount()
  })
})

describe('the bar at the bottom', () => {
  it('says what goes on and steers it', async () => {
    const host = fakeHost({ listRuns: () => [running], pauseRun: () => ({}), stopRun: () => { throw new AppError('run.not-found', 'There is no run "street".') } })
    const workbench = await mountWorkbench(host)
    const bar = workbench.get('.status')
    expect(host.requests).toContainEqual({ name: 'watchRun', input: { run: 'street', fromSequence: Number.MAX_SAFE_INTEGER } })
    host.say({
      news: 'pulse', run: 'street',
      pulse: { stage: 'search', variant: 'joint', step: 12, steps: 60, elapsedSeconds: 30, stepSeconds: 20, waitedSeconds: 0, remainingSeconds: 754, residentBytes: 900 * 1048576 }
    })
    await flushPromises()
    for (const words of ['street', 'running', 'search · joint', 'step 12 of 60', '13 min left', '900 MiB of memory']) expect(bar.text()).toContain(words)
    await bar.get('button').trigger('click')
    expect(host.requests).toContainEqual({ name: 'pauseRun', input: { run: 'street' } })
    host.say({ news: 'state', run: 'street', live: 'paused', over: null, error: null })
    await flushPromises()
    await bar.findAll('button')[1].trigger('click')
    await flushPromises()
    expect(workbench.get('[role=alert]').text()).toContain('There is no run "street".')
    workbench.unmount()
  })

  it('says so where nothing goes on', async () => {
    const workbench = await mountWorkbench(fakeHost({ listRuns: () => [summary({})] }))
    expect(workbench.get('.status').text()).toBe(en.shell.idle)
    workbench.unmount()
  })

  it('tells of an engine that died: what happened, that nothing is lost, where it goes on', async () => {
    const host = fakeHost({ listRuns: () => [running] })
    const workbench = await mountWorkbench(host)
    host.say({ news: 'incident', run: 'street', what: 'death', text: 'It ended with signal 9.', checkpointStep: 40, restarts: 1 })
    await flushPromises()
    expect(workbench.get('.messages').text()).toContain(
      'The engine ended unexpectedly. It ended with signal 9. Nothing that was recorded is lost; it goes on from step 40 (restart 1).'
    )
    host.say({ news: 'state', run: 'street', live: null, over: 'failed', error: new AppError('disk.full', 'The disk is full.').report() })
    await flushPromises()
    expect(workbench.get('.messages [role=alert]').text()).toContain('The disk is full.')
    for (const _ of [1, 2]) await workbench.findAll('.messages button').at(-1)!.trigger('click')
    expect(workbench.find('.messages').exists()).toBe(false)
    workbench.unmount()
  })
})

describe('a lost connection', () => {
  it('is said as long as it lasts, and everything is read anew after it', async () => {
    const host = fakeHost()
    const workbench = await mountWorkbench(host)
    vi.useFakeTimers()
    host.refuse = true
    host.cut()
    await flushPromises()
    expect(workbench.text()).toContain(en.shell.lost)
    host.handlers.listRuns = () => [running]
    host.refuse = false
    await vi.advanceTimersByTimeAsync(5000)
    await flushPromises()
    expect(workbench.text()).not.toContain(en.shell.lost)
    expect(workbench.get('.status').text()).toContain('street')
    vi.useRealTimers()
    workbench.unmount()
  })
})

describe('an error', () => {
  it('is a sentence with what to do, and its diagnostics can be taken away', async () => {
    const written: string[] = []
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation((text) => { written.push(text); return Promise.resolve() })
    const host = fakeHost({ listRuns: () => { throw new AppError('workspace.locked', 'The workspace is in use.') } })
    const workbench = await mountWorkbench(host, '#/runs')
    const note = workbench.get('[role=alert]')
    expect(note.text()).toContain('The workspace is in use.')
    expect(note.text()).toContain(errorCatalogue['workspace.locked'].hint)
    await note.findAll('button').find((button) => button.text() === en.error.copy)!.trigger('click')
    await flushPromises()
    for (const words of ['Cellscope 0.1.0', 'user workspace.locked: The workspace is in use.', 'Page: #/runs', errorCatalogue['workspace.locked'].hint]) {
      expect(written[0]).toContain(words)
    }
    useLocale().locale.value = 'zh'
    await flushPromises()
    expect(note.text()).toContain(zh.hint['workspace.locked'])
    host.handlers.listRuns = () => []
    await note.findAll('button').find((button) => button.text() === zh.error.retry)!.trigger('click')
    await flushPromises()
    expect(workbench.find('[role=alert]').exists()).toBe(false)
    workbench.unmount()
    vi.restoreAllMocks()
  })
})

describe('words', () => {
  it('are there in both languages, one for one', () => {
    const shape = (value: unknown, path = ''): string[] => {
      if (typeof value !== 'object' || value === null) return [`${path} ${typeof value}`]
      return Object.entries(value).flatMap(([key, each]) => shape(each, `${path}.${key}`))
    }
    const bare = ({ hint: _hint, presetAbout: _about, ...rest }: typeof en): unknown => rest
    expect(shape(bare(zh))).toEqual(shape(bare(en)))
    expect(Object.keys(zh.hint).sort()).toEqual(Object.keys(errorCatalogue).sort())
    expect(Object.keys(zh.presetAbout).sort()).toEqual([...presetNames].sort())
  })
})
