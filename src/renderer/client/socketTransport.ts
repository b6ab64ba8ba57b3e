/** Messages over a WebSocket to the server that this page came from. The cookie that it set lets us in. */
import type { ClientRequest, HostMessage, Transport } from '../../shared/clientProtocol.js'

export function openSocket(address: string): Promise<Transport<ClientRequest, HostMessage>> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address)
    socket.addEventListener('open', () => resolve(transportOf(socket)), { once: true })
    socket.addEventListener('close', () => reject(new Error('The server did not take the connection.')), { once: true })
  })
}

/** `ws://127.0.0.1:4000/socket` for a page at `http://127.0.0.1:4000/`. */
export function socketAddress(page: Location): string {
  const address = new URL('/socket', page.href)
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}

function transportOf(socket: WebSocket): Transport<ClientRequest, HostMessage> {
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    onMessage(listener) {
      socket.addEventListener('message', (event: MessageEvent<string>) => listener(JSON.parse(event.data) as HostMessage))
    },
    onClose(listener) {
      socket.addEventListener('close', () => listener())
    },
    close() {
      socket.close()
    }
  }
}
