/** Every request of the contract with a good and a bad input. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requestNames, type RequestName } from '../../../../src/shared/clientProtocol.js'
import { settingsSchema } from '../../../../src/shared/config/settings.js'
import type { WorkerCommand } from '../../../../src/shared/protocol.js'
import { RunFolder } from '../../../../src/storage/runFolder.js'
import { writeSyntheticRun } from '../../engine/report/syntheticRun.js'
import { goodWorker } from '../../headless/workers.js'
import type { FakeWorker } from '../fakeEngine.js'
import { refusalOf, temporaryFolder, testDesk, until, type TestPage } from './testDesk.js'
import { tiny } from './tinySettings.js'

describe('describe and forecast', () => {
  it('say who answers and what a run would do, before anything is started', async () => {
    const { page, workspace, engine } = testDesk(undefined, { command: 'node bin/cellscope.js' })
    const asker = page()
    expect(await asker.ask('describe', {})).toMatchObject({ shell: 'desktop', workspace, datasets: [], command: 'node bin/cellscope.js' })
    const made = await asker.ask('forecast', { job: 'run', settings: tiny })
    expect(made.stages.map(({ stage }) => stage)).toContain('train-student')
    expect(made.minutes).toBeCloseTo(made.stages.reduce((sum, { minutes }) => sum + minutes, 0))
    expect(made.memoryBytes).toBeGreaterThan(1e8)
    expect(made.settings.space.layers).toBe(4)
    expect(made.command).toMatch(/^node bin\/cellscope\.js run --data\.height 64 /)
    expect(engine.workers).toEqual([])
  })

  it('a wrong setting is named, with what was expected', async () => {
    const asker = testDesk().page()
    const error = await refusalOf(asker.ask('forecast', { job: 'run', settings: { search: { lamda: 1 } } }))
    expect(error).toMatchObject({ code: 'settings.unknown-key', kind: 'user' })
    expect(error.hint).toContain('search.lambda')
    const range = await refusalOf(asker.ask('scan', { data: { ...settingsSchema.parse({}).data, cropHeight: 33 }, seed: 1 }))
    expect(range).toMatchObject({ code: 'settings.invalid-value' })
    expect(range.message).toMatch(/^The settings: data\.cropHeight must be .*, but is 33\.$/)
  })
})

describe('a run from start to end', () => {
  it('is started, listed, described; its journal and its table can be read', async () => {
    const { page, workspace } = testDesk(goodWorker)
    const asker = page()
    expect(await asker.ask('listRuns', {})).toEqual([])
    const { run } = await asker.ask('startRun', { job: 'run', name: null, settings: tiny })
    expect(run).toBe('run')
    await until('the end', () => asker.news.some((news) => news.news === 'state' && news.over === 'finished'))
    expect(await asker.ask('listRuns', {})).toMatchObject([
      { name: 'run', job: 'run', progress: 'finished', live: null, studentMeanIoU: 0.5, teacherMeanIoU: 0.61, measuredLatencyMs: 1.6, predictedLatencyMs: 1.5, error: '' }
    ])
    const described = await asker.ask('describeRun', { run })
    expect(described).toMatchObject({ name: 'run', job: 'run', progress: 'finished', live: null, latencyTable: null })
    expect(described.plan.map(({ stage }) => stage)).toEqual([
      'latency', 'pretrain', 'search', 'derive', 'train-teacher', 'train-student', 'evaluate', 'export', 'report'
    ])
    expect(described.plan.find(({ stage }) => stage === 'search')).toEqual({ stage: 'search', variant: 'decoupled', steps: 4 })
    expect(described).not.toHaveProperty('events')
    expect(await asker.ask('readLatencyTable', { run })).toBeNull()
    expect(existsSync(join(workspace, 'runs', 'run', 'outputs', 'forecast.json'))).toBe(true)
    expect(asker.news.some((news) => news.news === 'notice' && news.text.startsWith('It took '))).toBe(true)
  })

  it('a name is taken or refused in words', async () => {
    const asker = testDesk(goodWorker).page()
    expect(await asker.ask('startRun', { job: 'search', name: '夜 1', settings: tiny })).toEqual({ run: '夜 1' })
    await until('the end', () => asker.news.some((news) => news.news === 'state' && news.over !== null))
    expect(await refusalOf(asker.ask('startRun', { job: 'search', name: '夜 1', settings: tiny }))).toMatchObject({ code: 'run.exists' })
    expect(await refusalOf(asker.ask('startRun', { job: 'search', name: '../x', settings: tiny }))).toMatchObject({ code: 'settings.invalid-value' })
    expect(await refusalOf(asker.ask('resumeRun', { run: '夜 1' }))).toMatchObject({ code: 'run.finished' })
    for (const name of ['describeRun', 'listPictures', 'readLatencyTable', 'resumeRun'] as const) {
      expect(await refusalOf(asker.ask(name, { run: 'nobody' }))).toMatchObject({ code: 'run.not-found' })
    }
    expect(await refusalOf(asker.ask('watchRun', { run: 'nobody', fromSequence: 1 }))).toMatchObject({ code: 'run.not-found' })
  })
})

describe('what a run left', () => {
  function withSyntheticRun(): { asker: TestPage; folder: string } {
    const { page, workspace } = testDesk()
    const folder = writeSyntheticRun({ folder: join(workspace, 'runs', 'synthetic') })
    return { asker: page(), folder }
  }

  it('its pictures come worst student first, without bytes, and one by one with them', async () => {
    const { asker, folder } = withSyntheticRun()
    const { classes, pictures } = await asker.ask('listPictures', { run: 'synthetic' })
    expect(classes.map(({ name }) => name)).toContain('pole')
    expect(pictures.map(({ id, studentMeanIoU }) => [id, studentMeanIoU])).toEqual([['val/scene-0', null], ['val/scene-1', null], ['val/scene-2', null]])
    const images = [{ id: 'val/scene-2', meanIoU: 0.2, pixelAccuracy: 1 }, { id: 'val/scene-0', meanIoU: 0.4, pixelAccuracy: 1 }]
    mkdirSync(join(folder, 'outputs', 'networks', 'student'), { recursive: true })
    writeFileSync(join(folder, 'outputs', 'networks', 'student', 'evaluation.json'), JSON.stringify({ images }))
    const sorted = await asker.ask('listPictures', { run: 'synthetic' })
    expect(sorted.pictures.map(({ id }) => id)).toEqual(['val/scene-2', 'val/scene-0', 'val/scene-1'])
    expect(sorted.pictures[0].kinds).toEqual(['image', 'truth', 'teacher', 'student', 'error'])
    const picture = await asker.ask('readPicture', { run: 'synthetic', id: 'val/scene-2' })
    expect(Object.keys(picture.sources)).toEqual(['image', 'truth', 'teacher', 'student', 'error'])
    expect(picture.sources.truth).toMatch(/^data:image\/png;base64,iVBORw0KGgo/)
    expect(await refusalOf(asker.ask('readPicture', { run: 'synthetic', id: '../../manifest.json' }))).toMatchObject({ code: 'file.not-found' })
  })

  it('a list of pictures that leads out of its folder is refused', async () => {
    const { asker, folder } = withSyntheticRun()
    const file = join(folder, 'outputs', 'overlays', 'overlays.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"image": "[^"]+"/, '"image": "../../manifest.json"'))
    expect(await refusalOf(asker.ask('readPicture', { run: 'synthetic', id: 'val/scene-0' }))).toMatchObject({ code: 'file.format' })
  })

  it('a run that cannot be read hides no other, and its description is refused', async () => {
    const { asker, folder } = withSyntheticRun()
    mkdirSync(join(folder, '..', 'broken'))
    writeFileSync(join(folder, '..', 'broken', 'manifest.json'), '{')
    const runs = await asker.ask('listRuns', {})
    expect(runs.map(({ name, progress }) => [name, progress])).toEqual([['broken', 'unreadable'], ['synthetic', 'unfinished']])
    expect(runs[0].error).toContain('expected JSON')
    expect(await refusalOf(asker.ask('describeRun', { run: 'broken' }))).toMatchObject({ code: 'file.format' })
  })
})

/** A worker that does a job: its input comes back in `seen`. */
function jobWorker(value: unknown, seen: (WorkerCommand & { command: 'job' })[] = []): (worker: FakeWorker, command: WorkerCommand) => void {
  return (worker, command) => {
    if (command.command !== 'job') return
    seen.push(command)
    const { out } = command.input as { out?: string }
    if (out !== undefined) writeFileSync(out, 'exported')
    worker.say({ message: 'progress', task: 'Working', done: 1, total: 2, remainingSeconds: 3 })
    worker.say({ message: 'result', value })
    worker.say({ message: 'finished' })
    worker.exit({ code: 0 })
  }
}

const split = { images: 1, pixels: [5], imagesWithClass: [1], ignoredPixels: 0 }
const scanned = {
  layout: 'streets', classes: ['road'], train: split, val: split, suggestedWeights: [1], sizes: [], problems: [], notes: [], digest: 'x', text: 'long'
}
const data = settingsSchema.parse({}).data

describe('jobs of the engine', () => {
  it('a scan answers with what was found, its progress goes to the page that asked', async () => {
    const { page } = testDesk(jobWorker(scanned))
    const [asker, other] = [page(), page()]
    const answer = await asker.ask('scan', { data, seed: 1 })
    expect(answer).toMatchObject({ layout: 'streets', classes: ['road'], train: { images: 1, pixels: [5] } })
    expect(answer).not.toHaveProperty('digest')
    expect(asker.news).toEqual([{ news: 'progress', request: 1, task: 'Working', done: 1, total: 2, remainingSeconds: 3 }])
    expect(other.news).toEqual([])
  })

  it('an answer of the engine that is none is refused', async () => {
    const asker = testDesk(jobWorker({ ...scanned, train: null })).page()
    expect(await refusalOf(asker.ask('scan', { data, seed: 1 }))).toMatchObject({ code: 'protocol.invalid', message: expect.stringContaining('train') })
    const drawer = testDesk(jobWorker({ classes: [], samples: [{ id: 'a', height: 1, width: 1, image: 'javascript:alert(1)' }] })).page()
    expect(await refusalOf(drawer.ask('samples', { data, seed: 1, count: 1 }))).toMatchObject({ code: 'protocol.invalid' })
  })

  it('a comparison of operators is asked of the engine, and nothing but its numbers comes back', async () => {
    const input = { map: { height: 8, width: 16, channels: 4 }, threads: 1, rounds: 3 }
    const operator = { operator: 'conv', parameters: 1, multiplyAdds: 2, receptiveField: { height: 3, width: 3 }, medianMs: 1.5, deviationMs: 0.1, count: 3 }
    const compared = {
      map: input.map, machine: { cpu: 'a cpu', cores: 2, memoryBytes: 1, platform: 'linux-x64' }, runtime: { name: 'onnxruntime', version: '1.2.3', threads: 1 },
      rounds: 3, measuredAt: '2026-03-01T10:00:00.000Z', operators: [operator]
    }
    const seen: (WorkerCommand & { command: 'job' })[] = []
    const asker = testDesk(jobWorker({ ...compared, more: 1 }, seen)).page()
    expect(await asker.ask('compareOperators', input)).toEqual(compared)
    expect(seen[0]).toMatchObject({ job: 'operators', input })
    const liar = testDesk(jobWorker({ ...compared, operators: [{ ...operator, medianMs: -1 }] })).page()
    expect(await refusalOf(liar.ask('compareOperators', input))).toMatchObject({ code: 'protocol.invalid', message: expect.stringContaining('medianMs') })
  })

  it('a worker that dies is said in words', async () => {
    const asker = testDesk((worker) => worker.exit({ signal: 'SIGSEGV' })).page()
    expect(await refusalOf(asker.ask('scan', { data, seed: 1 }))).toMatchObject({ code: 'engine.crashed', kind: 'fault' })
  })

  it('a cancelled one is stopped, one that does not heed is killed by its page\'s leaving only in time, and the request says so', async () => {
    const { page, engine, desk } = testDesk((worker, command) => {
      if (command.command === 'stop') worker.exit({ code: 0 })
    })
    const asker = page()
    const request = asker.next()
    const answer = refusalOf(asker.ask('scan', { data, seed: 1 }))
    await until('a worker', () => engine.workers.length === 1)
    expect(desk.activity().jobs).toBe(1)
    await asker.ask('cancel', { request })
    expect(await answer).toMatchObject({ code: 'request.cancelled' })
    expect(engine.worker().commands.map(({ command }) => command)).toEqual(['job', 'stop'])
    expect(desk.activity().jobs).toBe(0)
  })

  it('two at a time; a third one waits, and can be cancelled while it waits', async () => {
    const { page, engine } = testDesk((worker, command) => {
      if (command.command === 'stop') worker.exit({ code: 0 })
    })
    const asker = page()
    const answers = [1, 2, 3, 4].map((seed) => refusalOf(asker.ask('scan', { data, seed })))
    await until('two workers', () => engine.workers.length === 2)
    await asker.ask('cancel', { request: 3 })
    expect(await answers[2]).toMatchObject({ code: 'request.cancelled' })
    await asker.ask('cancel', { request: 1 })
    await until('the fourth', () => engine.workers.length === 3)
    expect(engine.worker().commands[0]).toMatchObject({ input: { seed: 4 } })
    await asker.ask('cancel', { request: 2 })
    await asker.ask('cancel', { request: 4 })
    await Promise.all(answers)
  })

  it('a page that goes away ends its scans', async () => {
    const { page, engine } = testDesk()
    const asker = page()
    void asker.ask('scan', { data, seed: 1 })
    await until('a worker', () => engine.workers.length === 1)
    asker.transport.close()
    await until('the stop', () => engine.worker().commands.some(({ command }) => command === 'stop'))
  })
})

describe('exports', () => {
  const exported = { text: 'Written', largestDifference: 1e-6, argmaxAgreement: 1 }

  function withRun(
    shell: 'desktop' | 'browser', seen: (WorkerCommand & { command: 'job' })[] = [], chosen: string | null = null
  ): { asker: TestPage; folder: string } {
    const dialogs = { chooseFolder: () => Promise.resolve(null), chooseDestination: () => Promise.resolve(chosen), reveal: () => undefined }
    const { page, workspace } = testDesk(jobWorker(exported, seen), { shell, dialogs })
    return { asker: page(), folder: writeSyntheticRun({ folder: join(workspace, 'runs', 'a b') }) }
  }

  it('go into the run\'s own folder under a fresh name, and a browser gets an address', async () => {
    const seen: (WorkerCommand & { command: 'job' })[] = []
    const { asker, folder } = withRun('browser', seen)
    const answer = await asker.ask('exportModel', { run: 'a b', network: 'student', format: 'onnx', out: null })
    const path = join(folder, 'exports', 'student.onnx')
    expect(answer).toEqual({ path, files: [{ name: 'student.onnx', bytes: 8 }], ...exported, download: '/download/a%20b/student.onnx' })
    expect(seen[0]).toMatchObject({ job: 'export', input: { model: folder, network: 'student', weights: { kind: 'trained' }, format: 'onnx', compare: true, out: path } })
    const second = await asker.ask('exportModel', { run: 'a b', network: 'student', format: 'onnx', out: null })
    expect(second.download).toBe('/download/a%20b/student-2.onnx')
  })

  it('go where the person on the desktop chose in a dialog, and nowhere else', async () => {
    const out = join(temporaryFolder(), 'mine.onnx')
    const { asker } = withRun('desktop', [], out)
    const input = { run: 'a b', network: 'teacher', format: 'onnx' } as const
    expect(await refusalOf(asker.ask('exportModel', { ...input, out }))).toMatchObject({ code: 'request.refused' })
    await asker.ask('chooseDestination', { suggestedName: 'mine.onnx' })
    expect(await asker.ask('exportModel', { ...input, out })).toMatchObject({ path: out, download: null })
    expect(await refusalOf(asker.ask('exportModel', { ...input, out: `${out}.js` }))).toMatchObject({ code: 'request.refused' })
  })

  it('the report is one file and compares nothing', async () => {
    const seen: (WorkerCommand & { command: 'job' })[] = []
    const { asker, folder } = withRun('browser', seen)
    const answer = await asker.ask('exportModel', { run: 'a b', network: 'student', format: 'report', out: null })
    expect(answer).toMatchObject({ path: join(folder, 'exports', 'report.html'), largestDifference: null, argmaxAgreement: null })
    expect(seen[0]).toMatchObject({ job: 'report', input: { run: folder } })
  })
})

describe('the doors of the desk', () => {
  const wrong: Record<RequestName, unknown> = {
    describe: { more: 1 }, listRuns: 3, forecast: { job: 'dance', settings: {} }, startRun: { job: 'run' }, resumeRun: { run: '' }, pauseRun: {},
    continueRun: null, stopRun: [], describeRun: { run: 5 }, watchRun: { run: 'a', fromSequence: 0 }, unwatchRun: { run: 'x'.repeat(81) },
    listPictures: { run: {} }, readLatencyTable: undefined, readPicture: { run: 'a' }, scan: { data: 1, seed: 1 }, samples: { data, seed: 1, count: 25 },
    compareOperators: { map: { height: 8, width: 8, channels: 3 }, threads: 1, rounds: 3 }, exportModel: { run: 'a', network: 'nobody', format: 'onnx', out: null }, chooseFolder: 'x', chooseDestination: { suggestedName: '' }, reveal: {},
    cancel: { request: -1 }, setLanguage: { language: 'fr' }
  }

  it.each(requestNames)('%s refuses an input of the wrong shape', async (name) => {
    const { page, engine } = testDesk()
    const error = await refusalOf(page().ask(name, wrong[name] as never))
    expect(['protocol.invalid', 'settings.invalid-value']).toContain(error.code)
    expect(engine.workers).toEqual([])
  })

  it.each([['nothing', null], ['a word', 'hello'], ['no number', { name: 'describe', input: {} }], ['a number that is none', { request: 1.5, name: 'describe', input: {} }]])('%s closes the line', async (_, message) => {
    const { page } = testDesk()
    const asker = page()
    asker.transport.send(message as never)
    await until('the line is closed', asker.closed)
  })

  it.each(['format', 'constructor', '__proto__'])('there is no request "%s"', async (name) => {
    expect(await refusalOf(testDesk().page().ask(name as 'describe', {}))).toMatchObject({ code: 'protocol.invalid', message: `There is no request "${name}".` })
  })

  it('an error of ours keeps its words to itself', async () => {
    const { page, logged } = testDesk(undefined, { dialogs: { chooseFolder: () => Promise.reject(new Error('/secret/place')), chooseDestination: () => Promise.resolve(null), reveal: () => undefined } })
    const asker = page()
    const error = await refusalOf(asker.ask('chooseFolder', {}))
    expect(error).toMatchObject({ code: 'internal', kind: 'bug' })
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(logged.join()).toContain('/secret/place')
    expect(await asker.ask('chooseDestination', { suggestedName: 'a.onnx' })).toEqual({ path: null })
  })

  it('more than 64 requests at once are refused; once some are cancelled, others are answered again', async () => {
    const { page } = testDesk((worker, command) => {
      if (command.command === 'stop') worker.exit({ code: 0 })
    })
    const asker = page()
    const answers = Array.from({ length: 64 }, (_, seed) => refusalOf(asker.ask('scan', { data, seed })))
    expect(await refusalOf(asker.ask('describe', {}))).toMatchObject({ code: 'request.refused' })
    for (let request = 1; request <= 64; request++) await asker.ask('cancel', { request })
    expect(new Set((await Promise.all(answers)).map(({ code }) => code))).toEqual(new Set(['request.cancelled']))
    expect(await asker.ask('describe', {})).toMatchObject({ shell: 'desktop' })
  })
})

describe('opening a run again', () => {
  it('changes nothing in its folder', async () => {
    const { page, workspace } = testDesk()
    const folder = writeSyntheticRun({ folder: join(workspace, 'runs', 'old') })
    const before = readFileSync(join(folder, 'manifest.json'), 'utf8')
    const asker = page()
    await asker.ask('describeRun', { run: 'old' })
    await asker.ask('watchRun', { run: 'old', fromSequence: 1 })
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(before)
    expect(RunFolder.open(folder).manifest.name).toBe('synthetic')
  })
})
