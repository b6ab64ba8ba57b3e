/** A run context that keeps a journal, pulses and checkpoints in some steps and not in the next ones, and says what each step took. */
import { createRunControl } from '../../src/engine/runControl.js'
import type { RunContext } from '../../src/engine/runContext.js'
import type { KeptThing, Spent, StepCost, TurnOrder } from './turns.js'

export interface Turns extends TurnOrder {
  onEnd(costs: StepCost[]): void
}

/** Kept and bare blocks come as A B B A; a stage's first step, which opens the stage, and one after which the supernet is judged are left out. */
export function keepInTurns(context: RunContext, { blockSteps, steps, checkpointSteps, onEnd }: Turns): RunContext {
  const costs: StepCost[] = []
  let bareMs = 0
  let start = stopwatch()
  let step = 0
  let stage = ''
  let leftOut = true
  let parts = nothing()
  const isKept = (): boolean => blockSteps === null || [0, 3].includes(Math.floor(step / blockSteps) % 4)
  // Seconds between checkpoints are those of kept steps.
  const control = createRunControl({ checkpointSteps, checkpointSeconds: context.settings.run.checkpointSeconds, now: () => performance.now() - bareMs })
  const timed = <Result>(what: KeptThing, act: () => Result): Result => {
    const spent = stopwatch()
    try {
      return act()
    } finally {
      const { ms, cpuMs } = spent()
      parts[what] = { ms: parts[what].ms + ms, cpuMs: parts[what].cpuMs + cpuMs }
    }
  }

  async function atStep(save?: () => void | Promise<void>): Promise<'go-on' | 'stop'> {
    // Between two stages.
    if (save === undefined) return 'go-on'
    if (isKept()) await control.atStep(() => timed('checkpoint', save))
    else await new Promise((resolve) => setImmediate(resolve))
    const whole = start()
    if (!isKept()) bareMs += whole.ms
    if (!leftOut) costs.push({ stage, kept: isKept(), whole, parts })
    parts = nothing()
    leftOut = false
    step++
    start = stopwatch()
    if (step !== steps) return 'go-on'
    onEnd(costs)
    return 'stop'
  }

  return {
    ...context,
    emit(event) {
      if (event.type === 'stage-started') stage = event.stage
      if (event.type === 'stage-started' || event.type === 'supernet-evaluated') leftOut = true
      if (isKept()) timed('events', () => context.emit(event))
    },
    pulse: (pulse) => isKept() && timed('pulses', () => context.pulse(pulse)),
    control: { atStep, stopRequested: () => context.control.stopRequested() }
  }
}

/** Tells what was spent since it was made. */
function stopwatch(): () => Spent {
  const [began, used] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(used)
    return { ms: performance.now() - began, cpuMs: (user + system) / 1000 }
  }
}

function nothing(): Record<KeptThing, Spent> {
  const none = { ms: 0, cpuMs: 0 }
  return { events: none, pulses: none, checkpoint: none }
}
