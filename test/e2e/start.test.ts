/** `npm start` and the demo: the window where there is one, and one line and something else where there is none. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { root } from './places.js'
import { isAlive, processTree } from './processes.js'
import { patience } from './patience.js'
import { until } from './until.js'

interface Started {
  child: ChildProcess
  text(): string
  ended: Promise<number | null>
}

function start(script: string, words: string[], environment: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, [join(root, script), ...words], { env: { ...process.env, XDG_CONFIG_HOME: join(inject('scratch'), 'profiles'), ...environment }, cwd: inject('scratch') })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, text: () => text, ended: new Promise((resolve) => child.on('close', resolve)) }
}

/** Ends it as Ctrl-C in a terminal does, which reaches every process of the group. */
function interrupt({ child }: Started): void {
  for (const { pid } of processTree(child.pid ?? 0)) if (isAlive(pid)) process.kill(pid, 'SIGINT')
}

const electron = inject('electron')
const workspace = (name: string): string[] => ['--workspace', join(inject('scratch'), `start ${name}`)]

describe('npm start', { timeout: 120_000 * patience }, () => {
  it.each([
    ['without Electron', { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }, 'there is no /nowhere/electron'],
    ['without a display', { ELECTRON_OVERRIDE_DIST_PATH: electron ?? '', DISPLAY: '', WAYLAND_DISPLAY: '' }, electron === null ? 'Electron is not here' : 'there is no display']
  ])('%s says so in one line and serves the pages', async (_, environment, reason) => {
    const started = start('scripts/start.mjs', ['--workspace', join(inject('scratch'), 'start served')], environment)
    await until('an address', started.text, (text) => /http:\/\/127\.0\.0\.1:\d+\//.test(text))
    const said = started.text().split('\n').filter((line) => line.startsWith('No window: '))
    expect(said).toEqual([expect.stringContaining(reason)])
    interrupt(started)
    expect(await started.ended).toBe(130)
  })

  it.runIf(electron !== null)('on a display that is not there falls back, too', async () => {
    const started = start('scripts/start.mjs', workspace('dead'), { ELECTRON_OVERRIDE_DIST_PATH: electron ?? '', DISPLAY: ':4711', WAYLAND_DISPLAY: '' })
    await until('an address', started.text, (text) => /http:\/\/127\.0\.0\.1:\d+\//.test(text))
    expect(started.text()).toContain('before its window was there')
    interrupt(started)
    expect(await started.ended).toBe(130)
  })

  it.runIf(electron !== null)('opens the window, and ends with it', async () => {
    const started = start('scripts/start.mjs', workspace('window'), { ELECTRON_OVERRIDE_DIST_PATH: electron ?? '' })
    const all = (): string[] => processTree(started.child.pid ?? 0).flatMap(({ words }) => words)
    await until('a window', all, (words) => words.some((word) => word.includes('--type=renderer')))
    expect(started.text()).not.toContain('No window')
    const pids = processTree(started.child.pid ?? 0).map(({ pid }) => pid)
    started.child.kill('SIGTERM')
    expect(await started.ended).toBe(143)
    expect(pids.filter(isAlive)).toEqual([])
  })
})

describe.runIf(electron !== null)('npm run demo', { timeout: 180_000 * patience }, () => {
  it('shows itself in the window and tells the terminal of it; Ctrl-C checkpoints and ends both', async () => {
    const started = start('scripts/demo.mjs', workspace('demo'), { ELECTRON_OVERRIDE_DIST_PATH: electron ?? '' })
    await until('its beginning in the terminal', started.text, (text) => /Run run in .*it is in the window, too/.test(text))
    expect(started.text()).toContain('Data: streets')
    const pids = processTree(started.child.pid ?? 0).map(({ pid }) => pid)
    interrupt(started)
    expect(await started.ended).toBe(130)
    await until('no process is left', () => pids.filter(isAlive), (left) => left.length === 0, 10_000)
  })

  it.each([
    ['--no-window', ['--no-window'], ''],
    ['words of the command line', ['--json'], 'The demo runs in the terminal: --json is for the terminal.']
  ])('stays in the terminal with %s', async (_, words, said) => {
    const started = start('scripts/demo.mjs', [...words, '--dry-run'], { ELECTRON_OVERRIDE_DIST_PATH: electron ?? '' })
    expect(await started.ended).toBe(0)
    expect(started.text()).toContain(said)
    expect(started.text()).toContain('streets')
  })
})
