/**
 * Named places where a test can make storage fail: `faultPoint('checkpoint.afterTemp')`. Without a handler a point costs one comparison.
 * A test in this process sets a handler; a test of a child process sets CELLSCOPE_FAULT, such as `checkpoint.afterRename:3:kill`
 * (point, n-th hit, action; several are separated by commas; the name `*` is any point).
 *
 * A product build sets the define `__CELLSCOPE_FAULTS__` to `false`: the bundler then drops the bodies and the variable is never read.
 */
declare const __CELLSCOPE_FAULTS__: boolean | undefined

/**
 * kill: SIGKILL to this process. abort: a native crash. hang: stands still for ever. ENOSPC, EIO, EACCES: the system call fails with it.
 * short and poison are returned to the place, which acts: a write stores only half of its bytes; a step's numbers become NaN.
 */
export type FaultAction = 'kill' | 'abort' | 'hang' | 'ENOSPC' | 'EIO' | 'EACCES' | 'short' | 'poison'

/** Says what happens at a point; may also throw. */
export type FaultHandler = (point: string) => FaultAction | undefined

const actions: readonly string[] = ['kill', 'abort', 'hang', 'ENOSPC', 'EIO', 'EACCES', 'short', 'poison']
const built = typeof __CELLSCOPE_FAULTS__ === 'undefined' || __CELLSCOPE_FAULTS__

let handler: FaultHandler | undefined = built ? handlerFromText(process.env['CELLSCOPE_FAULT'] ?? '') : undefined

/** Marks a place where a test may make this process fail. Returns the action when the place itself must act on it. */
export function faultPoint(point: string): FaultAction | undefined {
  if (!built || handler === undefined) return undefined
  return act(handler(point), point)
}

/** Sets what happens at fault points from now on; undefined makes them inert. For tests. */
export function setFaultHandler(next: FaultHandler | undefined): void {
  handler = next
}

/** Reads `point:hit:action,...`; undefined when there is nothing in it. A mistake is an error, so that no test passes by a typing error. */
export function handlerFromText(text: string): FaultHandler | undefined {
  if (text === '') return undefined
  const plans = text.split(',').map(planFromText)
  const hits = new Map<string, number>()
  return (point) => {
    for (const name of [point, '*']) hits.set(name, (hits.get(name) ?? 0) + 1)
    return plans.find((plan) => (plan.point === point || plan.point === '*') && hits.get(plan.point) === plan.hit)?.action
  }
}

function planFromText(text: string): { point: string; hit: number; action: FaultAction } {
  const [point = '', hit = '', action = ''] = text.split(':')
  if (point === '' || !/^[1-9]\d*$/.test(hit) || !actions.includes(action)) {
    throw new Error(`CELLSCOPE_FAULT: expected point:hit:action with an action of ${actions.join(', ')}, found ${JSON.stringify(text)}`)
  }
  return { point, hit: Number(hit), action: action as FaultAction }
}

function act(action: FaultAction | undefined, point: string): FaultAction | undefined {
  if (action === undefined || action === 'short' || action === 'poison') return action
  if (action === 'abort') process.abort()
  if (action === 'kill') process.kill(process.pid, 'SIGKILL')
  if (action === 'kill' || action === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  throw Object.assign(new Error(`${action}: injected at ${point}`), { code: action })
}
