/** The messages between host and page over a port of Electron. */
import type { MessagePortMain } from 'electron'
import type { ClientRequest, HostMessage, Transport } from '../shared/clientProtocol.js'

export function portTransport(port: MessagePortMain): Transport<HostMessage, ClientRequest> {
  let open = true
  port.on('close', () => (open = false))
  return {
    send(message) {
      if (open) port.postMessage(message)
    },
    onMessage(listener) {
      port.on('message', (event) => listener(event.data as ClientRequest))
      port.start()
    },
    onClose: (listener) => port.on('close', listener),
    close() {
      if (open) port.close()
    }
  }
}
