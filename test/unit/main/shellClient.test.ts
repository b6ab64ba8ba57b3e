import { describe, expect, it } from 'vitest'
import type { PageTransport } from '../../../src/host/desk/deskOptions.js'
import { shellClient } from '../../../src/main/shellClient.js'
import type { HostMessage, HostNews } from '../../../src/shared/clientProtocol.js'

function connected() {
  let host: PageTransport | undefined
  const asked: unknown[] = []
  const client = shellClient((transport) => {
    host = transport
    transport.onMessage((request) => asked.push(request))
  })
  return { client, asked, answer: (message: HostMessage) => host?.send(message) }
}

describe("the shell's own client", () => {
  it('gets each answer to its own request, in any order', async () => {
    const { client, asked, answer } = connected()
    const first = client.request('listRuns', {})
    const second = client.request('chooseFolder', {})
    expect(asked).toEqual([{ request: 1, name: 'listRuns', input: {} }, { request: 2, name: 'chooseFolder', input: {} }])
    answer({ answer: 2, value: { path: '/there' } })
    answer({ answer: 1, value: [] })
    expect(await first).toEqual([])
    expect(await second).toEqual({ path: '/there' })
  })

  it('fails with the error of the host', async () => {
    const { client, answer } = connected()
    const asked = client.request('pauseRun', { run: 'one' })
    answer({ answer: 1, error: { code: 'run.not-found', kind: 'user', message: 'There is no run "one".', hint: 'Look again.' } })
    await expect(asked).rejects.toMatchObject({ code: 'run.not-found', message: 'There is no run "one".', hint: 'Look again.' })
  })

  it('hears news', () => {
    const { client, answer } = connected()
    const heard: HostNews[] = []
    client.onNews((news) => heard.push(news))
    answer({ news: 'runs' })
    expect(heard).toEqual([{ news: 'runs' }])
  })
})
