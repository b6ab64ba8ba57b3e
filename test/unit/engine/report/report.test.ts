import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine, settingValues } from '../../../../src/shared/config/commandLine.js'
import { reportData } from '../../../../src/engine/report/reportData.js'
import { thinEvents } from '../../../../src/engine/report/thinEvents.js'
import { reportPage } from '../../../../src/engine/report/writeReport.js'
import { parseSettings } from '../../../../src/shared/config/parseSettings.js'
import { settingsSchema } from '../../../../src/shared/config/settings.js'
import type { JournalEntry } from '../../../../src/shared/events.js'
import { writeSyntheticRun } from './syntheticRun.js'

let root: string
let folder: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'report-'))
  folder = writeSyntheticRun({ folder: join(root, '运行 é') })
})
afterAll(() => rmSync(root, { recursive: true }))

const template = '<html><head></head><body><script id="report-data" type="application/json">REPORT-DATA</script></body></html>'

describe('report data', () => {
  it('holds the run: journal, classes, pictures, settings, fingerprint', () => {
    const data = reportData(folder)
    expect(data.name).toBe('synthetic')
    expect(data.space).toEqual({ layers: 6, baseWidth: 4, widths: [4, 8, 12], studentStemWidth: 8, classes: 9 })
    expect(data.classes.map(({ name }) => name)).toContain('pole')
    expect(data.pictures.map(({ id }) => id)).toEqual(['val/scene-0', 'val/scene-1', 'val/scene-2'])
    const bytes = Buffer.from(data.pictures[0].sources.student?.split(',')[1] ?? '', 'base64')
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    expect(data.events.filter(({ type }) => type === 'architecture').length).toBe(2 * 60)
    expect(data.thinned).toEqual([])
    expect(data.fingerprint?.tensorflow).toBe('2.21.0')
    expect(data.settings.find(({ path }) => path === 'space.layers')).toMatchObject({ value: '6', changed: true })
    expect(data.settings.find(({ path }) => path === 'search.lambda')).toMatchObject({ value: '0.01', changed: false })
  })

  it('can be made of a run that has only begun', () => {
    const young = writeSyntheticRun({ folder: join(root, 'young'), variants: [], finished: false, pictures: 0 })
    rmSync(join(young, 'journal.ndjson'))
    writeFileSync(join(young, 'journal.ndjson'), '')
    const data = reportData(young)
    expect(data.events).toEqual([])
    expect(data.pictures).toEqual([])
  })

  it('leaves out pictures that do not fit', async () => {
    const { reportPictures } = await import('../../../../src/engine/report/reportPictures.js')
    const all = reportPictures(join(folder, 'outputs', 'overlays'))
    const size = Object.values(all.pictures[0].sources).join('').length
    expect(reportPictures(join(folder, 'outputs', 'overlays'), size + 1)).toMatchObject({ leftOut: 2, pictures: [{ id: 'val/scene-0' }] })
  })
})

describe('the command of a run', () => {
  it('gives the same settings when it is read again', () => {
    const settings = settingsSchema.parse({
      seed: 3, data: { source: '/tmp/it\'s mine', scales: [0.5, 2], flip: false }, space: { branchPairs: ['16,32', '8,16'], widths: [4, 12] }, search: { lambda: 0.5 }
    })
    const line = commandLine('run', 'a b', settings)
    expect(line).toBe('cellscope run --name \'a b\' --seed 3 --data.source \'/tmp/it\'\\\'\'s mine\' --data.scales 0.5,2 --data.flip false '
      + '--space.widths 4,12 --space.branchPairs \'16,32;8,16\' --search.lambda 0.5')
    expect(settingValues(settings).filter(({ changed }) => changed).length).toBe(7)
    expect(parseSettings).toBeTypeOf('function')
  })
})

describe('thinning', () => {
  const step = (sequence: number, stage: 'search' | 'pretrain'): JournalEntry => ({ type: 'step', stage, step: sequence, loss: 1, learningRate: 1, sequence })

  it('keeps short series whole, and of long ones evenly spaced entries with first and last', () => {
    const entries = [...Array.from({ length: 100 }, (_, index) => step(index + 1, 'search')), ...Array.from({ length: 5 }, (_, index) => step(index + 101, 'pretrain'))]
    const { events, thinned } = thinEvents(entries, { step: 10 })
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 12, 23, 34, 45, 56, 67, 78, 89, 100, 101, 102, 103, 104, 105])
    expect(thinned).toEqual([{ kind: 'step search', kept: 10, of: 100 }])
  })
})

describe('the page', () => {
  it('holds data that no text of the run can break out of', () => {
    const data = reportData(folder)
    const page = reportPage(template, data)
    expect(page.match(/<\/script>/g)?.length).toBe(1)
    expect(page).not.toContain('<!--')
    const json = /type="application\/json">(.*)<\/script>/s.exec(page)?.[1] ?? ''
    expect(JSON.parse(json)).toEqual(data)
  })

  it('is refused where the template has no place for it', () => {
    expect(() => reportPage('<html></html>', reportData(folder))).toThrow('expected one')
  })

  it('is written into the outputs of the run', async () => {
    const { writeReport } = await import('../../../../src/engine/report/writeReport.js')
    if (!existsSync('out/report/report.html')) {
      mkdirSync('out/report', { recursive: true })
      writeFileSync('out/report/report.html', template)
    }
    const path = writeReport(folder)
    expect(path).toBe(join(folder, 'outputs', 'report.html'))
    expect(readFileSync(path, 'utf8')).toContain('"name":"synthetic"')
  })
})
