/** The messages between host and page over a port of Electron. */
import type { MessagePortMain } from 'electron'
import type { PageTransport } from '../host/desk/deskOptions.js'

export function portTransport(port: MessagePortMain): PageTransport {
  let open = true
  port.on('close', () => (open = false))
  return {
    send(message) {
      if (open) port.postMessage(message)
    },
    onMessage(listener) {
      port.on('message', (event) => listener(event.data))
      port.start()
    },
    onClose: (listener) => port.on('close', listener),
    close() {
      if (open) port.close()
    }
  }
}
