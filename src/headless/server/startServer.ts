/**
 * The workbench for a browser on this machine. Listens on 127.0.0.1 only; every request passes the same checks (host name, origin, method,
 * cookie) before a door is looked at. The pages, downloads of exports, and one WebSocket: nothing else.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Desk } from '../../host/desk/deskOptions.js'
import { AppError } from '../../shared/errors.js'
import { openAccess } from './access.js'
import { answerHeaders } from './answerHeaders.js'
import { openConnections } from './connections.js'
import { checkRequest, hasOrigin, type CheckedRequest } from './checkRequest.js'
import { readCookie, setCookie } from './cookies.js'
import { doors, socketPath } from './doors.js'
import { failedTries } from './failedTries.js'
import { openPageFiles } from './pageFiles.js'
import { refusalText, type RefusalStatus } from './refusal.js'
import { webSocketTransport } from './webSocketTransport.js'

export interface ServerOptions {
  /** Folder with the built pages. */
  pages: string
  /** 0 takes a free one. */
  port?: number
  /** Further host names under which a browser reaches this server, for example through a proxy. */
  hostNames?: readonly string[]
  /** Gets what only we can make sense of. */
  log?(text: string): void
}

export interface RunningServer {
  /** The one address with the token; whoever has it may come in. */
  url: string
  port: number
  /** Ends every connection; the desk stays open. */
  close(): Promise<void>
}

const loopback = '127.0.0.1'
const mostHeaderBytes = 16 * 1024
const mostFrameBytes = 1024 * 1024
/** For the head of a request, and for the whole of it. */
const patienceMs = 10_000

/** @throws AppError file.not-found where the pages were not built, settings.invalid-value where the port is taken */
export async function startServer(desk: Desk, options: ServerOptions): Promise<RunningServer> {
  const pages = openPageFiles(options.pages)
  const access = openAccess()
  const tries = failedTries()
  const names = options.hostNames ?? []
  const connections = openConnections()
  const log = (text: string): void => options.log?.(text)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostFrameBytes, perMessageDeflate: false })
  const server = createServer({
    maxHeaderSize: mostHeaderBytes,
    requestTimeout: patienceMs,
    headersTimeout: patienceMs,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: 5000
  })
  let port = 0

  function hasSession({ headers, socket }: IncomingMessage): boolean {
    const isOurs = access.isSession(readCookie(headers.cookie, port) ?? '')
    if (isOurs) connections.trust(socket)
    return isOurs
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const checked = checkRequest(request, names)
    if (typeof checked === 'number') return refuse(request, response, checked)
    if (checked.path === '/' && checked.query.has('token')) return letIn(request, response, checked)
    if (!hasSession(request)) return refuse(request, response, 401)
    const asked = { path: checked.path, response, headers: answerHeaders(checked.host), desk, pages }
    for (const door of doors) if (await door.answer(asked)) return
    refuse(request, response, 404)
  }

  /** The token for a cookie; the address without the token is where the browser goes on. */
  function letIn(request: IncomingMessage, response: ServerResponse, { host, query }: CheckedRequest): void {
    const given = query.getAll('token')
    if (given.length !== 1 || !access.isToken(given[0])) return refuse(request, response, 401)
    const headers = { ...answerHeaders(host), 'Set-Cookie': setCookie(port, access.openSession()) }
    // Where another page or a file led here, a redirect would leave the cookie behind; our own page's step does not.
    const isLed = request.headers['sec-fetch-site'] !== undefined && request.headers['sec-fetch-site'] !== 'none'
    response.writeHead(isLed ? 200 : 303, { ...headers, ...(isLed ? { Refresh: '0; url=/' } : { Location: '/' }) })
    response.end()
  }

  function refuse(request: IncomingMessage, response: ServerResponse, status: RefusalStatus): void {
    const answer = (): void => {
      const headers = { ...answerHeaders(loopback), 'Content-Type': 'text/plain; charset=utf-8', ...(status === 405 ? { Allow: 'GET' } : {}) }
      // What may still come of a request that was not understood is not read.
      response.writeHead(status, { ...headers, Connection: 'close' })
      response.end(`${refusalText[status]}\n`)
    }
    if (status === 401) waitWithWord(request.socket, answer)
    else answer()
  }

  function waitWithWord(socket: Duplex & { remoteAddress?: string | undefined }, say: () => void): void {
    const waitMs = tries.add(socket.remoteAddress ?? '', Date.now())
    if (waitMs === undefined) return void socket.destroy()
    setTimeout(() => {
      tries.done()
      say()
    }, waitMs)
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined)
    const checked = checkRequest(request, names)
    if (typeof checked === 'number') return hangUp(socket, checked)
    if (!hasOrigin(request)) return hangUp(socket, 403)
    if (!hasSession(request)) return waitWithWord(socket, () => hangUp(socket, 401))
    if (checked.path !== socketPath) return hangUp(socket, 404)
    sockets.handleUpgrade(request, socket, head, (opened) => void desk.connect(webSocketTransport(opened)))
  }

  server.on('request', (request, response) => {
    receive(request, response).catch((error: unknown) => {
      // Such as a reader who left in the middle of a download.
      if (!response.destroyed) log(`Request: ${error instanceof Error ? error.stack : String(error)}`)
      response.destroy()
    })
  })
  server.on('upgrade', upgrade)
  server.on('checkContinue', (request, response) => refuse(request, response, 417))
  server.on('checkExpectation', (request, response) => refuse(request, response, 417))
  server.on('connect', (_request, socket: Duplex) => socket.destroy())
  server.on('clientError', (_error, socket) => hangUp(socket, 400))
  server.on('connection', connections.add)
  port = await listen(options.port ?? 0)
  return {
    url: `http://${loopback}:${port}/?token=${access.token}`,
    port,
    async close() {
      for (const socket of sockets.clients) socket.close(1001)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      connections.closeAll()
      await closed
    }
  }

  function listen(wanted: number): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(new AppError('settings.invalid-value', `Port ${wanted} cannot be used (${error.code ?? error.message}).`, { hint: 'Choose another --port, or 0 for a free one.' }))
      })
      server.listen(wanted, loopback, () => resolve((server.address() as AddressInfo).port))
    })
  }
}

/** Who is still talking gets this long to hear that nobody listens. */
const farewellMs = 500

/** The same words on a line that is no HTTP answer any more. */
function hangUp(socket: Duplex, status: RefusalStatus): void {
  if (!socket.writable) return void socket.destroy()
  const text = `${refusalText[status]}\n`
  setTimeout(() => socket.destroy(), farewellMs).unref()
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n` +
      `X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n${text}`
  )
}
