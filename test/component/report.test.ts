import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mount } from '@vue/test-utils'
import type { EChartsOption } from 'echarts'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { reportData } from '../../src/engine/report/reportData.js'
import { en } from '../../src/renderer/locales/en.js'
import { useLocale } from '../../src/renderer/locales/useLocale.js'
import { zh } from '../../src/renderer/locales/zh.js'
import ReportPage from '../../src/renderer/report/ReportPage.vue'
import type { ReportData } from '../../src/shared/report.js'
import { writeSyntheticRun } from '../unit/engine/report/syntheticRun.js'

// A whole page is much work for a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

vi.mock('vue-echarts', () => ({ default: { name: 'VChart', props: ['option'], template: '<i />' } }))

let root: string
let report: ReportData
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'report-page-'))
  report = reportData(writeSyntheticRun({ folder: join(root, 'run'), steps: 80 }))
})
afterAll(() => rmSync(root, { recursive: true }))
beforeEach(() => { useLocale().locale.value = 'en' })

const page = (changed: Partial<ReportData> = {}) => mount(ReportPage, { props: { report: { ...report, ...changed } } })

describe('the report page', () => {
  it('has every section of a whole run, and no warning', () => {
    const whole = page()
    expect(whole.findAll('section').map((section) => section.attributes('id'))).toEqual(['results', 'curves', 'lattice', 'networks', 'training', 'predictions', 'record'])
    expect(whole.findAll('.warning')).toEqual([])
  })

  it('shows what there is of a run that has only begun', () => {
    const young = page({ events: report.events.slice(0, 3), pictures: [], classes: [], fingerprint: null, datasetDigest: null })
    expect(young.findAll('section').map((section) => section.attributes('id'))).toEqual(['results', 'training', 'record'])
    expect(young.get('.warning').text()).toBe(en.unfinished)
    expect(page({ events: [], pictures: [] }).findAll('section').length).toBe(2)
  })

  it('says whether the found network beats the hand-made one, also when it does not', () => {
    expect(page().text()).toContain('The found network beats the hand-made one of the same latency: mIoU 56.0% against 51.0%.')
    const worse = report.events.map((event) => event.type === 'evaluated' && event.network === 'student' && event.split === 'val'
      ? { ...event, scores: { ...event.scores, meanIoU: 0.51 } } : event)
    expect(page({ events: worse }).text()).toContain('does not beat the hand-made one of the same latency: mIoU 51.0% against 51.0%')
  })

  it('lists the candidates of each round, the last first, with the steps that they were trained for', () => {
    const judged = (round: number, candidate: number, steps: number, objective: number) => ({
      type: 'candidate-judged', variant: 'decoupled', round, candidate, drawn: candidate > 1, ...(candidate === 1 ? { plain: true as const } : {}), pair: '8,32', steps,
      meanIoU: objective, latencyMs: 9, objective, chosen: candidate === 1, sequence: report.events.length + 1 + 10 * round + candidate
    }) as const
    const events = [...report.events, judged(0, 0, 120, 0.2), judged(0, 1, 97, 0.3), judged(0, 2, 131, 0.1), judged(1, 0, 300, 0.3), judged(1, 1, 300, 0.4)]
    const titles = page({ events }).findAll('#networks h3').map((title) => title.text()).filter((title) => title.includes('round'))
    expect(titles).toEqual([en.table.candidates(2, '300'), en.table.candidates(1, '97–131')])
    const rows = page({ events }).findAll('#networks table').map((table) => table.findAll('tbody th').map((name) => name.text()))
    expect(rows).toContainEqual([en.table.plain(1), en.table.likeliest, en.table.drawn(2)])
  })

  it('has a target only once it is known, where it is a share of a network', () => {
    expect(page({ target: { ...report.target, latencyMs: null } }).get('#record').text()).toContain('px, —')
  })

  it('draws lambda where the latency controller is on, also where it moved nothing', () => {
    const kept = { type: 'lambda-controlled', variant: 'joint', epoch: 1, step: 40, derivedMs: 9, targetMs: 9, change: 'kept', lambda: 0.01 } as const
    const charts = (events: ReportData['events']): number =>
      page({ events }).findAll('figcaption').filter((caption) => caption.attributes('title') === en.charts.lambdaHelp).length
    expect(charts(report.events)).toBe(0)
    expect(charts([...report.events, { ...kept, sequence: report.events.length + 1 }])).toBe(2)
  })

  it('shows a class that is never found as 0 and one that does not occur as a dash', () => {
    const rows = page().findAll('#results tr').map((entry) => entry.text())
    const row = (name: string) => rows.find((entry) => entry.startsWith(name)) ?? ''
    expect(row('pole')).toContain('0.0%')
    expect(row('sign')).not.toContain('%')
    expect(row('sign')).toContain('–')
  })

  it('keeps texts of the run as text', () => {
    const text = page()
    expect(text.text()).toContain('A note </script><script>document.title = "broken"</script><!-- that must stay text.')
    expect(text.find('script').exists()).toBe(false)
  })

  it('draws both searches on equal axes', () => {
    const options = page().findAllComponents({ name: 'VChart' }).map((chart) => (chart.props() as { option: EChartsOption }).option)
    const axes = options.map(({ yAxis }) => yAxis as { min?: number; max?: number })
    // After the plane and the pretraining loss, the charts of the two searches stand in pairs.
    for (let first = 2; first < 14; first += 2) {
      expect(axes[first].min).toBeTypeOf('number')
      expect([axes[first].min, axes[first].max]).toEqual([axes[first + 1].min, axes[first + 1].max])
    }
    options.forEach(({ tooltip }) => expect(tooltip).toMatchObject({ renderMode: 'richText' }))
  })

  it('speaks Chinese when asked, in the page\'s lang too', async () => {
    const whole = page()
    await whole.get('.languages button:last-child').trigger('click')
    await nextTick()
    expect(document.documentElement.lang).toBe('zh-CN')
    expect(whole.findAll('h2').map((title) => title.text())).toEqual(['结果', '搜索', '网格', '网络', '训练', '预测', '记录'])
  })

  it('shows only settings that were changed, until all are asked for', async () => {
    const whole = page()
    const rows = () => whole.findAll('#record table')[0].findAll('tr').length
    expect(rows()).toBe(report.settings.filter(({ changed }) => changed).length)
    await whole.get('#record input[type=checkbox]').setValue(false)
    expect(rows()).toBe(report.settings.length)
  })
})

describe('the languages', () => {
  /** Paths of all texts; a function stands for itself. */
  function paths(value: object, before = ''): string[] {
    return Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'object' && inner !== null ? paths(inner as object, `${before}${key}.`) : [`${before}${key}`]))
  }

  it('have the same texts', () => {
    expect(paths(zh).sort()).toEqual(paths(en).sort())
  })
})
