import axe from 'axe-core'
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { networkMilliseconds } from '../../../src/renderer/lattice/networkMilliseconds.js'
import { en } from '../../../src/renderer/locales/run/en.js'
import { zh } from '../../../src/renderer/locales/run/zh.js'
import { useLocale } from '../../../src/renderer/locales/useLocale.js'
import type { ExportAnswer } from '../../../src/shared/clientProtocol.js'
import { AppError } from '../../../src/shared/errors.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { description } from '../workbench/fakeHost.js'
import { forgetEverything, mountWorkbench, visit } from '../workbench/mountWorkbench.js'
import { runHost, syntheticReport, tableOf, type RunHost } from './runHost.js'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
vi.mock('vue-echarts', () => ({ default: { name: 'VChart', props: ['option'], template: '<i />' } }))

/** Everything that is observed is near. */
class NearObserver {
  constructor(private readonly listener: (entries: { isIntersecting: boolean }[]) => void) {}
  observe(): void { this.listener([{ isIntersecting: true }]) }
  disconnect(): void { /* nothing to do */ }
}

const report = syntheticReport()
const table = tableOf(report)
let workbench: VueWrapper | undefined
beforeEach(() => { vi.stubGlobal('IntersectionObserver', NearObserver) })
afterEach(() => {
  workbench?.unmount()
  forgetEverything()
  vi.unstubAllGlobals()
})

async function open(host: RunHost, page: string): Promise<VueWrapper> {
  workbench = await mountWorkbench(host, `#/run/street/${page}`)
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 20))
  return workbench
}

const main = (): string => workbench!.get('main').text()
const buttons = (name: string): ReturnType<VueWrapper['findAll']> =>
  workbench!.get('main').findAll('button').filter((button) => (button.attributes('aria-label') ?? button.text()) === name)
const press = async (name: string): Promise<void> => {
  await buttons(name)[0].trigger('click')
  await flushPromises()
}
/** Colours need a real browser; there the e2e tests look. */
const axeProblems = async (): Promise<string[]> => {
  const { violations } = await axe.run(workbench!.element as Element, { rules: { 'color-contrast': { enabled: false } } })
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)
}

describe('the search page', () => {
  const live = { live: 'running', progress: 'unfinished' } as const

  it('shows where the run is, what the clock says, and the curves as they grow', async () => {
    const host = runHost(report, live)
    const at = host.entries.findIndex(({ type }) => type === 'architecture') + 60
    host.upTo = at
    await open(host, 'search')
    host.say({ news: 'pulse', run: 'street', pulse: {
      stage: 'search', variant: 'decoupled', step: 30, steps: 80, elapsedSeconds: 60, stepSeconds: 1.5, waitedSeconds: 0.1, remainingSeconds: 200, residentBytes: 2 ** 30
    } })
    await flushPromises()
    const now = workbench!.get('.stages [aria-current=step]')
    expect(now.text()).toContain('search, decoupled')
    expect(workbench!.findAll('.stages .done').map((stage) => stage.get('.title').text())).toEqual(['pretraining'])
    expect(main()).toContain('30 of 80')
    expect(main()).toContain('3 min 20 sec')
    expect(main()).toContain('1.5 s')
    const titles = (): string[] => workbench!.findAll('figcaption').map((title) => title.text())
    expect(titles()).toEqual(expect.arrayContaining(['Loss', 'mIoU in the supernet', 'Latency by the table', 'Entropy', 'Collapse']))
    expect(titles()).not.toContain('Loss, decoupled')
    host.goOn(host.entries.length)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(titles()).toEqual(expect.arrayContaining(['Loss, decoupled', 'Loss, joint', 'mIoU on selection images']))
  })

  it('pauses, continues and stops, each where it can be done', async () => {
    const done = (): Record<string, never> => ({})
    const host = runHost(report, live, { pauseRun: done, continueRun: done, stopRun: done })
    await open(host, 'search')
    await press('Pause')
    host.description = { ...host.description, live: 'paused' }
    host.say({ news: 'state', run: 'street', live: 'paused', over: null, error: null })
    await flushPromises()
    expect(workbench!.get('.state').text()).toBe('paused')
    expect(buttons('Pause')).toEqual([])
    await press('Continue')
    await press('Stop')
    expect(['pauseRun', 'continueRun', 'stopRun'].map((name) => host.count(name as 'pauseRun'))).toEqual([1, 1, 1])
  })

  it('says what happened, what was lost and what goes on', async () => {
    const host = runHost(report, live)
    await open(host, 'search')
    host.say({ news: 'incident', run: 'street', what: 'death', text: 'It was killed by signal 9.', checkpointStep: 40, restarts: 1 })
    await flushPromises()
    const said = workbench!.get('ul[aria-live]').text()
    for (const part of [en.search.incident.death, 'signal 9', en.search.lostNothing('40'), en.search.goesOn]) expect(said).toContain(part)
  })

  it('says of an engine that is only silent that nothing is lost and nothing done again, and says it once', async () => {
    const host = runHost(report, live)
    await open(host, 'search')
    for (const text of ['Silent for 31 s.', 'Silent for 32 s.']) host.say({ news: 'incident', run: 'street', what: 'stall', text, checkpointStep: 40, restarts: 0 })
    await flushPromises()
    const said = workbench!.findAll('ul[aria-live] li')[0].text()
    expect(said).toContain(en.search.incident.stall)
    expect(said).toContain('2 times')
    expect(said).toContain('Silent for 32 s.')
    expect(said).not.toContain('done again')
  })

  it('gives a failure its sentence, its hint and the button that goes on', async () => {
    const host = runHost(report, { ...live, live: null }, { resumeRun: () => ({}) })
    await open(host, 'search')
    host.say({ news: 'state', run: 'street', live: null, over: 'failed', error: new AppError('disk.full', 'The disk of /runs is full.').report() })
    await flushPromises()
    expect(main()).toContain('The disk of /runs is full.')
    expect(main()).toContain('Free some space, then resume')
    await press('Resume')
    expect(host.count('resumeRun')).toBe(1)
  })

  it('raises the alarm for the search that collapses, and only for that one', async () => {
    await open(runHost(report), 'search')
    const alarm = workbench!.get('.alarm').text()
    expect(alarm).toContain('joint: in 80.0% of the cells the likeliest operator is skip')
    expect(alarm).not.toContain('decoupled: in')
    expect(alarm).toContain('search.lambda')
  })

  it('says that a run is not there', async () => {
    const missing = (): never => { throw new AppError('run.not-found', 'There is no run street.') }
    await open(runHost(report, {}, { describeRun: missing, watchRun: missing }), 'search')
    expect(main()).toContain('There is no run street.')
  })
})

describe('the lattice page', () => {
  it('follows the search at its end, stays where a person put it otherwise', async () => {
    const host = runHost(report, { live: 'running', progress: 'unfinished' })
    const third = host.entries.filter(({ type }) => type === 'architecture')[2].sequence
    host.upTo = third
    await open(host, 'lattice')
    const slider = () => workbench!.get<HTMLInputElement>('main input[type=range]')
    expect(slider().element.max).toBe('2')
    expect(slider().element.value).toBe('2')
    expect(main()).toContain('follows the search')
    const fifth = host.entries.filter(({ type }) => type === 'architecture')[4].sequence
    host.goOn(fifth)
    await flushPromises()
    expect(slider().element.value).toBe('4')
    await slider().setValue('1')
    host.goOn(host.entries.filter(({ type }) => type === 'architecture')[6].sequence)
    await flushPromises()
    expect(slider().element.max).toBe('6')
    expect(slider().element.value).toBe('1')
    expect(main()).not.toContain('follows the search')
  })

  it('says what a cell costs, once the table is read', async () => {
    await open(runHost(report, {
      latencyTable: { sha256: '0'.repeat(64), name: 'invented', cpu: 'none', threads: 1, runtime: 'none', warmup: 1, repeats: 1 }
    }, { readLatencyTable: () => table }), 'lattice')
    await workbench!.findAll('.cell')[6].trigger('focus')
    expect(workbench!.get('.words').text()).toMatch(/expected time\s*[\d.]+ ms at stride 1/)
  })

  it('saves the moment that is shown as numbers and as a picture that stands alone', async () => {
    const saved: { blob: Blob; name: string }[] = []
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      saved.push({ blob: blob as Blob, name: '' })
      return 'blob:x'
    })
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) { saved[saved.length - 1].name = this.download })
    await open(runHost(report), 'lattice')
    await press('JSON')
    await press('SVG')
    expect(saved.map(({ name }) => name)).toEqual(['street-lattice-decoupled-student-80.json', 'street-lattice-decoupled-student-80.svg'])
    const numbers = JSON.parse(await saved[0].blob.text()) as { step: number; logits: { alpha: number[][][] }; derived: { branches: object[] } }
    const last = report.events.filter((event) => event.type === 'architecture' && event.variant === 'decoupled').at(-1)
    expect(numbers.logits).toEqual(last?.type === 'architecture' ? last.student : undefined)
    expect(numbers.derived.branches.length).toBe(2)
    const drawing = new DOMParser().parseFromString(await saved[1].blob.text(), 'image/svg+xml')
    expect(drawing.querySelector('parsererror')).toBeNull()
    expect(drawing.querySelector('title')?.textContent).toBe('street, search decoupled, student, step 80')
    expect(drawing.querySelector('[class], [tabindex], style, script')).toBeNull()
    vi.restoreAllMocks()
  })

  it('says what is missing and when it comes', async () => {
    const host = runHost(report, { live: 'running', progress: 'unfinished' })
    host.upTo = 5
    await open(host, 'lattice')
    expect(main()).toContain(en.missing.lattice)
    expect(main()).toContain(en.missing.comesWith.search)
    expect(main()).toContain('“pretraining”')
  })
})

describe('the networks page', () => {
  it('gives every cell its milliseconds, which with the rest are the network\'s', async () => {
    const event = report.events.find((each) => each.type === 'derived' && each.network === 'student')
    const architecture = event?.type === 'derived' ? event.architecture : undefined
    const milliseconds = networkMilliseconds(architecture!, table)
    expect(milliseconds?.totalMs).toBeCloseTo(tableLatencyMs(architecture!, table), 9)
    const once = architecture!.branches.flatMap(({ finalScale, cells }, branch) =>
      cells.map((_, place) => (branch > 0 && place < architecture!.sharedLayers ? 0 : milliseconds!.cellMs(finalScale, place))))
    expect(once.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(milliseconds!.cellsMs, 9)
    expect(networkMilliseconds(architecture!, { ...table, entries: {} })).toBeNull()

    await open(runHost(report, {
      latencyTable: { sha256: '0'.repeat(64), name: 'invented', cpu: 'none', threads: 1, runtime: 'none', warmup: 1, repeats: 1 }
    }, { readLatencyTable: () => table }), 'networks')
    expect(workbench!.findAll('.chip').every((chip) => chip.text().endsWith('ms'))).toBe(true)
    expect(main()).toContain('derived for comparison, not trained')
    expect(main()).toContain('8.2 ms measured')
    expect(workbench!.findAll('main table').at(-1)?.findAll('tbody tr').length).toBe(report.events.filter(({ type }) => type === 'pair-judged').length)
  })
})

describe('the predictions page', () => {
  it('lists the worst first, reads each picture once, and opens one large with a second kind beside it', async () => {
    const host = runHost(report)
    await open(host, 'predictions')
    expect(workbench!.findAll('.grid li').map((picture) => picture.text())).toEqual([
      'val/scene-0 student mIoU 20.0%', 'val/scene-1 student mIoU 30.0%', 'val/scene-2 student mIoU 40.0%'
    ])
    expect(workbench!.findAll('.grid img').length).toBe(6)
    await press('errors')
    expect(workbench!.findAll('.grid img')[1].attributes('src')).toBe(report.pictures[0].sources.error)
    await workbench!.findAll('.grid button')[1].trigger('click')
    await flushPromises()
    const dialog = workbench!.get('dialog')
    expect(dialog.findAll('figcaption').map((title) => title.text())).toEqual(['errors', 'image'])
    await dialog.trigger('keydown', { key: 'ArrowRight' })
    await flushPromises()
    expect(dialog.text()).toContain('val/scene-2')
    expect(dialog.text()).toContain('3 of 3')
    await dialog.trigger('keydown', { key: '+' })
    const frames = dialog.findAll<HTMLElement>('.layers').map(({ element }) => element.style.transform)
    expect(frames[0]).toContain('scale(1.5)')
    expect(frames[1]).toBe(frames[0])
    expect(host.count('readPicture')).toBe(3)
  })

  it('never hides a zero: a class that is never found is 0, one that does not occur is a dash', async () => {
    await open(runHost(report), 'predictions')
    const row = (name: string): string => workbench!.findAll('main table tr').map((each) => each.text()).find((text) => text.startsWith(name)) ?? ''
    expect(row('pole')).toContain('0.0%')
    expect(row('sign')).toContain('–')
  })

  it('says when the pictures come', async () => {
    await open(runHost({ ...report, pictures: [] }, { progress: 'unfinished' }), 'predictions')
    expect(main()).toContain(en.missing.predictions)
    expect(main()).toContain(en.missing.standsStill)
  })
})

describe('the export page', () => {
  const answer: ExportAnswer = {
    path: '/out/street-student.onnx', files: [{ name: 'street-student.onnx', bytes: 2_097_152 }], largestDifference: 3.1e-6, argmaxAgreement: 0.9999,
    text: 'It computes what the network computes.', download: '/download/1'
  }

  it('in a browser: writes, shows progress and parity, links to the file, copies the command', async () => {
    let finish: (value: ExportAnswer) => void = () => undefined
    const host = runHost(report, {}, { exportModel: () => new Promise((resolve) => { finish = resolve }) })
    await open(host, 'export')
    await press('Export student as ONNX')
    host.progress('exportModel', 2, 5)
    await flushPromises()
    expect(main()).toContain('Writing student as ONNX')
    expect(main()).toContain('2 of 5')
    expect(buttons('Export teacher as ONNX')[0].attributes('disabled')).toBeDefined()
    finish(answer)
    await flushPromises()
    expect(host.requests.find(({ name }) => name === 'exportModel')?.input).toEqual({ run: 'street', network: 'student', format: 'onnx', out: null })
    const written = workbench!.get('article')
    for (const part of ['/out/street-student.onnx', '3.1E-6', '99.99%', '2 MiB']) expect(written.text()).toContain(part)
    expect(written.get('a').attributes('href')).toBe('/download/1')
    expect(buttons('Show in folder')).toEqual([])
  })

  it('on the desktop: asks where, writes there, shows it in its folder; an answer of nowhere writes nothing', async () => {
    let chosen: string | null = null
    const host = runHost(report, {}, {
      describe: () => ({ ...description, shell: 'desktop' }), chooseDestination: () => ({ path: chosen }), reveal: () => ({}),
      exportModel: () => ({ ...answer, download: null })
    })
    await open(host, 'export')
    await press('Export student as TensorFlow.js')
    expect(host.count('exportModel')).toBe(0)
    chosen = '/home/me/found'
    await press('Export student as TensorFlow.js')
    expect(host.requests.find(({ name }) => name === 'chooseDestination')?.input).toEqual({ suggestedName: 'street-student-tfjs' })
    expect(host.requests.find(({ name }) => name === 'exportModel')?.input).toMatchObject({ format: 'tfjs', out: '/home/me/found' })
    await press('Show in folder')
    expect(host.requests.find(({ name }) => name === 'reveal')?.input).toEqual({ path: '/out/street-student.onnx' })
  })

  it('says what went wrong', async () => {
    const host = runHost(report, {}, { exportModel: () => { throw new AppError('export.mismatch', 'The file does not agree.') } })
    await open(host, 'export')
    await press('Write the report')
    expect(main()).toContain('The file does not agree.')
  })
})

describe('every page of a run', () => {
  const pages = ['search', 'lattice', 'networks', 'predictions', 'export']

  it.each(pages)('%s can be used by everybody, and speaks Chinese', async (page) => {
    await open(runHost(report), page)
    expect(await axeProblems()).toEqual([])
    useLocale().locale.value = 'zh'
    await flushPromises()
    expect(main()).toMatch(/[\u4e00-\u9fff]/)
    expect(await axeProblems()).toEqual([])
  })

  it.each(pages)('%s says that a run which has not begun has nothing yet', async (page) => {
    const host = runHost({ ...report, pictures: [] }, { progress: 'new' })
    host.entries = []
    await open(host, page)
    expect(await axeProblems()).toEqual([])
    expect(main()).toMatch(/yet/)
    await visit('#/start')
  })

  it('has the same words in both languages', () => {
    const paths = (value: object, before = ''): string[] => Object.entries(value).flatMap(([key, inner]) =>
      (typeof inner === 'object' && inner !== null ? paths(inner as object, `${before}${key}.`) : [`${before}${key}`]))
    expect(paths(zh).sort()).toEqual(paths(en).sort())
  })
})
