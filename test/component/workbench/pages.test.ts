import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { reportData } from '../../../src/engine/report/reportData.js'
import { en } from '../../../src/renderer/locales/workbench/en.js'
import { useLocale } from '../../../src/renderer/locales/useLocale.js'
import { zh } from '../../../src/renderer/locales/workbench/zh.js'
import { route } from '../../../src/renderer/workbench/router.js'
import { sortRuns } from '../../../src/renderer/workbench/pages/runs/sortRuns.js'
import type { DatasetScanAnswer, RequestInput, RunDescription, Sample } from '../../../src/shared/clientProtocol.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import { AppError } from '../../../src/shared/errors.js'
import type { ReportData } from '../../../src/shared/report.js'
import { presets } from '../../../src/shared/presets.js'
import { writeSyntheticRun } from '../../unit/engine/report/syntheticRun.js'
import { description, fakeHost, summary, type FakeHost } from './fakeHost.js'
import { forgetEverything, mountWorkbench } from './mountWorkbench.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
vi.mock('vue-echarts', () => ({ default: { name: 'VChart', props: ['option'], template: '<i />' } }))

let root: string
let report: ReportData
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'workbench-pages-'))
  report = reportData(writeSyntheticRun({ folder: join(root, 'run'), steps: 40 }))
})
afterAll(() => rmSync(root, { recursive: true }))
afterEach(() => {
  forgetEverything()
  Reflect.deleteProperty(window, 'cellscope')
})

const button = (page: VueWrapper, text: string) => page.findAll('button').find((each) => each.text() === text)!
const asked = <Name extends FakeHost['requests'][number]['name']>(host: FakeHost, name: Name): RequestInput<Name>[] => {
  return host.requests.filter((each) => each.name === name).map(({ input }) => input as RequestInput<Name>)
}

const sample: Sample = {
  id: 'train/one', height: 64, width: 128, image: 'data:image/png;base64,AAAA', truth: 'data:image/png;base64,BBBB',
  augmentedImage: 'data:image/png;base64,CCCC', augmentedTruth: 'data:image/png;base64,DDDD'
}
const scan: DatasetScanAnswer = {
  layout: 'folder', classes: ['road', 'pole'],
  train: { images: 30, pixels: [900, 100], imagesWithClass: [30, 0] }, val: { images: 6, pixels: [100, 0], imagesWithClass: [6, 0] },
  suggestedWeights: [1.5, 9.25], sizes: [{ height: 64, width: 128, images: 6 }, { height: 480, width: 360, images: 30 }],
  problems: [{ file: '<img src=x onerror=alert(1)>.png', message: 'Its mask is missing.' }], notes: ['Two masks were RGB.']
}
const dataHandlers = {
  samples: () => ({ classes: [{ name: 'road', colour: [128, 64, 128] as [number, number, number] }], samples: [sample] }),
  scan: () => scan
}

describe('Start', () => {
  it('says what the presets cost and starts one with one click', async () => {
    const host = fakeHost({ startRun: () => ({ run: 'run-3' }) })
    const page = await mountWorkbench(host)
    expect(page.text()).toContain('about 2 min, 512 MiB of memory')
    expect(asked(host, 'forecast').map(({ settings }) => settings)).toEqual([presets.quick.settings, presets.tiny.settings])
    await button(page, 'Start “tiny”').trigger('click')
    await flushPromises()
    expect(asked(host, 'startRun')).toEqual([{ job: 'run', name: null, settings: presets.tiny.settings }])
    expect(route.value).toEqual({ page: 'search', run: 'run-3' })
    page.unmount()
  })

  it('opens one of the folders that the server may read, and looks at it at once', async () => {
    const host = fakeHost(dataHandlers)
    const page = await mountWorkbench(host)
    await button(page, '/data/own images').trigger('click')
    await flushPromises()
    expect(route.value).toEqual({ page: 'data' })
    expect(asked(host, 'samples')[0].data.source).toBe('/data/own images')
    expect(page.text()).toContain('30 images to train on, 6 to judge on, 2 classes')
    page.unmount()
  })

  it('says how to give a server a folder where it has none', async () => {
    const page = await mountWorkbench(fakeHost({ describe: () => ({ ...description, datasets: [] }) }))
    expect(page.text()).toContain('cellscope serve --data')
    page.unmount()
  })

  it('in the desktop program opens the system\'s dialog; nothing chosen is no error', async () => {
    const host = fakeHost({ describe: () => ({ ...description, shell: 'desktop', datasets: [] }), chooseFolder: () => ({ path: null }), ...dataHandlers })
    const page = await mountWorkbench(host)
    await button(page, en.start.open).trigger('click')
    await flushPromises()
    expect(route.value).toEqual({ page: 'start' })
    host.handlers.chooseFolder = () => ({ path: '/home/me/pictures' })
    await button(page, en.start.open).trigger('click')
    await flushPromises()
    expect(route.value).toEqual({ page: 'data' })
    expect(asked(host, 'samples')[0].data.source).toBe('/home/me/pictures')
    page.unmount()
  })

  it('lists recent runs, to be opened or resumed', async () => {
    const host = fakeHost({
      listRuns: () => [summary({ name: 'old', createdAt: '2026-01-01T00:00:00.000Z' }), summary({ name: 'half', progress: 'unfinished', stage: 'search', studentMeanIoU: null })],
      resumeRun: () => { throw new AppError('settings.fingerprint', 'The build changed.') }
    })
    const page = await mountWorkbench(host)
    expect(page.findAll('main tbody tr').map((row) => row.get('a').text())).toEqual(['half', 'old'])
    expect(page.text()).toContain('51.2%')
    expect(page.findAll('main tbody button').length).toBe(1)
    await page.get('main tbody button').trigger('click')
    await flushPromises()
    expect(asked(host, 'resumeRun')).toEqual([{ run: 'half' }])
    expect(page.get('[role=alert]').text()).toContain('The build changed.')
    expect(route.value).toEqual({ page: 'start' })
    page.unmount()
  })

  it('takes a dropped folder by the desktop\'s bridge, and says why it cannot in a browser', async () => {
    const drop = (): void => {
      const event = new Event('drop', { cancelable: true }) as DragEvent
      Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], files: [new File([], 'pictures')] } })
      window.dispatchEvent(event)
    }
    const host = fakeHost({ describe: () => ({ ...description, shell: 'desktop' }), ...dataHandlers })
    const page = await mountWorkbench(host)
    drop()
    await flushPromises()
    expect(page.get('[role=alert]').text()).toContain(en.shell.dropInBrowser)
    window.cellscope = { pathOf: (file) => `/home/me/${file.name}` }
    drop()
    await flushPromises()
    expect(route.value).toEqual({ page: 'data' })
    expect(asked(host, 'samples')[0].data.source).toBe('/home/me/pictures')
    expect(page.find('[role=alert]').exists()).toBe(false)
    page.unmount()
  })
})

describe('Data', () => {
  it('shows samples, classes, sizes and every problem, and what a file is called never becomes markup', async () => {
    const host = fakeHost(dataHandlers)
    const page = await mountWorkbench(host, '#/data')
    await page.get('form').trigger('submit')
    await flushPromises()
    const rows = page.findAll('tbody tr').map((row) => row.text().replace(/\s+/g, ' '))
    expect(rows).toContain('<img src=x onerror=alert(1)>.png Its mask is missing.'.replace('.png ', '.png'))
    expect(rows.find((row) => row.startsWith('road'))).toMatch(/90\.0%\s?100\.0%\s?30\s?1\.5/)
    expect(rows.find((row) => row.startsWith('pole'))).toMatch(/10\.0%\s?0\.0%\s?does not occur in the training images\s?9\.25/)
    expect(page.text()).toContain('480 × 360 px (30)')
    expect(page.text()).toContain('Two masks were RGB.')
    expect(page.find('img[src=x]').exists()).toBe(false)
    expect(page.findAll('figure img').map((image) => image.attributes('src'))).toEqual([sample.image, sample.truth])
    await button(page, en.data.augmented).trigger('click')
    expect(page.findAll('figure img').map((image) => image.attributes('src'))).toEqual([sample.augmentedImage, sample.augmentedTruth])
    await page.get('input[type=range]').setValue('0.2')
    expect(page.get<HTMLElement>('figure .truth').element.style.opacity).toBe('0.2')
    await button(page, en.data.use).trigger('click')
    await flushPromises()
    expect(route.value).toEqual({ page: 'new' })
    page.unmount()
  })

  it('asks with the settings of the draft: weather, layout, seed', async () => {
    const host = fakeHost(dataHandlers)
    const page = await mountWorkbench(host, '#/data')
    await page.get('form select').setValue('fog')
    await page.get('form').trigger('submit')
    await flushPromises()
    const { data, seed } = parseSettings({ ...presets.quick.settings, data: { ...presets.quick.settings.data, streetsWeather: 'fog' } }, 'test')
    expect(asked(host, 'samples')).toEqual([{ data, seed, count: 6 }])
    expect(asked(host, 'scan')).toEqual([{ data, seed }])
    expect(button(page, en.data.use)).toBeDefined()
    // What is shown belongs to fog; it is not offered for rain.
    await page.get('form select').setValue('rain')
    expect(page.text()).toContain(en.data.stale)
    expect(button(page, en.data.use)).toBeUndefined()
    page.unmount()
  })

  it('shows how far the scan is and can be cancelled; what there is stays', async () => {
    let refuse: (error: Error) => void = () => undefined
    const host = fakeHost({
      ...dataHandlers,
      scan: () => new Promise((_, reject) => { refuse = reject }),
      cancel: () => { refuse(new AppError('request.cancelled', 'Cancelled.')); return {} }
    })
    const page = await mountWorkbench(host, '#/data')
    await page.get('form').trigger('submit')
    await flushPromises()
    host.progress('scan', 12, 280)
    await flushPromises()
    expect(page.text()).toContain('12 of 280')
    await button(page, en.data.cancel).trigger('click')
    await flushPromises()
    expect(page.find('progress').exists()).toBe(false)
    expect(page.find('[role=alert]').exists()).toBe(false)
    expect(page.findAll('figure').length).toBe(1)
    expect(button(page, en.data.use)).toBeUndefined()
    page.unmount()
  })

  it('says what is wrong with a folder that cannot be read', async () => {
    const host = fakeHost({ samples: () => { throw new AppError('data.unknown-layout', '/data/camvid: no layout was recognised.') } })
    const page = await mountWorkbench(host, '#/data')
    await page.findAll('input[type=radio]')[1].trigger('change')
    await page.get('.path select').setValue('/data/camvid')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(page.get('[role=alert]').text()).toContain('/data/camvid: no layout was recognised.')
    expect(asked(host, 'scan')).toEqual([])
    page.unmount()
  })
})

describe('New run', () => {
  it('forecasts while one types, once for many keys, and starts what is shown', async () => {
    const host = fakeHost({ startRun: () => ({ run: 'street one' }) })
    const page = await mountWorkbench(host, '#/new')
    expect(asked(host, 'forecast').length).toBe(1)
    expect(page.get('aside').text()).toContain('2 min')
    expect(page.get('aside').text()).toContain('the pace of a machine with two idle cores')
    vi.useFakeTimers()
    const latency = page.get('[id="first-search.targetLatencyMs"]')
    for (const text of ['1', '12', '12.5']) await latency.setValue(text)
    await vi.advanceTimersByTimeAsync(2000)
    vi.useRealTimers()
    await flushPromises()
    expect(asked(host, 'forecast').length).toBe(2)
    expect(asked(host, 'forecast')[1]).toMatchObject({ job: 'run', settings: { search: { targetLatencyMs: 12.5, lambda: 0.01 } } })
    expect(page.text()).toContain('12.5 ms are 80 images a second.')
    // The share has a place beside the target only where the target is one.
    expect(page.find('[id="first-search.targetLatencyShare"]').exists()).toBe(false)
    await latency.setValue('0')
    expect(page.find('[id="first-search.targetLatencyShare"]').exists()).toBe(true)
    expect(page.text()).not.toContain('images a second')
    await latency.setValue('12.5')
    await page.get('.first input').setValue('street one')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(asked(host, 'startRun')).toMatchObject([{ job: 'run', name: 'street one', settings: { search: { targetLatencyMs: 12.5 } } }])
    expect(route.value).toEqual({ page: 'search', run: 'street one' })
    page.unmount()
  })

  it('does not start and does not ask with settings that are wrong', async () => {
    const host = fakeHost()
    const page = await mountWorkbench(host, '#/new')
    vi.useFakeTimers()
    await page.get('[id="first-latency.height"]').setValue('100')
    await vi.advanceTimersByTimeAsync(2000)
    vi.useRealTimers()
    await flushPromises()
    expect(asked(host, 'forecast').length).toBe(1)
    expect(page.get('aside').text()).toContain(en.form.correctFirst)
    expect(button(page, en.form.start).attributes('disabled')).toBeDefined()
    await page.get('form').trigger('submit')
    expect(asked(host, 'startRun')).toEqual([])
    page.unmount()
  })

  it('shows what the host says against the settings or the start', async () => {
    const host = fakeHost({
      forecast: () => { throw new AppError('data.not-found', 'There is no folder /gone.') },
      startRun: () => { throw new AppError('run.exists', 'A run "x" exists already.') }
    })
    const page = await mountWorkbench(host, '#/new')
    expect(page.get('aside [role=alert]').text()).toContain('There is no folder /gone.')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(page.get('aside').text()).toContain('A run "x" exists already.')
    expect(route.value).toEqual({ page: 'new' })
    page.unmount()
  })

  it('refuses a name that can be no folder', async () => {
    const host = fakeHost()
    const page = await mountWorkbench(host, '#/new')
    for (const name of ['a/b', '..', 'x'.repeat(81), 'a:b']) {
      await page.get('.first input').setValue(name)
      expect([name, page.get('.first input').attributes('aria-invalid')]).toEqual([name, 'true'])
    }
    await page.get('.first input').setValue('测试 été 1')
    expect(page.get('.first input').attributes('aria-invalid')).toBeUndefined()
    page.unmount()
  })

  it('speaks Chinese, labels of settings included', async () => {
    useLocale().locale.value = 'zh'
    const page = await mountWorkbench(fakeHost(), '#/new')
    for (const words of [zh.form.device, '目标延迟', '裁剪高度', '超网预训练', zh.presetAbout.quick!]) expect(page.text()).toContain(words)
    page.unmount()
  })
})

describe('Runs', () => {
  const runs = [
    summary({ name: 'run-2', studentMeanIoU: 0.3, createdAt: '2026-01-02T00:00:00.000Z', measuredLatencyMs: null, predictedLatencyMs: 20 }),
    summary({ name: 'run-10', studentMeanIoU: 0.6, createdAt: '2026-01-03T00:00:00.000Z', live: 'running', progress: 'unfinished' }),
    summary({ name: 'broken', studentMeanIoU: null, progress: 'unreadable', createdAt: '', error: 'manifest.json is no JSON.', measuredLatencyMs: null, predictedLatencyMs: null })
  ]

  it('sorts by every column, runs without a value last both ways', () => {
    expect(sortRuns(runs, 'name', true).map(({ name }) => name)).toEqual(['broken', 'run-2', 'run-10'])
    expect(sortRuns(runs, 'studentMeanIoU', false).map(({ name }) => name)).toEqual(['run-10', 'run-2', 'broken'])
    expect(sortRuns(runs, 'studentMeanIoU', true).map(({ name }) => name)).toEqual(['run-2', 'run-10', 'broken'])
    expect(sortRuns(runs, 'latency', true).map(({ name }) => name)).toEqual(['run-10', 'run-2', 'broken'])
  })

  it('shows, sorts and filters them', async () => {
    const page = await mountWorkbench(fakeHost({ listRuns: () => runs }), '#/runs')
    const names = (): string[] => page.findAll('main tbody th').map((cell) => cell.text())
    expect(names()).toEqual(['run-10', 'run-2', 'broken'])
    await button(page, 'Name').trigger('click')
    expect(names()).toEqual(['broken', 'run-2', 'run-10'])
    expect(page.get('[aria-sort]').attributes('aria-sort')).toBe('ascending')
    await page.get('input[type=search]').setValue('RUNNING')
    expect(names()).toEqual(['run-10'])
    await page.get('input[type=search]').setValue('nothing like it')
    expect(page.text()).toContain(en.runs.nothingFound)
    await page.get('input[type=search]').setValue('')
    expect(page.text()).toContain('manifest.json is no JSON.')
    expect(page.text()).toContain('20 ms by the table')
    page.unmount()
  })

  it('compares two: results, curves of both, and the settings that differ', async () => {
    const { events, pictures: _pictures, thinned: _thinned, picturesLeftOut: _left, ...facts } = report
    const described = (changed: Partial<RunDescription>): RunDescription => ({ ...facts, job: 'run', progress: 'finished', live: null, plan: [], ...changed })
    const other = facts.settings.map((setting) => (setting.path === 'search.lambda' ? { ...setting, value: '0.5' } : setting))
    const host = fakeHost({
      listRuns: () => [summary({ name: 'first' }), summary({ name: 'second', studentMeanIoU: 0.44 })],
      describeRun: ({ run }: { run: string }) => described(run === 'first' ? { name: run } : { name: run, settings: other })
    })
    const page = await mountWorkbench(host, '#/runs')
    expect(button(page, en.runs.compare).attributes('disabled')).toBeDefined()
    for (const name of ['first', 'second']) await page.get(`input[aria-label="${en.runs.choose(name)}"]`).trigger('change')
    await button(page, en.runs.compare).trigger('click')
    await flushPromises()
    expect(asked(host, 'watchRun').map(({ run }) => run).sort()).toEqual(['first', 'second'])
    for (const run of ['first', 'second']) host.say({ news: 'journal', run, entries: events })
    await flushPromises()
    expect(page.text()).toContain('51.2%')
    expect(page.text()).toContain('44.0%')
    const charts = page.findAllComponents({ name: 'VChart' }).map((chart) => chart.props('option') as { series: { name: string; data: unknown[] }[] })
    const lines = charts[0].series.filter(({ data }) => data.length > 0)
    expect(new Set(lines.map(({ name }) => name.split(':')[0]))).toEqual(new Set(['first', 'second']))
    const rows = page.findAll('tbody tr').map((row) => row.text()).filter((row) => row.includes('search.lambda'))
    expect(rows.length).toBe(1)
    expect(rows[0]).toContain('0.5')
    expect(page.text()).toContain(en.compare.equal(facts.settings.length - 1))
    await button(page, en.compare.back).trigger('click')
    expect(page.findAll('input[type=checkbox]:checked').length).toBe(2)
    page.unmount()
  })
})
