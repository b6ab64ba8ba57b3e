/**
 * Messages over a port to the desktop program. The page says that it is there, the preload hands the port over; both by messages of this
 * window to itself, which nobody else can send because nothing foreign runs in it.
 */
import type { ClientRequest, HostMessage, Transport } from '../../shared/clientProtocol.js'
import { pageReady, portMessage } from '../../shared/windowHandshake.js'

export function openPort(page: Window): Promise<Transport<ClientRequest, HostMessage>> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0]
      if (event.source !== page || event.data !== portMessage || port === undefined) return
      page.removeEventListener('message', listen)
      resolve(transportOf(port))
    }
    page.addEventListener('message', listen)
    page.postMessage(pageReady, page.location.origin === 'null' ? '*' : page.location.origin)
  })
}

/** Browsers of today tell when the other end of a port is gone; older ones do not, but there the page ends together with the program. */
function transportOf(port: MessagePort): Transport<ClientRequest, HostMessage> {
  const closed = new Set<() => void>()
  const shut = (): void => {
    port.close()
    for (const listener of [...closed]) listener()
    closed.clear()
  }
  port.addEventListener('close', shut)
  return {
    // As text and back: what a form holds are Vue's reactive objects, which a port cannot carry.
    send: (message) => port.postMessage(JSON.parse(JSON.stringify(message))),
    onMessage(listener) {
      port.addEventListener('message', (event: MessageEvent<HostMessage>) => listener(event.data))
      port.start()
    },
    onClose: (listener) => void closed.add(listener),
    close: shut
  }
}
