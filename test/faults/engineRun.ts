/**
 * The real command line with the real engine on a run of some seconds: started as a person starts it, watched through its --json lines,
 * stopped with signals or killed at moments that a seed decides.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomStream } from '../../src/core/random.js'
import type { JournalEntry } from '../../src/shared/events.js'
import { smallSettings, smallTable } from './smallRun.js'

/** Another build of the program, such as a packaged one, can be put to the same test. */
const program = process.env['CELLSCOPE_PROGRAM'] ?? fileURLToPath(new URL('../../bin/cellscope.js', import.meta.url))

export interface Line {
  message: string
  entry?: JournalEntry
  text?: string
  state?: string
  step?: number
  error?: { code: string; message: string; hint: string }
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  lines: Line[]
  error: string
}

export interface Started {
  process: ChildProcess
  end: Promise<Ended>
  /** Resolves when `found` is true of a line, false when the process ended before. */
  seen(found: (line: Line) => boolean): Promise<boolean>
}

export class EngineRuns {
  private readonly children: ChildProcess[] = []

  constructor(private readonly folder: string) {
    const table = path.join(folder, 'table.json')
    fs.writeFileSync(table, JSON.stringify(smallTable))
    fs.writeFileSync(this.settingsFile, JSON.stringify(smallSettings(table)))
  }

  /** With `fault` the engine dies at a named place; see src/storage/fault.ts. */
  run(name: string, flags: readonly string[] = [], fault = ''): Started {
    return this.start(fault, 'run', '--config', this.settingsFile, '--name', name, ...flags)
  }

  resume(name: string, flags: readonly string[] = []): Started {
    return this.start('', 'resume', name, ...flags)
  }

  /** What a test that failed left running. */
  killAll(): void {
    for (const child of this.children) if (child.exitCode === null) strike(child, 'both')
  }

  digest(name: string): string {
    return execFileSync(process.execPath, [program, 'digest', name, '--workspace', this.workspace], { encoding: 'utf8' }).trim()
  }

  path(name: string, ...parts: string[]): string {
    return path.join(this.workspace, 'runs', name, ...parts)
  }

  private get workspace(): string {
    return path.join(this.folder, 'workspace')
  }

  private get settingsFile(): string {
    return path.join(this.folder, 'settings.json')
  }

  private start(fault: string, ...words: string[]): Started {
    const child = spawn(process.execPath, [program, ...words, '--workspace', this.workspace, '--json'], {
      env: { ...process.env, CELLSCOPE_FAULT: fault },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    this.children.push(child)
    const lines: Line[] = []
    const watchers = new Set<(line: Line | undefined) => void>()
    let rest = ''
    let error = ''
    child.stdout.on('data', (chunk: Buffer) => {
      const pieces = (rest + chunk.toString()).split('\n')
      rest = pieces.pop() ?? ''
      for (const piece of pieces) {
        const line = JSON.parse(piece) as Line
        lines.push(line)
        for (const watcher of watchers) watcher(line)
      }
    })
    child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()))
    const end = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => {
        for (const watcher of watchers) watcher(undefined)
        resolve({ code, signal, lines, error })
      })
    })
    return { process: child, end, seen: (found) => sightingOf(found, lines, watchers, end) }
  }
}

function sightingOf(
  found: (line: Line) => boolean,
  lines: readonly Line[],
  watchers: Set<(line: Line | undefined) => void>,
  end: Promise<Ended>
): Promise<boolean> {
  if (lines.some(found)) return Promise.resolve(true)
  return new Promise((resolve) => {
    const watcher = (line: Line | undefined): void => {
      if (line !== undefined && !found(line)) return
      watchers.delete(watcher)
      resolve(line !== undefined)
    }
    watchers.add(watcher)
    void end.then(() => resolve(false))
  })
}

/** Who dies: the engine alone (the host starts it again), the host alone (the engine saves and leaves), or both at once. */
const victims = ['engine', 'host', 'both'] as const
type Victim = (typeof victims)[number]

export interface KillPlan {
  /** The kill comes after this event, */
  sequence: number
  /** and this much later, in milliseconds. */
  delayMs: number
  victim: Victim
}

/** Spread over the whole run, so that every stage has its turn; sorted, so that the run gets somewhere. `events` is the run's length. */
export function planKills(seed: number, count: number, events: number): KillPlan[] {
  const random = randomStream(seed, 'engine-kills')
  const plans = Array.from({ length: count }, () => ({
    sequence: 1 + Math.floor(random.uniform() * (events - 1)),
    delayMs: Math.round(random.uniform() * 400),
    victim: victims[Math.floor(random.uniform() * victims.length)]
  }))
  return plans.sort((a, b) => a.sequence - b.sequence)
}

export interface KillRecord {
  /** Kills that met a living process. */
  landed: KillPlan[]
  starts: number
}

/** Begins the run, kills as planned, resumes as often as needed, and returns when it has finished. Throws where a resume refuses. */
export async function runUnderKills(runs: EngineRuns, name: string, plans: readonly KillPlan[]): Promise<KillRecord> {
  const record: KillRecord = { landed: [], starts: 0 }
  const waiting = [...plans]
  for (;;) {
    const started = fs.existsSync(runs.path(name)) ? runs.resume(name) : runs.run(name)
    record.starts++
    await killAsPlanned(started, waiting, record)
    const { code, signal, lines, error } = await started.end
    if (code === 0) return record
    const failure = lines.find(({ message }) => message === 'failed')?.error
    // The kill came after the last checkpoint: there was nothing left to interrupt.
    if (failure?.code === 'run.finished') return record
    // Killed twice before its next checkpoint, the engine is not started a third time; the run can be resumed, and is.
    if (signal !== 'SIGKILL' && failure?.code !== 'memory.exhausted') {
      throw new Error(`expected the run to go on, found ${signal ?? `code ${code}`}: ${failure?.message ?? error}`)
    }
  }
}

/** Carries out plans until the host itself was the victim, or the process ended. */
async function killAsPlanned(started: Started, waiting: KillPlan[], record: KillRecord): Promise<void> {
  while (waiting.length > 0) {
    const [plan] = waiting
    if (!(await started.seen(({ entry }) => entry !== undefined && entry.sequence >= plan.sequence))) return
    await new Promise((resolve) => setTimeout(resolve, plan.delayMs))
    waiting.shift()
    if (!strike(started.process, plan.victim)) return
    record.landed.push(plan)
    if (plan.victim !== 'engine') return
  }
}

/** @returns whether a victim was alive */
function strike(host: ChildProcess, victim: Victim): boolean {
  if (host.exitCode !== null || host.pid === undefined) return false
  const engines = victim === 'host' ? [] : childrenOf(host.pid)
  const killed = [...engines, ...(victim === 'engine' ? [] : [host.pid])].filter(killed9)
  return killed.length > 0
}

function killed9(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

function childrenOf(pid: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).trim().split('\n').map(Number)
  } catch {
    return []
  }
}
