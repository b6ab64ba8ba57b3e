/** Pausing, continuing and stopping the run that goes on. */
import type { RequestHandlers } from '../requestHandler.js'

export const steerRequests: Pick<RequestHandlers, 'pauseRun' | 'continueRun' | 'stopRun'> = {
  pauseRun({ keeper }, { run }) {
    keeper.pause(run)
    return {}
  },
  continueRun({ keeper }, { run }) {
    keeper.continue(run)
    return {}
  },
  stopRun({ keeper }, { run }) {
    keeper.stop(run)
    return {}
  }
}
