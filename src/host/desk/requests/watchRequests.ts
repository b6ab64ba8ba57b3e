/** Watching the journal of a run, whoever drives it. */
import type { RequestHandlers } from '../requestHandler.js'

export const watchRequests: Pick<RequestHandlers, 'watchRun' | 'unwatchRun'> = {
  watchRun({ openRun, watch }, { run, fromSequence }) {
    watch(openRun(run), fromSequence)
    return {}
  },
  unwatchRun({ unwatch }, { run }) {
    unwatch(run)
    return {}
  }
}
