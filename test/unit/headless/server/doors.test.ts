/** Every door of the server against who must not come in. The list of doors comes from the router: a new one cannot be forgotten. */
import { describe, expect, it } from 'vitest'
import { doors, socketPath } from '../../../../src/headless/server/doors.js'
import { hostilePaths } from './hostilePaths.js'
import { get, secret, send, testServer, upgradeHead, type Head, type RawAnswer, type TestServer } from './testServer.js'

interface Knock {
  name: string
  knock(server: TestServer, head?: Head): Promise<RawAnswer>
  /** What it answers to who may come in. */
  open: number
}

const knocks: Knock[] = [
  ...doors.map(({ name, example }) => ({
    name: `door ${name}`,
    knock: (server: TestServer, head?: Head) => get(server, example.replace('/run/', '/run1/'), head),
    open: 200
  })),
  { name: 'nothing there', knock: (server, head) => get(server, '/no/such/thing', head), open: 404 },
  { name: 'WebSocket', knock: (server, head) => get(server, socketPath, upgradeHead(server, head)), open: 101 },
  { name: 'WebSocket elsewhere', knock: (server, head) => get(server, '/other', upgradeHead(server, head)), open: 404 }
]

describe.each(knocks)('$name', ({ name, knock, open }) => {
  it('opens for a browser that was let in, under both names of this machine', async () => {
    const server = await testServer()
    expect((await knock(server)).status).toBe(open)
    const host = `localhost:${server.port}`
    expect((await knock(server, { Host: host, ...(name.startsWith('WebSocket') ? { Origin: `http://${host}` } : {}) })).status).toBe(open)
  })

  it('stays shut without a session, with an empty, a wrong, a nearly right, a doubled or a huge one (S1)', async () => {
    const server = await testServer()
    const [cookieName, value] = server.cookie.split('=')
    const wrong: Head[] = [
      { Cookie: undefined }, { Cookie: '' }, { Cookie: `${cookieName}=` }, { Cookie: `${cookieName}=${'A'.repeat(43)}` },
      { Cookie: `${cookieName}=${value.slice(0, -1)}` }, { Cookie: `${cookieName}=${value}x` }, { Cookie: `${cookieName}=${value}; ${cookieName}=${value}` }
    ]
    for (const head of wrong) expect([head, (await knock(server, head)).status]).toEqual([head, 401])
    for (const head of [{ Cookie: `cellscope-1=${value}` }, { Cookie: undefined, Authorization: `Bearer ${value}` }]) {
      const { status } = await knock(server, head)
      expect([0, 401]).toContain(status)
    }
    const { status } = await knock(server, { Cookie: `${cookieName}=${'A'.repeat(1_000_000)}` })
    expect([0, 400, 431]).toContain(status)
  })

  it('is not opened by the token itself, as a cookie or in the address', async () => {
    const server = await testServer()
    const token = new URL(server.server.url).searchParams.get('token') ?? ''
    expect((await knock(server, { Cookie: `${server.cookie.split('=')[0]}=${token}` })).status).toBe(401)
  })

  it('stays shut for another host name: rebinding, look-alikes, tricks with ports (S4)', async () => {
    const server = await testServer()
    const { port } = server
    const hosts = [
      'evil.example', `evil.example:${port}`, 'localhost.evil', `localhost.evil:${port}`, `127.0.0.1.evil:${port}`, `localhost.:${port}`, `127.0.0.1.:${port}`, `0.0.0.0:${port}`,
      `192.168.1.1:${port}`, `127.0.0.2:${port}`, `2130706433:${port}`, `0x7f000001:${port}`, `127.1:${port}`, `[::]:${port}`, `[::ffff:127.0.0.1]:${port}`,
      `127.0.0.1:${port}@evil.example`, `evil.example@127.0.0.1:${port}`, `127.0.0.1:${port}:80`, '127.0.0.1:0', '127.0.0.1:99999', `127.0.0.1:${port}/`, `LOCALHOST:${port}`, ' ', ''
    ]
    const statuses = await Promise.all(hosts.map(async (Host) => [Host, (await knock(server, { Host })).status]))
    for (const [host, status] of statuses) expect([host, [400, 403].includes(status as number)]).toEqual([host, true])
    const two = await knock(server, { Host: [`127.0.0.1:${port}`, 'evil.example'] })
    expect([400, 403]).toContain(two.status)
    expect([400, 403]).toContain((await knock(server, { Host: undefined })).status)
  })

  it('stays shut for another origin (S5)', async () => {
    const server = await testServer()
    const origins = [
      'null', 'http://evil.example', `https://127.0.0.1:${server.port}`, `http://127.0.0.1:${server.port + 1}`, 'http://127.0.0.1', `http://localhost:${server.port}`,
      `http://127.0.0.1:${server.port}.evil`, `http://127.0.0.1:${server.port}/`, 'file://', ''
    ]
    for (const Origin of origins) expect([Origin, (await knock(server, { Origin })).status]).toEqual([Origin, 403])
    expect((await knock(server, { Origin: [server.origin, 'http://evil.example'] })).status).toBe(403)
  })

  it('stays shut for what a page of another site loads (S6)', async () => {
    const server = await testServer()
    for (const site of ['cross-site', 'same-site']) {
      for (const mode of ['no-cors', 'cors', 'websocket']) {
        expect((await knock(server, { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode })).status).toBe(403)
      }
    }
  })

  it('never lets another site read, whatever it answers, and says how the browser must treat it', async () => {
    const server = await testServer()
    for (const head of [{}, { Cookie: undefined }, { Host: 'evil.example' }, { Origin: 'http://evil.example' }]) {
      const { headers, text } = await knock(server, head)
      expect(Object.keys(headers).filter((header) => header.startsWith('access-control'))).toEqual([])
      expect(Object.keys(headers)).not.toContain('x-powered-by')
      expect(text).not.toContain(server.server.url.split('token=')[1])
    }
  })
})

it('a WebSocket without an origin is refused (S5)', async () => {
  const server = await testServer()
  expect((await get(server, socketPath, upgradeHead(server, { Origin: undefined }))).status).toBe(403)
})

describe('a further host name', () => {
  it('that was allowed at the start is let in, others are not', async () => {
    const server = await testServer(['lab-gpu', 'lab.example'])
    expect((await get(server, '/', { Host: 'lab-gpu:8000' })).status).toBe(200)
    expect((await get(server, '/', { Host: 'lab.example' })).status).toBe(200)
    expect((await get(server, '/', { Host: 'lab.example.evil' })).status).toBe(403)
  })
})

describe('the one address', () => {
  it('has a token of 256 bits, other at every start', async () => {
    const tokens = [(await testServer()).server.url, (await testServer()).server.url].map((url) => new URL(url).searchParams.get('token') ?? '')
    expect(tokens.map((token) => Buffer.from(token, 'base64url').length)).toEqual([32, 32])
    expect(tokens[0]).not.toBe(tokens[1])
  })

  it('gives a cookie for it and leads to an address without it (S3)', async () => {
    const server = await testServer()
    const target = server.server.url.slice(server.origin.length)
    const { status, headers, text } = await get(server, target, { Cookie: undefined })
    expect([status, headers.location]).toEqual([303, '/'])
    expect(headers['set-cookie']).toMatch(new RegExp(`^cellscope-${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`))
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(text).not.toContain(target.split('=')[1])
    const led = await get(server, target, { Cookie: undefined, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })
    expect([led.status, led.headers.refresh]).toEqual([200, '0; url=/'])
  })

  it('a wrong token gives none (S1)', async () => {
    const server = await testServer()
    const token = server.server.url.split('token=')[1]
    const wrong = ['', token.slice(1), `${token}A`, `${token}&token=${token}`, token.toLowerCase(), 'A'.repeat(3000), '%00', `%${token}`]
    for (const each of wrong) {
      const { status, headers } = await get(server, `/?token=${each}`, { Cookie: undefined })
      expect([each, status, headers['set-cookie']]).toEqual([each, 401, undefined])
    }
  })

  it('is in no log, and no error (S3)', async () => {
    const server = await testServer()
    const token = server.server.url.split('token=')[1]
    const page = await server.page()
    await page.ask('describe', {})
    await page.ask('describeRun', { run: 'nobody' }).catch(() => undefined)
    await get(server, '/download/run1/none', {})
    expect(server.logged.join('\n')).not.toContain(token)
    expect(JSON.stringify(page.news)).not.toContain(token)
  })
})

describe('what is given', () => {
  it('has a content policy that allows nothing from elsewhere', async () => {
    const server = await testServer()
    const { headers, body } = await get(server, '/')
    expect(body).toContain('Cellscope')
    expect(headers['content-security-policy'].split('; ')).toEqual([
      "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", `connect-src 'self' ws://127.0.0.1:${server.port}`,
      "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"
    ])
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8'
    })
    expect((await get(server, '/assets/index.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
  })

  it('an exported file comes as it is, a folder as a zip without what its links lead to', async () => {
    const server = await testServer()
    const file = await get(server, '/download/run10/student.onnx')
    expect([file.status, file.body, file.headers['content-disposition']]).toEqual([200, 'model of run10', 'attachment; filename="student.onnx"'])
    const answer = await fetch(`${server.origin}/download/run1/student`, { headers: { cookie: server.cookie } })
    const { unzipSync } = await import('fflate')
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()))
    expect(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]))).toEqual({
      'student/model.onnx': 'run1 model.onnx', 'student/tfjs/model.json': 'run1 tfjs/model.json'
    })
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="student.zip"')
  })

  it('two hundred hostile paths lead nowhere, as a page, a run, a name of an export (S7)', async () => {
    expect(hostilePaths.length).toBeGreaterThanOrEqual(200)
    const server = await testServer()
    const targets = hostilePaths.flatMap((path) => {
      // Letters that cannot stand in a request line at all are refused before; here they come in as a browser would write them.
      const written = path.replaceAll('\u0000', '%00').replaceAll(' ', '%20')
      const encoded = encodeURIComponent(path)
      return [`/${written}`, `/assets/${written}`, `/download/${written}/student.onnx`, `/download/run1/${written}`, `/download/${encoded}/student.onnx`, `/download/run1/${encoded}`]
    })
    while (targets.length > 0) {
      await Promise.all(
        targets.splice(0, 16).map(async (target) => {
          const { status, text } = await get(server, target)
          expect([target, [400, 404].includes(status)]).toEqual([target, true])
          expect(text).not.toContain(secret)
        })
      )
    }
  }, 120_000)

  it('the same names lead nowhere as the run, the picture, the dataset or the target of a request (S7, S8)', async () => {
    const server = await testServer()
    const page = await server.page()
    const codes = new Set<string>()
    const refused = async (work: Promise<unknown>): Promise<void> => {
      await work.then(
        (value) => expect(value).toBe('a refusal'),
        (error: unknown) => {
          const { report } = error as { report?: { code: string; message: string } }
          codes.add(report?.code ?? 'none')
          expect(report?.message).not.toContain(secret)
        }
      )
    }
    const data = { cropHeight: 32, cropWidth: 32 }
    for (const path of hostilePaths) {
      await refused(page.ask('describeRun', { run: path }))
      await refused(page.ask('readPicture', { run: 'run1', id: path }))
      await refused(page.ask('scan', { data: { ...data, source: path } as never, seed: 1 }))
      await refused(page.ask('startRun', { job: 'run', name: null, settings: { data: { source: path } } }))
      await refused(page.ask('startRun', { job: 'run', name: null, settings: { latency: { table: path } } }))
      await refused(page.ask('exportModel', { run: 'run1', network: 'student', format: 'onnx', out: path }))
    }
    expect([...codes].sort()).toEqual(['file.not-found', 'protocol.invalid', 'request.refused', 'run.not-found', 'settings.invalid-value'])
    expect((await page.ask('listRuns', {})).map(({ name }) => name)).toEqual(['run1', 'run10'])
    expect(server.engine.workers).toEqual([])
  }, 120_000)
})

describe('what is no request of ours (S6, S11)', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s is refused at every door', async (method) => {
    const server = await testServer()
    for (const path of ['/', '/download/run1/student.onnx', socketPath]) {
      const { status, headers } = await get(server, path, { Origin: server.origin, 'X-HTTP-Method-Override': 'GET' }, method)
      expect([path, status]).toEqual([path, 405])
      expect(headers.allow).toBe('GET')
    }
  })

  it('a form of another site, even with the cookie, changes nothing', async () => {
    const server = await testServer()
    const body = 'job=run&name=x'
    const head = `Host: 127.0.0.1:${server.port}\r\nCookie: ${server.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n`
    expect((await send(server.port, `POST /socket HTTP/1.1\r\n${head}\r\n${body}`)).status).toBe(405)
    expect((await send(server.port, `GET / HTTP/1.1\r\n${head}\r\n${body}`)).status).toBe(413)
    expect(server.engine.workers).toEqual([])
  })

  it('a request within a request is not heard', async () => {
    const server = await testServer()
    const host = `Host: 127.0.0.1:${server.port}\r\nCookie: ${server.cookie}\r\n`
    const inner = `GET /download/run1/student.onnx HTTP/1.1\r\n${host}\r\n`
    const smuggled = [
      `GET / HTTP/1.1\r\n${host}Content-Length: ${inner.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      `GET / HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
      `GET / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n${inner}`,
      `GET / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n${inner}`,
      `GET / HTTP/1.1\r\n${host}Content-Length: ${inner.length}\r\n\r\n${inner}`,
      `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\nContent-Length: -1\r\n\r\n${inner}`
    ]
    for (const bytes of smuggled) {
      const { status, text } = await send(server.port, bytes)
      expect([400, 413]).toContain(status)
      expect(text).not.toContain('model of run1')
    }
  })

  it.each([
    ['an address of another server', 'GET http://evil.example/ HTTP/1.1'], ['two slashes', 'GET //evil.example/ HTTP/1.1'], ['no path', 'GET * HTTP/1.1'], ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1'],
    ['no method', 'hello'], ['a line feed in the path', 'GET /a\nb HTTP/1.1'], ['bytes that are no text', 'GET /\xff\xfe HTTP/1.1'], ['another protocol', 'GET / HTTP/3.0'],
    ['a method in small letters', 'get / HTTP/1.1'], ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']
  ])('%s is not understood', async (_, line) => {
    const server = await testServer()
    const { status, text } = await send(server.port, Buffer.from(`${line}\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${server.cookie}\r\nConnection: close\r\n\r\n`, 'latin1'))
    expect([0, 400, 404]).toContain(status)
    expect(text).not.toContain('<!doctype')
  })

  it('who waits to be told to go on is sent away', async () => {
    const server = await testServer()
    expect((await get(server, '/', { Expect: '100-continue' })).status).toBe(417)
    expect((await get(server, '/', { Expect: 'something' })).status).toBe(417)
  })

  it('an old request without a host name is refused', async () => {
    const server = await testServer()
    expect((await send(server.port, `GET / HTTP/1.0\r\nCookie: ${server.cookie}\r\n\r\n`)).status).toBe(403)
  })
})
