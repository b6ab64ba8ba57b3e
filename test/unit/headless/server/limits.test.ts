/** Who sends too much, too slowly or too often: he is cut off, and honest pages go on (S9, S10, S13). */
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { failedTries } from '../../../../src/headless/server/failedTries.js'
import { until } from '../../host/desk/testDesk.js'
import { get, send, silentLine, testServer, type TestServer } from './testServer.js'

function openSocket({ origin, port, cookie }: TestServer): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { origin, headers: { cookie } })
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('close', resolve)
    socket.on('error', () => undefined)
  })
}

describe('sizes', () => {
  it('a head of more than 16 KB and a body of any size are refused', async () => {
    const server = await testServer()
    expect([0, 400, 431]).toContain((await get(server, '/', { 'X-Long': 'a'.repeat(17_000) })).status)
    expect([0, 400, 431]).toContain((await get(server, '/', Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`X-${index}`, 'a'])))).status)
    expect((await get(server, '/', { 'Content-Length': '100000000' })).status).toBe(413)
    expect((await get(server, `/${'a'.repeat(5000)}`)).status).toBe(400)
    expect((await get(server, '/')).status).toBe(200)
  })

  it('a message of more than a megabyte closes its line and no other', async () => {
    const server = await testServer()
    const honest = await server.page()
    const socket = await openSocket(server)
    const code = closeCode(socket)
    socket.send(JSON.stringify({ request: 1, name: 'describe', input: 'a'.repeat(1_100_000) }))
    expect(await code).toBe(1009)
    expect(await honest.ask('listRuns', {})).toHaveLength(2)
  })

  it.each([
    ['deep JSON', '['.repeat(100_000) + ']'.repeat(100_000), 1007],
    ['an object a thousand deep', '{"a":'.repeat(1000) + '1' + '}'.repeat(1000), 1007],
    ['text that is no JSON', 'hello', 1007],
    ['a key of the prototype', '{"request":1,"name":"describe","input":{"__proto__":{"a":1}}}', 1007],
    ['a key twice', '{"request":1,"request":2,"name":"describe","input":{}}', 1007],
    ['a number beyond all', '{"request":1e999,"name":"describe","input":{}}', 1007],
    ['JSON that is no request', '"hello"', 1005]
  ])('%s closes its line', async (_, text, expected) => {
    const server = await testServer()
    const socket = await openSocket(server)
    const code = closeCode(socket)
    socket.send(text)
    expect(await code).toBe(expected)
  })

  it('bytes instead of text, and broken text, close their line', async () => {
    const server = await testServer()
    const binary = await openSocket(server)
    const binaryCode = closeCode(binary)
    binary.send(Buffer.from('{"request":1,"name":"describe","input":{}}'))
    expect(await binaryCode).toBe(1003)
    const broken = await openSocket(server)
    const brokenCode = closeCode(broken)
    broken.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
    expect(await brokenCode).toBe(1007)
  })

  it('compression is not agreed to, so nothing small becomes large', async () => {
    const server = await testServer()
    const socket = await openSocket(server)
    expect(socket.extensions).toBe('')
    socket.close()
  })
})

describe('many and slow', () => {
  it('hundreds of silent lines keep nobody out', async () => {
    const server = await testServer()
    const page = await server.page()
    const lines = Array.from({ length: 300 }, (_, index) => silentLine(server.port, index % 2 === 0 ? '' : 'GET / HTTP/1.1\r\nHost: 127'))
    await until('the oldest are dropped', () => lines.filter(({ closed }) => closed()).length >= 300 - 32)
    expect((await get(server, '/')).status).toBe(200)
    expect(await page.ask('listRuns', {})).toHaveLength(2)
    expect(page.closed()).toBe(false)
  })

  it('a head that never ends is given up', async () => {
    const server = await testServer()
    const { closed, line } = silentLine(server.port, 'GET / HTTP/1.1\r\n')
    const timer = setInterval(() => line.write('X: a\r\n'), 500)
    for (const end = Date.now() + 25_000; !closed() && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 100))
    clearInterval(timer)
    expect(closed()).toBe(true)
  }, 30_000)

  it('more than 64 sockets of pages: the oldest goes', async () => {
    const server = await testServer()
    const sockets: WebSocket[] = []
    for (let opened = 0; opened < 70; opened++) sockets.push(await openSocket(server))
    const isOpen = (socket: WebSocket): boolean => socket.readyState === WebSocket.OPEN
    await until('sixty-four', () => sockets.filter(isOpen).length <= 64)
    expect(isOpen(sockets[69])).toBe(true)
    sockets.forEach((socket) => socket.terminate())
  })
})

describe('guessing', () => {
  it('the first ten refusals come at once, later ones after a second, and of many that wait most are hung up on', () => {
    const tries = failedTries()
    const waits = Array.from({ length: 10 }, (_, index) => {
      tries.done()
      return tries.add('a', index)
    })
    expect(waits).toEqual(Array.from({ length: 10 }, () => 0))
    expect(tries.add('a', 20)).toBe(1000)
    expect(tries.add('b', 20)).toBe(0)
    const flood = Array.from({ length: 100 }, () => tries.add('a', 30))
    expect(flood.filter((wait) => wait === 1000).length).toBeLessThanOrEqual(16)
    expect(flood.filter((wait) => wait === undefined).length).toBeGreaterThan(80)
    expect(tries.add('c', 40)).toBe(0)
    expect(tries.add('a', 200_000)).toBe(0)
  })

  it('every refusal is the same text, and an honest page is answered meanwhile', async () => {
    const server = await testServer()
    const guesses = Array.from({ length: 40 }, (_, index) => get(server, `/?token=guess${index}`, { Cookie: undefined }))
    expect((await get(server, '/')).status).toBe(200)
    const answers = await Promise.all(guesses)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 0]))
    expect(new Set(answers.filter(({ status }) => status === 401).map(({ body }) => body)).size).toBe(1)
  })
})

describe('what is said of an error (S13)', () => {
  it('nothing of this machine, of the code, or of what there is', async () => {
    const server = await testServer()
    for (const target of ['/nothing', '/download/nobody/x', '/download/run1/%zz', '/assets/%c0%af']) {
      const { body, status } = await get(server, target)
      expect([400, 404]).toContain(status)
      expect(body.length).toBeLessThan(60)
      expect(body).not.toMatch(/\/|Error|\bat\b|\.ts|\.cjs/)
    }
    const { body } = await send(server.port, 'GET / HTTP/1.1\r\n\r\n')
    expect(body).not.toMatch(/Error|\bat\b/)
  })
})
