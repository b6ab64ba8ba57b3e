/** Messages over a WebSocket: JSON as text, at most a megabyte in. */
import type { RawData, WebSocket } from 'ws'
import type { HostMessage } from '../../shared/clientProtocol.js'
import { readClientText } from '../../host/desk/readClientRequest.js'
import type { PageTransport } from '../../host/desk/deskOptions.js'

/** Above this, what is on its way is waited for. */
const busyBytes = 8 * 1024 * 1024
const aliveEveryMs = 30_000
/** Codes of RFC 6455: not acceptable, bad data. */
const notText = 1003
const badData = 1007

export function webSocketTransport(socket: WebSocket): PageTransport {
  let alive = true
  socket.on('pong', () => (alive = true))
  // A tunnel that is gone says nothing; whoever does not answer is.
  const timer = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, aliveEveryMs)
  timer.unref()
  socket.on('close', () => clearInterval(timer))
  // A frame that is too large or broken: ws closes the socket itself.
  socket.on('error', () => undefined)
  return {
    send(message: HostMessage) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
    },
    sendText(json) {
      if (socket.readyState === socket.OPEN) socket.send(json)
    },
    onMessage(listener) {
      socket.on('message', (data: RawData, isBinary) => {
        if (isBinary) return socket.close(notText)
        let message: unknown
        try {
          message = readClientText(data as Buffer)
        } catch {
          return socket.close(badData)
        }
        listener(message)
      })
    },
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
    isBusy: () => socket.bufferedAmount > busyBytes
  }
}
