/** The worker's line to its host, whatever carries it: Node's channel to a parent process, or Electron's parent port. */
import { farewell } from '../shared/farewell.js'
import type { WorkerCommand, WorkerMessage } from '../shared/protocol.js'

export interface HostPort {
  send(message: WorkerMessage): void
  onCommand(listener: (command: WorkerCommand) => void): void
  /** The host is gone. */
  onClose(listener: () => void): void
  /** Resolves when what was sent has left this process. */
  drained(): Promise<void>
}

/** Electron's `process.parentPort`, as much as we use of it. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => unknown): void
}

/** The port of this process, or undefined when nobody started it as a worker. */
export function openHostPort(): HostPort | undefined {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (parentPort) return electronPort(parentPort)
  return process.send === undefined ? undefined : nodePort()
}

const farewellWithinMs = 2000

function electronPort(port: ParentPort): HostPort {
  return {
    send: (message) => port.postMessage(message),
    onCommand: (listener) => port.on('message', (event) => event.data !== farewell && listener(event.data as WorkerCommand)),
    // Electron ends a utility process with its host.
    onClose: () => undefined,
    drained: () =>
      new Promise((resolve) => {
        setTimeout(resolve, farewellWithinMs)
        port.on('message', (event) => event.data === farewell && resolve())
        port.postMessage(farewell)
      })
  }
}

function nodePort(): HostPort {
  let waiting = 0
  let resolveDrained: () => void = () => undefined
  const left = (): void => {
    waiting--
    if (waiting === 0) resolveDrained()
  }
  return {
    send(message) {
      if (!process.connected) return
      waiting++
      process.send?.(message, undefined, undefined, left)
    },
    onCommand: (listener) => process.on('message', (raw) => listener(raw as WorkerCommand)),
    onClose: (listener) => process.on('disconnect', listener),
    drained: () => (waiting === 0 || !process.connected ? Promise.resolve() : new Promise((resolve) => (resolveDrained = resolve)))
  }
}
