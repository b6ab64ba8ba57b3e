/** Turns what goes on in the host into what the desktop shows of it outside the window. */
import type { Activity } from '../host/desk/deskOptions.js'

export interface ActivityListeners {
  /** Fraction of the whole plan of the run; null where nothing runs or nothing is known. */
  onProgress(fraction: number | null): void
  /** Whether anything computes now; a run that is paused does not. */
  onBusy(busy: boolean): void
  /** Nothing goes on any more. */
  onIdle(): void
}

/** Whether a run or a job goes on, computing or not. */
export function goesOn({ run, jobs }: Activity): boolean {
  return run !== null || jobs > 0
}

/** @returns what the host tells of every change */
export function followActivity(listeners: ActivityListeners): (activity: Activity) => void {
  let busy = false
  let going = false
  let fraction: number | null = null
  return (activity) => {
    const nowBusy = activity.jobs > 0 || (activity.run !== null && activity.live !== 'paused')
    if (nowBusy !== busy) listeners.onBusy(nowBusy)
    busy = nowBusy

    const nowFraction = fractionOf(activity)
    if (nowFraction !== fraction) listeners.onProgress(nowFraction)
    fraction = nowFraction

    const nowGoing = goesOn(activity)
    if (going && !nowGoing) listeners.onIdle()
    going = nowGoing
  }
}

function fractionOf({ run, pulse }: Activity): number | null {
  if (run === null || pulse === null || pulse.remainingSeconds === null) return null
  const whole = pulse.elapsedSeconds + pulse.remainingSeconds
  return whole > 0 ? pulse.elapsedSeconds / whole : null
}
