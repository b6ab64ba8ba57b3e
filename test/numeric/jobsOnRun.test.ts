/** The single jobs on a run that was really made: searched, trained, exported, once for all tests here. */
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runJob } from '../../src/engine/job.js'
import { jobs } from '../../src/engine/jobs.js'
import { openRunContext } from '../../src/engine/openRunContext.js'
import { runPipeline } from '../../src/engine/pipeline.js'
import { parseSettings } from '../../src/shared/config/parseSettings.js'
import { AppError } from '../../src/shared/errors.js'
import type { JournalEntry, Scores } from '../../src/shared/events.js'
import type { Fingerprint } from '../../src/shared/protocol.js'
import { readJournal } from '../../src/storage/readJournal.js'
import { RunFolder } from '../../src/storage/runFolder.js'
import { readSafetensors, type StoredTensor } from '../../src/storage/safetensors.js'
import { smallSettings, smallTable } from '../faults/smallRun.js'

const fingerprint: Fingerprint = { cellscope: '0', tensorflow: '2', threads: 2, oneDnn: true, cpu: 'x', device: 'cpu' }

let folder = ''
let run: RunFolder
let journal: JournalEntry[] = []
const at = (...parts: string[]): string => join(folder, ...parts)
const exported = (...parts: string[]): string => join(run.outputsPath, 'export', 'student', ...parts)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jobs on run '))
  writeFileSync(at('table.json'), JSON.stringify(smallTable))
  const settings = parseSettings(smallSettings(at('table.json')), 'test')
  run = RunFolder.create(at('small'), { name: 'small', job: 'run', settings })
  const port = { send: () => undefined, onCommand: () => undefined, onClose: () => undefined, drained: () => Promise.resolve() }
  const command = { command: 'run', runFolder: run.path, acceptInexact: false } as const
  const opened = await openRunContext({ command, fingerprint, port, showLife: () => undefined })
  expect(await runPipeline(opened.context)).toBe('finished')
  await opened.close()
  journal = readJournal(run.journalPath).entries
}, 240_000 * Number(process.env['CELLSCOPE_PATIENCE'] ?? 1))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function job(name: string, input: Record<string, unknown>, stopRequested = (): boolean => false): Promise<unknown> {
  return runJob(jobs, name, input, { progress: () => undefined, stopRequested })
}

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

describe('evaluate', () => {
  const input = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
    model: run.path, network: 'student', data: run.manifest.settings.data, seed: 1, split: 'val', out: null, ...change
  })
  const scoresOf = (network: string): Scores | undefined =>
    journal.flatMap((entry) => (entry.type === 'evaluated' && entry.network === network && entry.split === 'val' ? [entry.scores] : []))[0]

  it.each(['student', 'teacher'])('of a run: the %s has the scores that the run gave it', async (network) => {
    const { scores } = (await job('evaluate', input({ network }))) as { scores: Scores }
    expect(scores).toEqual(scoresOf(network))
  })

  it('of the exported folder: the same scores, metrics and pictures written', async () => {
    const out = at('deep', 'evaluated')
    const { scores, text } = (await job('evaluate', input({ model: exported(), out }))) as { scores: Scores; text: string }
    expect(scores).toEqual(scoresOf('student'))
    expect(text).toContain('IoU over 2 val images of')
    expect(text).toMatch(/ {2}traffic sign +\d\.\d{3}\n/)
    const metrics = JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8')) as { scores: Scores; images: unknown[] }
    expect(metrics.scores).toEqual(scores)
    expect(metrics.images).toHaveLength(2)
    const overlays = JSON.parse(readFileSync(join(out, 'overlays', 'overlays.json'), 'utf8')) as { pictures: { files: { sheet: string } }[] }
    expect(overlays.pictures).toHaveLength(2)
    expect(existsSync(join(out, 'overlays', overlays.pictures[0].files.sheet))).toBe(true)
  })

  it('stops between two images, and then there is nothing', async () => {
    let asked = 0
    expect(await job('evaluate', input({ out: at('stopped') }), () => ++asked > 1)).toBeNull()
    expect(existsSync(at('stopped'))).toBe(false)
  })

  it('refuses a network that the run does not have, and says which it has', async () => {
    const { message, hint } = await refusal(job('evaluate', input({ network: 'plain' })))
    expect(message).toContain('has no network "plain"')
    expect(hint).toContain('student and teacher')
  })

  it('refuses as many classes of other names', async () => {
    cpSync(exported(), at('renamed'), { recursive: true })
    const classes = readFileSync(at('renamed', 'classes.json'), 'utf8')
    writeFileSync(at('renamed', 'classes.json'), classes.replace('"wall"', '"tunnel"'))
    expect((await refusal(job('evaluate', input({ model: at('renamed') })))).message).toContain('Class 3 of student is "tunnel", and of')
  })

  it('refuses the weights of another architecture, and a folder without one', async () => {
    cpSync(exported(), at('mixed'), { recursive: true })
    cpSync(join(run.outputsPath, 'networks', 'teacher', 'last.safetensors'), at('mixed', 'weights.safetensors'))
    const { code, message } = await refusal(job('evaluate', input({ model: at('mixed') })))
    expect(code).toBe('file.format')
    expect(message).toMatch(/weights\.safetensors: expected [\w.]+ of shape \[[\d, ]+\] as in architecture\.json, found/)
    rmSync(at('mixed', 'architecture.json'))
    expect((await refusal(job('evaluate', input({ model: at('mixed') })))).code).toBe('file.not-found')
  })
})

describe('export of trained weights', () => {
  const input = (change: Record<string, unknown>): Record<string, unknown> => ({
    model: run.path, network: 'student', weights: { kind: 'trained' }, height: 64, width: 64, ...change
  })
  const tensors = (file: string): [string, StoredTensor][] => [...readSafetensors(file).tensors].sort(([a], [b]) => (a < b ? -1 : 1))

  it('writes the folder that the run wrote, and is not in the way of itself', async () => {
    const out = at('again')
    for (let time = 0; time < 2; time++) {
      const { text } = (await job('export', input({ format: 'folder', out }))) as { text: string }
      expect(text).toMatch(/^model\.onnx re-opened: largest difference .* same class at 100\.00 %$/m)
      for (const file of ['model.onnx', 'tfjs/model.json', 'tfjs/weights.bin', 'weights.safetensors', 'classes.json', 'normalisation.json']) {
        expect([file, readFileSync(join(out, file)).equals(readFileSync(exported(file)))]).toEqual([file, true])
      }
    }
  })

  it.each([['onnx', 'model.onnx'], ['tfjs', 'tfjs/model.json']])('%s alone is compared with the network too, and is the file of the folder', async (format, file) => {
    const out = at(`compared-${format}`)
    const answer = (await job('export', input({ format, compare: true, out }))) as { largestDifference: number; argmaxAgreement: number; text: string }
    const told = journal.flatMap((entry) => (entry.type === 'exported' && entry.path === file ? [entry] : []))[0]
    expect(answer).toMatchObject({ largestDifference: told.largestDifference, argmaxAgreement: told.argmaxAgreement })
    expect(answer.text).toContain(`${file} re-opened: largest difference`)
    const written = format === 'onnx' ? out : join(out, 'model.json')
    expect(readFileSync(written).equals(readFileSync(exported(file)))).toBe(true)
    expect(readdirSync(folder).filter((name) => name.startsWith('.new-'))).toEqual([])
  })

  it('is not compared where the images are gone, and says so', async () => {
    cpSync(run.path, at('moved'), { recursive: true })
    const manifest = join(at('moved'), 'manifest.json')
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"source": "streets"', '"source": "/no/such/images"'))
    const answer = (await job('export', input({ model: at('moved'), format: 'onnx', compare: true, out: at('alone.onnx') }))) as { text: string }
    expect(answer).not.toHaveProperty('largestDifference')
    expect(answer.text).toBe(`It was not compared: the images of its run could not be read.\nWritten: ${at('alone.onnx')}`)
    expect(existsSync(at('alone.onnx'))).toBe(true)
  })

  it('leaves a folder alone that is no export', async () => {
    expect((await refusal(job('export', input({ format: 'folder', out: run.path })))).code).toBe('file.exists')
    expect(existsSync(run.journalPath)).toBe(true)
  })

  it('writes weights and graph model by themselves, of a run and of an exported folder', async () => {
    for (const model of [run.path, exported()]) {
      await job('export', input({ model, format: 'safetensors', out: at('w.safetensors') }))
      expect(tensors(at('w.safetensors'))).toEqual(tensors(exported('weights.safetensors')))
      await job('export', input({ model, format: 'tfjs', out: at('graph') }))
      expect(readFileSync(at('graph', 'weights.bin')).equals(readFileSync(exported('tfjs', 'weights.bin')))).toBe(true)
    }
  })
})

describe('derive', () => {
  it('gives at the last step what the run derived', async () => {
    for (const network of ['teacher', 'student']) {
      const out = at('derived', `${network}.json`)
      await job('derive', { run: run.path, variant: '', step: null, network, out })
      expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(run.outputsPath, 'networks', network, 'architecture.json'), 'utf8'))
    }
  })

  it('names the steps that there are', async () => {
    const { hint } = await refusal(job('derive', { run: run.path, variant: '', step: 9, network: 'student', out: at('never.json') }))
    expect(hint).toContain('1, 2, 3, 4')
  })
})

it('report: one page with the run in it', async () => {
  await job('report', { run: run.path, out: at('pages', 'report.html') })
  const page = readFileSync(at('pages', 'report.html'), 'utf8')
  expect(page).toContain('"name":"small"')
  expect(page).toContain(run.manifest.datasetDigest)
})

it('time: refuses a table of another number of threads, and says the cure', async () => {
  const latency = { ...run.manifest.settings.latency, threads: 2 }
  const { code, hint } = await refusal(job('time', { architecture: exported('architecture.json'), table: at('table.json'), latency }))
  expect([code, hint]).toEqual(['latency.invalid-table', 'Add --latency.threads 1, or measure a table with 2 threads.'])
})

it('latency: says that the file is there before it measures', async () => {
  const { space, latency } = run.manifest.settings
  let told = 0
  const context = { progress: () => told++, stopRequested: () => false }
  const error = await refusal(runJob(jobs, 'latency', { space, latency, classes: 12, out: at('table.json') }, context))
  expect([error.code, told]).toEqual(['file.exists', 0])
})
