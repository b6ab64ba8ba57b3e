/**
 * Who holds a line. Lines of browsers that were let in stay; of the others only so many, and a new one takes the place of the oldest: whoever
 * opens thousands and says nothing keeps nobody out.
 */
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'

export interface Connections {
  add(socket: Socket): void
  /** Somebody with a session speaks on it. */
  trust(socket: Duplex): void
  count(): number
  closeAll(): void
}

const mostStrangers = 32
const mostTrusted = 64
const farewellMs = 100

export function openConnections(): Connections {
  const strangers = new Set<Duplex>()
  const trusted = new Set<Duplex>()
  return {
    add(socket) {
      strangers.add(socket)
      socket.on('close', () => {
        strangers.delete(socket)
        trusted.delete(socket)
      })
      if (strangers.size > mostStrangers) dropOldest(strangers)
    },
    trust(socket) {
      if (!strangers.delete(socket)) return
      trusted.add(socket)
      if (trusted.size > mostTrusted) dropOldest(trusted)
    },
    count: () => strangers.size + trusted.size,
    closeAll() {
      const all = [...strangers, ...trusted]
      for (const socket of all) socket.end()
      setTimeout(() => all.forEach((socket) => socket.destroy()), farewellMs).unref()
    }
  }
}

function dropOldest(sockets: Set<Duplex>): void {
  const [oldest] = sockets
  sockets.delete(oldest)
  oldest.destroy()
}
