/** The download of the set-up against a package index on this machine that breaks off, sends rubbish, or has nothing. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchWheel } from '../../../scripts/setup/fetchWheel.mjs'
import { findPython } from '../../../scripts/setup/findTools.mjs'

const python = await findPython()
const content = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 7 + (index >> 8)) % 256))
const target = { pythonVersion: '3.11', implementation: 'cp', platforms: ['manylinux_2_27_x86_64'] }
const file = 'toy_wheel-1.0-py3-none-any.whl'
const wheel = { requirement: 'toy-wheel==1.0', file, sha256: createHash('sha256').update(content).digest('hex') }

/** What the index does at its n-th delivery of the file. */
type Delivery = 'whole' | 'half' | 'rubbish'

describe.skipIf(!python)('fetching a wheel', () => {
  let cache: string
  let server: Server
  let deliveries: Delivery[]
  let ranges: string[]

  beforeEach(async () => {
    cache = mkdtempSync(join(tmpdir(), 'cellscope-fetch-'))
    deliveries = []
    ranges = []
    server = createServer((request, response) => {
      if (request.url === '/simple/toy-wheel/') {
        response.setHeader('Content-Type', 'text/html').end(deliveries.length > 0 ? `<a href="../../files/${file}#sha256=0">${file}</a>` : '')
        return
      }
      if (request.url !== `/files/${file}`) {
        response.writeHead(404).end()
        return
      }
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
      ranges.push(request.headers.range ?? 'from the start')
      const body = content.subarray(start)
      response.writeHead(start > 0 ? 206 : 200, { 'Content-Length': body.length })
      const delivery = deliveries.length > 1 ? deliveries.shift() : deliveries[0]
      if (delivery === 'whole') response.end(body)
      else if (delivery === 'rubbish') response.end(Buffer.alloc(body.length))
      else response.write(body.subarray(0, body.length / 2), () => response.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null')
    vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`)
    for (const name of ['PIP_FIND_LINKS', 'PIP_EXTRA_INDEX_URL', 'HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, undefined)
    vi.stubEnv('PIP_RETRIES', '0')
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  })

  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    server.close()
    rmSync(cache, { recursive: true, force: true })
  })

  it('goes on where a broken download stopped', async () => {
    deliveries = ['half', 'whole']
    expect(await fetchWheel(wheel, target, python, cache)).toBe(join(cache, file))
    expect(readFileSync(join(cache, file)).equals(content)).toBe(true)
    expect(ranges).toEqual(['from the start', 'bytes=200000-'])
    expect(readdirSync(cache)).toEqual([file])
  })

  it('goes on with the part that a killed set-up left', async () => {
    deliveries = ['whole']
    writeFileSync(join(cache, `${file}.part`), content.subarray(0, 123_456))
    await fetchWheel(wheel, target, python, cache)
    expect(ranges).toEqual(['bytes=123456-'])
    expect(readFileSync(join(cache, file)).equals(content)).toBe(true)
  })

  it('throws rubbish away and starts anew', async () => {
    deliveries = ['rubbish', 'whole']
    await fetchWheel(wheel, target, python, cache)
    expect(ranges).toEqual(['from the start', 'from the start'])
    expect(readFileSync(join(cache, file)).equals(content)).toBe(true)
  })

  it('fetches nothing when the cache has it, and fetches again when that file is damaged', async () => {
    deliveries = ['whole']
    writeFileSync(join(cache, file), content)
    await fetchWheel(wheel, target, python, cache)
    expect(ranges).toEqual([])
    writeFileSync(join(cache, file), content.subarray(1))
    await fetchWheel(wheel, target, python, cache)
    expect(ranges).toEqual(['from the start'])
    expect(readFileSync(join(cache, file)).equals(content)).toBe(true)
  })

  it('says in one sentence what could not be fetched, with a remedy, and leaves nothing behind', async () => {
    await expect(fetchWheel(wheel, target, python, cache)).rejects.toMatchObject({
      name: 'SetupError',
      message: expect.stringContaining('pip could not fetch toy-wheel==1.0') as string,
      remedy: expect.stringContaining('CELLSCOPE_TENSORFLOW') as string
    })
    expect(readdirSync(cache)).toEqual([])
  })
})
