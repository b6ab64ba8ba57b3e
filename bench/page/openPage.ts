/** A page that is a process of its own with a WebSocket, as far from the host as a browser on this machine. It draws nothing. */
import { spawn } from 'node:child_process'
import type { RequestName } from '../../src/shared/clientProtocol.js'

export interface PageOrder {
  address: string
  origin: string
  cookie: string
  /** Made one after the other, each when the one before was answered. */
  requests: { name: RequestName; input: unknown }[]
  /** The page leaves with so many entries, or when its run is over. */
  entries: number
}

/** What the page saw; times count from its first request. */
export interface PageReport {
  wholeMs: number
  /** Until the first piece of the journal. */
  firstMs: number
  entries: number
  messages: number
  bytes: number
  /** Entries whose sequence number was not the next one. */
  gaps: number
  pulses: number
  /** Processor time of the page since its first request. */
  cpuMs: number
  over: string | null
  /** Why the run ended, where it failed. */
  error: string | null
}

const program = `
  const order = JSON.parse(process.argv[1])
  const { WebSocket } = require(order.ws)
  const socket = new WebSocket(order.address, { origin: order.origin, headers: { cookie: order.cookie } })
  const seen = { entries: 0, messages: 0, bytes: 0, gaps: 0, pulses: 0, over: null, error: null }
  let begun = 0, first = 0, asked = 0, used
  const ask = () => asked < order.requests.length && socket.send(JSON.stringify({ request: ++asked, ...order.requests[asked - 1] }))
  const leave = () => {
    const { user, system } = process.cpuUsage(used)
    console.log(JSON.stringify({ ...seen, cpuMs: (user + system) / 1000, wholeMs: performance.now() - begun, firstMs: first }))
    socket.terminate()
  }
  socket.on('open', () => { begun = performance.now(); used = process.cpuUsage(); ask() })
  socket.on('message', (data) => {
    const message = JSON.parse(data)
    if (message.error && message.answer) { console.error(message.error); process.exit(1) }
    if (message.answer) ask()
    if (message.news === 'pulse') seen.pulses++
    if (message.news === 'state' && message.over) { seen.over = message.over; seen.error = message.error?.message ?? null; leave() }
    if (message.news !== 'journal') return
    first ||= performance.now() - begun
    for (const { sequence } of message.entries) if (sequence !== ++seen.entries) seen.gaps++
    seen.messages++
    seen.bytes += data.length
    if (seen.entries >= order.entries) leave()
  })
`

export function openPage(order: PageOrder): Promise<PageReport> {
  return new Promise((resolve, reject) => {
    const page = spawn(process.execPath, ['-e', program, JSON.stringify({ ...order, ws: require.resolve('ws') })], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    page.once('error', reject)
    page.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    page.once('exit', () => (said === '' ? reject(new Error('The page ended early; what it said is above.')) : resolve(JSON.parse(said) as PageReport)))
  })
}
