/**
 * How long a run still takes: the rest of its stage by the stage's own pace, the stages after it by the forecast, as true as it was so far.
 */
import type { Pulse } from '../shared/events.js'
import type { StageForecast } from './forecast.js'
import { stageName } from './stageWork.js'
import type { StageTimes } from './stageTimes.js'

/** The forecast is believed like this many measured seconds: the first steps do not turn it over. */
const believedSeconds = 20
/** The forecast of a step is believed like this many measured steps. */
const believedSteps = 2

/** Null where the plan does not know the pulse's stage. `times` holds what was measured up to this pulse. */
export function secondsLeft(plan: readonly StageForecast[], pulse: Pulse, times: StageTimes): number | null {
  const index = plan.findIndex(({ stage }) => stage === stageName(pulse))
  if (index < 0) return null
  const scale = truthOverForecast(plan.slice(0, index + 1), pulse, times)
  const after = plan.slice(index + 1).reduce((sum, { minutes }) => sum + minutes * 60, 0)
  return (pulse.steps - pulse.step) * secondsPerStep(plan[index], pulse, times, scale) + after * scale
}

function secondsPerStep({ stage, minutes }: StageForecast, pulse: Pulse, times: StageTimes, scale: number): number {
  const measured = times.of(stage)
  const forecast = (minutes * 60 * scale) / pulse.steps
  return (measured.seconds + believedSteps * forecast) / (measured.steps + believedSteps)
}

/** Over all stages that were timed so far, the current one being the last. */
function truthOverForecast(begun: readonly StageForecast[], pulse: Pulse, times: StageTimes): number {
  let truth = believedSeconds
  let forecast = believedSeconds
  begun.forEach(({ stage, steps, minutes }, index) => {
    const measured = times.of(stage)
    // Of the hand-made network's steps only the stage itself knows the number.
    const all = index === begun.length - 1 ? pulse.steps : steps
    if (all === 0) return
    truth += measured.seconds
    forecast += (minutes * 60 * measured.steps) / all
  })
  return truth / forecast
}
