import type { TrainSettings } from '../../shared/config/settings.js'
import { cosine, exponentialPerEpoch, poly, warmUp, type Schedule } from '../tensor/schedules.js'

/** The learning rate of a derived network's training over `steps` steps. */
export function learningRate(settings: TrainSettings, steps: number): Schedule {
  return warmUp(curve(settings, steps), settings.warmupSteps)
}

function curve(settings: TrainSettings, steps: number): Schedule {
  switch (settings.curve) {
    case 'exponential':
      return exponentialPerEpoch(settings.learningRate, settings.decay, settings.stepsPerEpoch)
    case 'poly':
      return poly(settings.learningRate, steps)
    case 'cosine':
      return cosine(settings.learningRate, steps)
  }
}
