/** From the host's `run` command to what the pipeline works with: journal, side file, messages, control. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pulse } from '../shared/events.js'
import type { WorkerCommand } from '../shared/protocol.js'
import { Journal } from '../storage/journal.js'
import { openRunFolder } from '../storage/runFolder.js'
import type { HostPort } from './hostPort.js'
import { progressSender } from './progressSender.js'
import type { RunContext } from './runContext.js'
import { createRunControl, type SteeredControl } from './runControl.js'

export interface OpenedRunContext {
  context: RunContext
  control: SteeredControl
  /** Makes the journal durable and closes it. */
  close(): void
}

const pulseEveryMs = 1000

/** @throws AppError when the run folder, its manifest or its journal cannot be used */
export function openRunContext(command: WorkerCommand & { command: 'run' }, port: HostPort, showLife: () => void): OpenedRunContext {
  const folder = command.runFolder
  const manifest = openRunFolder(folder).readManifest()
  const journal = Journal.open(join(folder, 'journal.ndjson'))
  const control = createRunControl({
    checkpointSteps: manifest.settings.run.checkpointSteps,
    checkpointSeconds: manifest.settings.run.checkpointSeconds,
    onStep: showLife,
    onState: (state) => port.send({ message: 'state', state })
  })
  let lastPulse = -Infinity

  /** A hundred steps a second need no hundred lines; the journal has every step, this is only what the clock says. */
  function pulse(current: Pulse): void {
    const now = performance.now()
    if (now - lastPulse < pulseEveryMs && current.step !== current.steps) return
    lastPulse = now
    journal.flush()
    appendFileSync(join(folder, 'pulse.ndjson'), `${JSON.stringify(current)}\n`)
    port.send({ message: 'pulse', pulse: current })
  }

  const context: RunContext = {
    folder,
    manifest,
    settings: manifest.settings,
    acceptInexact: command.acceptInexact,
    emit: (event) => port.send({ message: 'event', entry: journal.append(event) }),
    pulse,
    progress: progressSender(port, showLife),
    checkpointed: (step) => port.send({ message: 'checkpointed', step }),
    journal,
    control
  }
  return {
    context,
    control,
    close() {
      try {
        journal.sync()
      } finally {
        journal.close()
      }
    }
  }
}
