/** How much there is to compute, in the units that a pace is measured in. */
import type { LayerWork } from './layerWork.js'

export interface Effort {
  /** Convolutions run forward and backward with their update; a forward run alone is a third of one. */
  layerRuns: number
  multiplyAdds: number
  /** What is neither, in seconds of two idle cores: pictures read and judged, devices timed, files written. */
  otherSeconds: number
}

/** A forward run beside a step that also runs backward and updates. */
const forwardShare = 1 / 3
/** Forward, gradient of the input, gradient of the weights. */
const passesOfAStep = 3

export const noEffort: Effort = { layerRuns: 0, multiplyAdds: 0, otherSeconds: 0 }

/** Of a step that trains all weights on `batch` images. */
export function stepEffort({ layers, multiplyAdds }: LayerWork, batch: number): Effort {
  return { layerRuns: layers, multiplyAdds: multiplyAdds * passesOfAStep * batch, otherSeconds: 0 }
}

/** Of one forward run on `batch` images. */
export function forwardEffort({ layers, multiplyAdds }: LayerWork, batch: number): Effort {
  return { layerRuns: layers * forwardShare, multiplyAdds: multiplyAdds * batch, otherSeconds: 0 }
}

export function otherEffort(otherSeconds: number): Effort {
  return { ...noEffort, otherSeconds }
}

export function times(count: number, effort: Effort): Effort {
  return {
    layerRuns: count * effort.layerRuns,
    multiplyAdds: count * effort.multiplyAdds,
    otherSeconds: count * effort.otherSeconds
  }
}

export function sumOfEfforts(efforts: readonly Effort[]): Effort {
  return efforts.reduce(
    (sum, effort) => ({
      layerRuns: sum.layerRuns + effort.layerRuns,
      multiplyAdds: sum.multiplyAdds + effort.multiplyAdds,
      otherSeconds: sum.otherSeconds + effort.otherSeconds
    }),
    noEffort
  )
}
