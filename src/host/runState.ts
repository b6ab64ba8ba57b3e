/** The states of a run under supervision, as a table: what is not in it changes nothing. */
export type RunState = 'starting' | 'running' | 'pausing' | 'paused' | 'stopping' | 'stopped' | 'finished' | 'failed'

/** Requests of a person (pause, continue, stop), news of the worker, and what the supervisor decides (gave-up). */
export type RunHappening =
  | 'pause'
  | 'continue'
  | 'stop'
  | 'worker-running'
  | 'worker-paused'
  | 'worker-finished'
  | 'worker-failed'
  | 'worker-died'
  | 'worker-left'
  | 'gave-up'

const transitions: Record<RunState, Partial<Record<RunHappening, RunState>>> = {
  starting: {
    pause: 'pausing',
    stop: 'stopping',
    'worker-running': 'running',
    'worker-finished': 'finished',
    'worker-failed': 'failed',
    'worker-died': 'starting',
    'worker-left': 'stopped',
    'gave-up': 'failed'
  },
  running: {
    pause: 'pausing',
    stop: 'stopping',
    'worker-finished': 'finished',
    'worker-failed': 'failed',
    'worker-died': 'starting',
    'worker-left': 'stopped',
    'gave-up': 'failed'
  },
  pausing: {
    continue: 'running',
    stop: 'stopping',
    'worker-paused': 'paused',
    'worker-finished': 'finished',
    'worker-failed': 'failed',
    // The next worker is told to pause again, at once.
    'worker-died': 'pausing',
    'worker-left': 'stopped',
    'gave-up': 'failed'
  },
  paused: {
    continue: 'running',
    stop: 'stopping',
    'worker-finished': 'finished',
    'worker-failed': 'failed',
    'worker-died': 'pausing',
    'worker-left': 'stopped',
    'gave-up': 'failed'
  },
  // A run that may go while it stops: it may also finish, fail or die; a death changes nothing, the last checkpoint stands.
  stopping: {
    'worker-finished': 'finished',
    'worker-failed': 'failed',
    'worker-died': 'stopped',
    'worker-left': 'stopped',
    'gave-up': 'stopped'
  },
  stopped: {},
  finished: {},
  failed: {}
}

/** The state after a happening; the same state where the happening means nothing there. */
export function nextRunState(state: RunState, happening: RunHappening): RunState {
  return transitions[state][happening] ?? state
}

/** Whether nothing can happen to the run any more. */
export function isOver(state: RunState): boolean {
  return Object.keys(transitions[state]).length === 0
}
