/** `cellscope serve`: from its address to Ctrl-C. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { letIn, pagesFolder, socketEnd } from '../../contract/lines.js'
import { pageOn, refusalOf, until, type TestPage } from '../host/desk/testDesk.js'
import { tiny } from '../host/desk/tinySettings.js'
import { testHeadless, type TestHeadless } from './testHeadless.js'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'cellscope-serve-'))
  folders.push(made)
  return made
}

function withPages(react?: Parameters<typeof testHeadless>[1], isInteractive = false): { headless: TestHeadless; workspace: string } {
  const pages = pagesFolder()
  folders.push(pages)
  const workspace = join(folder(), 'work')
  return { workspace, headless: testHeadless(workspace, react, { pages, isInteractive }) }
}

async function addressOf(headless: TestHeadless): Promise<string> {
  const address = (): string | undefined => /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(headless.out())?.[0]
  await until('the address', () => address() !== undefined)
  return address() ?? ''
}

async function pageAt(address: string): Promise<TestPage> {
  const { socket, origin, cookie } = await letIn(address)
  return new Promise((resolve, reject) => {
    const opened = new WebSocket(socket, { origin, headers: { cookie } })
    opened.once('open', () => resolve(pageOn(socketEnd(opened))))
    opened.once('error', reject)
  })
}

describe('serve', () => {
  it('prints one address, serves the pages, and ends on Ctrl-C with a checkpoint of the run that goes on', async () => {
    const { headless, workspace } = withPages((worker, command) => {
      if (command.command === 'run') worker.say({ message: 'state', state: 'running' })
      if (command.command === 'stop') worker.exit({ code: 0 })
    })
    const ran = headless.run('serve')
    const address = await addressOf(headless)
    expect(headless.out().match(/token=/g)).toHaveLength(1)
    const page = await pageAt(address)
    expect(await page.ask('describe', {})).toMatchObject({ shell: 'browser', workspace, datasets: [] })
    await page.ask('startRun', { job: 'search', name: null, settings: tiny })
    headless.interrupt()
    const { code, out } = await ran
    expect(code).toBe(130)
    expect(out).toContain('a run that goes on writes a checkpoint')
    expect(headless.engine.worker().commands.map(({ command }) => command)).toEqual(['run', 'stop'])
    expect(headless.engine.worker().alive).toBe(false)
    await until('the page hears it', page.closed)
    await expect(fetch(address)).rejects.toThrow()
  })

  it('a second Ctrl-C ends the engine at once', async () => {
    const { headless } = withPages((worker, command) => command.command === 'run' && worker.say({ message: 'state', state: 'running' }))
    const ran = headless.run('serve', '--json')
    const page = await pageAt(await addressOf(headless))
    await page.ask('startRun', { job: 'search', name: null, settings: tiny })
    headless.interrupt('SIGTERM')
    await until('the stop', () => headless.engine.worker().commands.some(({ command }) => command === 'stop'))
    headless.interrupt('SIGTERM')
    const { code, lines } = await ran
    expect(code).toBe(143)
    expect(headless.engine.worker().killed).toBe(true)
    expect(lines.map(({ message }) => message)).toEqual(['serving', 'stopping'])
  })

  it('opens a browser only for a person at a terminal, and not with --no-open', async () => {
    for (const [isInteractive, words, expected] of [[true, [], 1], [true, ['--no-open'], 0], [false, [], 0]] as const) {
      const { headless } = withPages(undefined, isInteractive)
      const ran = headless.run('serve', ...words)
      const address = await addressOf(headless)
      headless.interrupt()
      await ran
      expect(headless.opened).toEqual(expected === 1 ? [address] : [])
    }
  })

  it('lets pages name only the folders of --data, by their real path', async () => {
    const [images, other] = [join(folder(), 'images'), join(folder(), 'other')]
    mkdirSync(images)
    mkdirSync(other)
    symlinkSync(images, join(other, 'link'))
    symlinkSync(other, join(images, 'out'))
    const { headless } = withPages((worker, command) => {
      if (command.command === 'job') worker.exit({ code: 1 })
    })
    const ran = headless.run('serve', '--data', images)
    const page = await pageAt(await addressOf(headless))
    expect((await page.ask('describe', {})).datasets).toEqual([images])
    const codeOf = async (source: string): Promise<string> => (await refusalOf(page.ask('scan', { data: { source } as never, seed: 1 }))).code
    // Allowed: the engine is asked, and this one fails.
    for (const source of ['streets', images, `${images}/`, join(other, 'link'), join(images, '..', 'images')]) expect([source, await codeOf(source)]).toEqual([source, 'engine.crashed'])
    for (const source of [other, join(images, 'out'), join(images, '..'), '/', '', `${images}\u0000`, 'images']) {
      expect([source, ['request.refused', 'settings.invalid-value'].includes(await codeOf(source))]).toEqual([source, true])
    }
    headless.interrupt()
    await ran
  })

  it.each([
    [['--data', '/no/such/folder'], 'expected a folder with images'],
    [['--port', '70000'], '--port must be a number'],
    [['--port', 'x'], '--port must be a number'],
    [['--host', '0.0.0.0', '--port', '9000'], 'ssh -N -L 9000:127.0.0.1:9000'],
    [['--host', '192.168.1.7'], 'not encrypted']
  ])('%s is refused in words', async (words, expected) => {
    const { headless } = withPages()
    const { code, error } = await headless.run('serve', ...words)
    expect(code).toBe(1)
    expect(error).toContain(expected)
  })

  it('says so when the pages were not built, or the port is taken', async () => {
    const missing = await testHeadless(join(folder(), 'work')).run('serve')
    expect([missing.code, missing.error.includes('npm run build')]).toEqual([1, true])
    const { headless } = withPages()
    const ran = headless.run('serve')
    const port = new URL(await addressOf(headless)).port
    const second = await withPages().headless.run('serve', '--port', port)
    expect([second.code, second.error.includes(`Port ${port} cannot be used (EADDRINUSE)`)]).toEqual([1, true])
    headless.interrupt()
    await ran
  })
})
