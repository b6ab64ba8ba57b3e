/** Progress for people: lines that stay, and on a terminal a last line that moves. */
import type { Pulse } from '../shared/events.js'
import type { WorkerMessage } from '../shared/protocol.js'
import { DataWait } from './dataWait.js'
import { describeEvent, stageText } from './describeEvent.js'
import { durationText } from '../host/duration.js'
import type { Terminal } from './terminal.js'
import type { View } from './view.js'

/** Where no line can be rewritten, progress is a line of its own, but not more often than this. */
const plainEveryMs = 30_000
const barLength = 20

export function peopleView(terminal: Terminal, now: () => number = () => performance.now()): View {
  let moving = ''
  let loss: number | undefined
  let lastPlain = now()
  let lastTask = ''
  const wait = new DataWait()

  function stay(text: string): void {
    clear()
    terminal.out(`${text}\n`)
  }

  function said(text: string | undefined): void {
    if (text !== undefined) stay(text)
  }

  function clear(): void {
    if (moving !== '') terminal.out('\r\u001b[2K')
    moving = ''
  }

  function move(text: string): void {
    if (terminal.isInteractive) {
      clear()
      moving = text.slice(0, Math.max(20, terminal.columns - 1))
      terminal.out(moving)
    } else if (now() - lastPlain >= plainEveryMs) {
      lastPlain = now()
      terminal.out(`${text}\n`)
    }
  }

  function message(incoming: WorkerMessage): void {
    if (incoming.message === 'event') {
      if (incoming.entry.type === 'step') loss = incoming.entry.loss
      const line = describeEvent(incoming.entry)
      if (line !== undefined) stay(line)
      if (incoming.entry.type === 'run-finished') said(wait.text())
      if (incoming.entry.type === 'stage-started') loss = undefined
    } else if (incoming.message === 'pulse') {
      wait.hear(incoming.pulse)
      move(pulseText(incoming.pulse, loss))
    } else if (incoming.message === 'progress') {
      if (incoming.task !== lastTask && !terminal.isInteractive) terminal.out(`${incoming.task}\n`)
      lastTask = incoming.task
      move(`${incoming.task} ${bar(incoming.done, incoming.total)} ${incoming.done}/${incoming.total}${left(incoming.remainingSeconds)}`)
    } else if (incoming.message === 'notice') {
      warn(incoming.text)
    }
  }

  function warn(text: string): void {
    clear()
    terminal.error(`${text}\n`)
  }

  return {
    tell: (_kind, _value, text) => stay(text),
    message,
    state(state) {
      if (state === 'starting') warn('The engine is started again from the last checkpoint.')
      if (state === 'paused') stay('Paused; a checkpoint is written.')
      if (state === 'stopping') stay('Stopping: a checkpoint is written. Press Ctrl-C again to end at once.')
    },
    warn,
    fail(error) {
      clear()
      terminal.error(`Error: ${error.message}\n${error.hint}\n`)
    },
    result: (_value, text) => stay(text),
    close: clear
  }
}

/** `Searching (joint) [####------] 120/300  loss 1.234  0.42 s/step  3 min left in all`: of the run, not of the stage. */
function pulseText(pulse: Pulse, loss: number | undefined): string {
  const parts = [
    `${stageText(pulse.stage, pulse.variant)} ${bar(pulse.step, pulse.steps)} ${pulse.step}/${pulse.steps}`,
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
    `${pulse.stepSeconds.toFixed(2)} s/step`
  ]
  const { remainingSeconds } = pulse
  return parts.join('  ') + (remainingSeconds === null ? '' : `${left(remainingSeconds)} in all`)
}

function left(remainingSeconds: number | null): string {
  return remainingSeconds === null ? '' : `  ${durationText(remainingSeconds)} left`
}

function bar(done: number, total: number): string {
  const filled = total <= 0 ? 0 : Math.min(barLength, Math.floor((barLength * done) / total))
  return `[${'#'.repeat(filled)}${'-'.repeat(barLength - filled)}]`
}
