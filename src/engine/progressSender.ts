/** Progress of tasks without steps, with the time left by their own pace. */
import type { HostPort } from './hostPort.js'

/** Tells the host how far a task is, and by its pace so far how long it will still take. */
export function progressSender(
  port: HostPort,
  showLife: () => void = () => undefined
): (task: string, done: number, total: number) => void {
  let current = ''
  let start = 0
  return (task, done, total) => {
    showLife()
    if (task !== current) [current, start] = [task, performance.now()]
    const elapsedSeconds = (performance.now() - start) / 1000
    const remainingSeconds = done === 0 ? null : (elapsedSeconds / done) * (total - done)
    port.send({ message: 'progress', task, done, total, remainingSeconds })
  }
}
