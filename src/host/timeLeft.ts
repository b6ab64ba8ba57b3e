/** Fills the time left of the whole run into the worker's pulses: the worker knows its own stage, the host knows the plan. */
import type { WorkerMessage } from '../shared/protocol.js'
import type { RunFolder } from '../storage/runFolder.js'
import { readForecast } from './forecastRecord.js'
import { secondsLeft } from './secondsLeft.js'
import { readPulses, StageTimes } from './stageTimes.js'

/** The messages of one run in order; a resumed run's earlier stages are read from its side file. Other messages pass unchanged. */
export function timeLeft(run: RunFolder): (message: WorkerMessage) => WorkerMessage {
  const plan = readForecast(run)?.stages
  if (plan === undefined) return (message) => message
  const times = new StageTimes(readPulses(run.pulsePath))
  return (message) => {
    if (message.message !== 'pulse') return message
    const { pulse } = message
    times.add(pulse)
    return { ...message, pulse: { ...pulse, remainingSeconds: secondsLeft(plan, pulse, times) ?? pulse.remainingSeconds } }
  }
}
