/** From the host's `run` command to what the pipeline works with: journal, checkpoint, side file, messages, control. */
import { AppError } from '../shared/errors.js'
import type { Pulse } from '../shared/events.js'
import type { Fingerprint, WorkerCommand } from '../shared/protocol.js'
import { runJobs, type RunJob } from '../shared/runPlan.js'
import { RunFolder, type RunWork } from '../storage/runFolder.js'
import { lockWorkspace, type WorkspaceLock } from '../storage/workspaceLock.js'
import type { HostPort } from './hostPort.js'
import { progressSender } from './progressSender.js'
import type { RunContext } from './runContext.js'
import { createRunControl, type SteeredControl } from './runControl.js'
import { settleFingerprint } from './settleFingerprint.js'

export interface OpenedRunContext {
  context: RunContext
  control: SteeredControl
  /** Makes the journal durable, closes it and lets the run go. */
  close(): Promise<void>
}

export interface OpenRunOptions {
  command: WorkerCommand & { command: 'run' }
  fingerprint: Fingerprint
  port: HostPort
  /** Called often, by whatever goes on. */
  showLife(): void
}

const pulseEveryMs = 1000
/** It leaves within ten seconds unless a single step takes longer. */
const oldWorkerLeavesMs = 60_000

/** @throws AppError when the run's folder cannot be used, or when it was begun on another engine and that was not agreed to */
export async function openRunContext({ command, fingerprint, port, showLife }: OpenRunOptions): Promise<OpenedRunContext> {
  const run = RunFolder.open(command.runFolder)
  const job = readJob(run.manifest.job)
  const notice = (text: string): void => port.send({ message: 'notice', text })
  const lock = await lockRun(run, notice)
  const work = run.startWork()
  try {
    nameDamage(work, notice)
    settleFingerprint(run, fingerprint, work.checkpoint?.position ?? 0, command.acceptInexact)
  } catch (error) {
    work.journal.close()
    await lock.release()
    throw error
  }
  const { settings } = run.manifest
  const control = createRunControl({
    checkpointSteps: settings.run.checkpointSteps,
    checkpointSeconds: settings.run.checkpointSeconds,
    onStep: showLife,
    onState: (state) => port.send({ message: 'state', state })
  })
  const context: RunContext = {
    folder: run.path,
    run,
    manifest: run.manifest,
    job,
    settings,
    emit: (event) => port.send({ message: 'event', entry: work.journal.append(event) }),
    pulse: pulseWriter(run, work, port),
    progress: progressSender(port, showLife),
    notice,
    checkpointed: (step) => port.send({ message: 'checkpointed', step }),
    checkpoints: work.checkpoints,
    checkpoint: work.checkpoint,
    journal: work.journal,
    control
  }
  return {
    context,
    control,
    async close() {
      try {
        closeJournal(work)
      } finally {
        await lock.release()
      }
    }
  }
}

/**
 * A run has one writer even when its host was killed and another one started at once: the old worker is given the time that it has for
 * its last checkpoint.
 */
async function lockRun({ path, manifest }: RunFolder, notice: (text: string) => void): Promise<WorkspaceLock> {
  const giveUp = performance.now() + oldWorkerLeavesMs
  for (let told = false; ; told = true) {
    try {
      return await lockWorkspace(path)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'workspace.locked') throw error
      if (performance.now() > giveUp) {
        const hint = 'It leaves at the end of its step; try again in a minute.'
        throw new AppError('workspace.locked', `An engine that was started earlier still works on run ${manifest.name}.`, { hint, cause: error })
      }
      if (!told) notice(`An engine that was started earlier still finishes its step of run ${manifest.name}; waiting for it.`)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

function readJob(job: string): RunJob {
  const known = runJobs.find((name) => name === job)
  if (known === undefined)
    throw new AppError('file.version', `This run was started as "${job}", which this version of Cellscope does not know.`)
  return known
}

/** Damage is named, never passed over in silence (reliability, P3). */
function nameDamage(work: RunWork, notice: (text: string) => void): void {
  const { damage } = work.journal
  if (damage !== undefined) notice(`The journal was damaged and is kept up to its last whole line: ${JSON.stringify(damage)}.`)
  for (const { name, reason } of work.checkpoint?.report.damaged ?? []) {
    notice(`Checkpoint ${name} is damaged (${reason}) and was set aside; the run goes on from ${work.checkpoint?.report.used}.`)
  }
  const lostSteps = work.checkpoint?.report.lostSteps ?? 0
  if (lostSteps > 0) notice(`${lostSteps} steps are done again because of the damage.`)
}

/** A hundred steps a second need no hundred lines: the journal has every step, this is only what the clock says. */
function pulseWriter(run: RunFolder, work: RunWork, port: HostPort): (pulse: Pulse) => void {
  let last = -Infinity
  return (pulse) => {
    const now = performance.now()
    if (now - last < pulseEveryMs && pulse.step !== pulse.steps) return
    last = now
    work.journal.flush()
    run.appendPulse(pulse)
    port.send({ message: 'pulse', pulse })
  }
}

function closeJournal(work: RunWork): void {
  try {
    work.journal.sync()
  } finally {
    work.journal.close()
  }
}
