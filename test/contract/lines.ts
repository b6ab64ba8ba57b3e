/** One page at the end of each transport that there is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { WebSocket } from 'ws'
import { startServer } from '../../src/headless/server/startServer.js'
import type { Desk } from '../../src/host/desk/openDesk.js'
import { inProcessPair } from '../../src/host/desk/transport/inProcessPair.js'
import { portTransport, type MessagePortLike } from '../../src/host/desk/transport/portTransport.js'
import type { ClientRequest, HostMessage, Transport } from '../../src/shared/clientProtocol.js'

export type PageEnd = Transport<ClientRequest, HostMessage>

export interface Line {
  name: string
  /** Opens the way to the desk; the result opens one page after the other, and `close` ends all. */
  open(desk: Desk): Promise<{ page(): Promise<PageEnd>; close(): Promise<void> }>
}

const nothingToClose = (): Promise<void> => Promise.resolve()

/** A port as Electron's main process has it: messages come as events. */
function asElectronPort(port: MessagePort): MessagePortLike {
  return {
    postMessage: (message) => port.postMessage(message),
    on(event, listener) {
      if (event === 'close') port.on('close', listener)
      else port.on('message', (data: unknown) => listener({ data, ports: [] }))
    },
    start: () => port.start(),
    close: () => port.close()
  }
}

function portLine(name: string, hostPort: (port: MessagePort) => ReturnType<typeof portTransport<HostMessage, unknown>>): Line {
  return {
    name,
    open: (desk) =>
      Promise.resolve({
        page() {
          const { port1, port2 } = new MessageChannel()
          desk.connect(hostPort(port1))
          return Promise.resolve(portTransport<ClientRequest, HostMessage>(port2))
        },
        close: nothingToClose
      })
  }
}

/** A cookie for a page of the server at this address. */
export async function letIn(url: string): Promise<{ origin: string; socket: string; cookie: string }> {
  const { origin, host } = new URL(url)
  const answer = await fetch(url, { redirect: 'manual' })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0]
  return { origin, socket: `ws://${host}/socket`, cookie }
}

/** The page's end of a WebSocket, as the renderer's. */
export function socketEnd(socket: WebSocket): PageEnd {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => socket.on('message', (data) => listener(JSON.parse((data as Buffer).toString('utf8')) as HostMessage)),
    onClose: (listener) => socket.on('close', listener),
    close: () => socket.close()
  }
}

export function pagesFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-pages-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Cellscope</title>')
  return folder
}

const webSocket: Line = {
  name: 'WebSocket of the local server',
  async open(desk) {
    const pages = pagesFolder()
    const server = await startServer(desk, { pages })
    const { origin, socket, cookie } = await letIn(server.url)
    return {
      page: () =>
        new Promise((resolve, reject) => {
          const opened = new WebSocket(socket, { origin, headers: { cookie } })
          opened.once('open', () => resolve(socketEnd(opened)))
          opened.once('error', reject)
        }),
      async close() {
        await server.close()
        rmSync(pages, { recursive: true })
      }
    }
  }
}

export const lines: Line[] = [
  {
    name: 'pair in one process',
    open: (desk) =>
      Promise.resolve({
        page() {
          const [host, page] = inProcessPair<HostMessage, ClientRequest>()
          desk.connect(host)
          return Promise.resolve(page)
        },
        close: nothingToClose
      })
  },
  portLine('port of a worker thread', (port) => portTransport(port)),
  portLine('port of Electron', (port) => portTransport(asElectronPort(port), (event) => (event as { data: unknown }).data)),
  webSocket
]
