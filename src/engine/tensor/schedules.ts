/** Learning rate as a pure function of the step (0 for the first), so that a resumed run needs only the step number. */
export type Schedule = (step: number) => number

/** rate * factor^epoch, constant within an epoch. */
export function exponentialPerEpoch(rate: number, factor: number, stepsPerEpoch: number): Schedule {
  return (step) => rate * factor ** Math.floor(step / stepsPerEpoch)
}

/** rate * (1 - step / steps)^power, DeepLab's "poly". 0 from the last step on. */
export function poly(rate: number, steps: number, power = 0.9): Schedule {
  return (step) => rate * Math.max(0, 1 - step / steps) ** power
}

/** From `rate` down to `floor` along half a cosine (Loshchilov and Hutter 2017, without restarts). */
export function cosine(rate: number, steps: number, floor = 0): Schedule {
  return (step) => floor + (rate - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, step / steps)))
}

/** Linear rise over the first `steps` steps: the first takes 1 / steps of the schedule's rate, step number `steps` all of it. */
export function warmUp(schedule: Schedule, steps: number): Schedule {
  return (step) => schedule(step) * Math.min(1, (step + 1) / Math.max(1, steps))
}
