/** Messages over a port: `MessagePort` of Node's worker threads, or `MessagePortMain` of Electron. */
import type { Transport } from '../../../shared/clientProtocol.js'

/** As much of a port as is used here. */
export interface MessagePortLike {
  postMessage(message: unknown): void
  on(event: 'message' | 'close', listener: (handed: unknown) => void): unknown
  /** Electron holds messages back until then. */
  start?(): void
  close(): void
}

/** `read` takes the message out of what the port hands over: Node hands over the message itself, Electron an event with `data`. */
export function portTransport<Out, In>(port: MessagePortLike, read: (handed: unknown) => In = (handed) => handed as In): Transport<Out, In> {
  let open = true
  port.on('close', () => (open = false))
  return {
    send(message) {
      if (open) port.postMessage(message)
    },
    onMessage(listener) {
      port.on('message', (handed) => listener(read(handed)))
      port.start?.()
    },
    onClose: (listener) => void port.on('close', listener),
    close() {
      if (open) port.close()
    }
  }
}
