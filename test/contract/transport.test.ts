/** What every transport keeps, between a page and the desk: one suite over all of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Desk } from '../../src/host/desk/openDesk.js'
import type { ClientRequest } from '../../src/shared/clientProtocol.js'
import { settingsSchema } from '../../src/shared/config/settings.js'
import type { RunEvent } from '../../src/shared/events.js'
import type { WorkerCommand } from '../../src/shared/protocol.js'
import { Workspace } from '../../src/storage/workspace.js'
import type { FakeEngine, FakeWorker } from '../unit/host/fakeEngine.js'
import { journalOf, pageOn, refusalOf, testDesk, until, type TestPage } from '../unit/host/desk/testDesk.js'
import { tiny } from '../unit/host/desk/tinySettings.js'
import { lines, type PageEnd } from './lines.js'

const data = settingsSchema.parse({}).data
const step = (number: number): RunEvent => ({ type: 'step', stage: 'search', step: number, loss: 1 / number, learningRate: 0.1 })
const progress = (done: number) => ({ message: 'progress', task: 'Looking', done, total: 100, remainingSeconds: null }) as const

describe.each(lines)('$name', ({ open }) => {
  let desk: Desk
  let engine: FakeEngine
  let workspace: string
  let line: Awaited<ReturnType<typeof open>>
  let react: (worker: FakeWorker, command: WorkerCommand) => void
  const ends: PageEnd[] = []

  beforeEach(async () => {
    react = () => undefined
    const made = testDesk((worker, command) => react(worker, command), { shell: 'browser' })
    desk = made.desk
    engine = made.engine
    workspace = made.workspace
    line = await open(desk)
  })

  afterEach(async () => {
    for (const end of ends.splice(0)) end.close()
    await line.close()
  })

  async function openPage(): Promise<TestPage> {
    const end = await line.page()
    ends.push(end)
    return pageOn(end)
  }

  it('a request is answered', async () => {
    expect(await (await openPage()).ask('describe', {})).toMatchObject({ shell: 'browser', workspace })
  })

  it('many requests at once get each its own answer', async () => {
    const page = await openPage()
    const layers = Array.from({ length: 30 }, (_, index) => index + 3)
    const answers = await Promise.all(layers.map((count) => page.ask('forecast', { job: 'search', settings: { space: { layers: count } } })))
    expect(answers.map(({ settings }) => settings.space.layers)).toEqual(layers)
  })

  it('an error comes whole: code, kind, sentence, hint', async () => {
    const error = await refusalOf((await openPage()).ask('describeRun', { run: 'nobody' }))
    expect(error).toEqual({ code: 'run.not-found', kind: 'user', message: 'There is no run "nobody".', hint: expect.stringContaining('cellscope runs') })
  })

  it('an input of the wrong shape is refused, and the line stands', async () => {
    const page = await openPage()
    expect(await refusalOf(page.ask('watchRun', { run: 'a', fromSequence: 0 }))).toMatchObject({ code: 'protocol.invalid' })
    expect(await page.ask('listRuns', {})).toEqual([])
  })

  it('an unknown request is refused, and the line stands', async () => {
    const page = await openPage()
    expect(await refusalOf(page.ask('burn' as 'describe', {}))).toMatchObject({ code: 'protocol.invalid' })
    expect(await page.ask('listRuns', {})).toEqual([])
  })

  it.each([['a word', 'hello'], ['a number', 5], ['a list', []], ['nothing in it', {}], ['a request without a number', { name: 'describe', input: {} }]])(
    '%s is no message: the line is closed',
    async (_, message) => {
      const page = await openPage()
      page.transport.send(message as unknown as ClientRequest)
      await until('the line is closed', page.closed)
    }
  )

  it('any letters come through', async () => {
    const page = await openPage()
    const name = '夜间搜索 é ñ'
    react = (worker, command) => command.command === 'stop' && worker.exit({ code: 0 })
    expect(await page.ask('startRun', { job: 'search', name, settings: tiny })).toEqual({ run: name })
    const text = 'quotes " \' \\ lines \n\u2028 zero \u0000 emoji 🔬 </script>'
    engine.worker().say({ message: 'notice', text })
    await until('the notice', () => page.news.some((news) => news.news === 'notice' && news.text === text))
    await page.ask('stopRun', { run: name })
  })

  it('a large message comes whole', async () => {
    const page = await openPage()
    const text = 'é'.repeat(900_000)
    react = (worker, command) => command.command === 'stop' && worker.exit({ code: 0 })
    await page.ask('startRun', { job: 'search', name: null, settings: tiny })
    engine.worker().say({ message: 'notice', text })
    await until('the notice', () => page.news.some((news) => news.news === 'notice' && news.text === text))
  })

  it('news go to every page, in order, and only the page that asked gets the progress', async () => {
    const [one, two] = [await openPage(), await openPage()]
    react = (worker, { command }) => {
      if (command === 'job') for (const done of [100, 100, 100]) worker.say(progress(done))
      if (command === 'stop') worker.exit({ code: 0 })
    }
    await one.ask('startRun', { job: 'search', name: null, settings: tiny })
    for (const text of ['first', 'second', 'third']) engine.worker().say({ message: 'notice', text })
    const notices = (page: TestPage): string[] => page.news.flatMap((news) => (news.news === 'notice' ? [news.text] : []))
    await until('the notices', () => notices(one).length === 3 && notices(two).length === 3)
    expect(notices(two)).toEqual(['first', 'second', 'third'])
    const request = one.next()
    const scan = refusalOf(one.ask('scan', { data, seed: 1 }))
    await until('progress', () => one.news.filter(({ news }) => news === 'progress').length === 3)
    expect(one.news.filter(({ news }) => news === 'progress')[0]).toEqual({ news: 'progress', request, task: 'Looking', done: 100, total: 100, remainingSeconds: null })
    expect(two.news.filter(({ news }) => news === 'progress')).toEqual([])
    await one.ask('cancel', { request })
    expect(await scan).toMatchObject({ code: 'request.cancelled' })
  })

  it('a journal comes whole and in order, from any entry on', async () => {
    const run = Workspace.open(workspace).createRun({ name: 'long', job: 'search', settings: settingsSchema.parse({}) })
    const { journal } = run.startWork()
    for (let number = 1; number <= 20_000; number++) journal.append(step(number))
    journal.flush()
    const [whole, late] = [await openPage(), await openPage()]
    await whole.ask('watchRun', { run: 'long', fromSequence: 1 })
    await late.ask('watchRun', { run: 'long', fromSequence: 19_990 })
    await until('the journal', () => journalOf(whole, 'long').length >= 20_000)
    for (let number = 20_001; number <= 20_010; number++) journal.append(step(number))
    journal.flush()
    await until('the rest', () => journalOf(whole, 'long').length >= 20_010 && journalOf(late, 'long').length >= 21)
    expect(journalOf(whole, 'long').map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20_010 }, (_, index) => index + 1))
    expect(journalOf(whole, 'long')[1234]).toEqual({ ...step(1235), sequence: 1235 })
    expect(journalOf(late, 'long').map(({ sequence }) => sequence)).toEqual(Array.from({ length: 21 }, (_, index) => index + 19_990))
    journal.close()
  })

  it('a page that leaves is noticed: its scan ends, the others stay', async () => {
    const [one, two] = [await openPage(), await openPage()]
    void one.ask('scan', { data, seed: 1 })
    await until('a worker', () => engine.workers.length === 1)
    one.transport.close()
    await until('the stop', () => engine.worker().commands.some(({ command }) => command === 'stop'))
    expect(await two.ask('listRuns', {})).toEqual([])
    expect(two.closed()).toBe(false)
  })

  it('a desk that closes is noticed by every page', async () => {
    const [one, two] = [await openPage(), await openPage()]
    await one.ask('listRuns', {})
    await two.ask('listRuns', {})
    await desk.close()
    await until('both are closed', () => one.closed() && two.closed())
  })

  it('a page that comes back goes on where it stood', async () => {
    const run = Workspace.open(workspace).createRun({ name: 'on', job: 'search', settings: settingsSchema.parse({}) })
    const { journal } = run.startWork()
    for (let number = 1; number <= 5; number++) journal.append(step(number))
    journal.flush()
    const first = await openPage()
    await first.ask('watchRun', { run: 'on', fromSequence: 1 })
    await until('five', () => journalOf(first, 'on').length === 5)
    first.transport.close()
    for (let number = 6; number <= 9; number++) journal.append(step(number))
    journal.flush()
    const second = await openPage()
    await second.ask('watchRun', { run: 'on', fromSequence: 6 })
    await until('the rest', () => journalOf(second, 'on').length === 4)
    expect(journalOf(second, 'on').map(({ sequence }) => sequence)).toEqual([6, 7, 8, 9])
    journal.close()
  })
})
