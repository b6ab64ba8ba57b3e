/**
 * Kills a real process at random moments, starts it again, and goes on until the wanted number of kills landed; then lets it finish. What
 * the process is does not matter here: the toy, the deliberately naive toy, and the real engine all pass through this one harness.
 *
 *   const outcome = await killAtRandom({ start, kills: 20, mostWorkMs: 300, seed: 1 })
 *
 * The caller compares the digest of what is left with that of an undisturbed run.
 */
import type { ChildProcess } from 'node:child_process'
import { randomStream } from '../../src/core/random.js'

export interface KillOptions {
  /**
   * Starts the process, which begins the run or resumes it. It must have its standard output piped and write anything to it once it is at
   * work (a line a step is fine), and end with code 0 when the run is finished.
   */
  start: () => ChildProcess
  /** Kills wanted while the process is at work. */
  kills: number
  /** Each kill comes at a random moment up to this long after the first sign of work, in milliseconds. */
  mostWorkMs: number
  /** Decides the moments; print it to replay a failure as nearly as a scheduler allows. */
  seed: number
  /** Called after every kill; throws when what is on disk breaks a promise. */
  afterKill?: (kill: number) => void
}

export interface KillOutcome {
  /** Kills that landed while the process was at work. */
  kills: number
  starts: number
  /** Whether the process ended by itself before all kills were done: the run was too short for so many. */
  finishedEarly: boolean
}

/** Throws when the process ends with another code than 0 without being killed; its standard error is in the message. */
export async function killAtRandom({ start, kills, mostWorkMs, seed, afterKill }: KillOptions): Promise<KillOutcome> {
  const outcome: KillOutcome = { kills: 0, starts: 0, finishedEarly: false }
  while (outcome.kills < kills) {
    const random = randomStream(seed, 'kill', outcome.starts)
    outcome.starts++
    const end = await runOnce(start(), random.uniform() * mostWorkMs)
    if (end === 'finished') return { ...outcome, finishedEarly: true }
    outcome.kills++
    afterKill?.(outcome.kills)
  }
  outcome.starts++
  await runOnce(start(), undefined)
  return outcome
}

/** Waits for the process's end; kills it `killAfterMs` after its first sign of work, or never. */
export function runOnce(child: ChildProcess, killAfterMs: number | undefined): Promise<'finished' | 'killed'> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    let complaint = ''
    child.stderr?.on('data', (text: Buffer) => (complaint += text.toString()))
    child.stdout?.on('data', () => {
      if (killAfterMs !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve('finished')
      else if (signal === 'SIGKILL') resolve('killed')
      else reject(new Error(`the process ended with ${signal ?? `code ${code}`}: ${complaint}`))
    })
  })
}
