/** A host without a machine behind it: answers requests as a test says, records them, speaks when told. The client is the real one. */
import { createClient } from '../../../src/renderer/client/createClient.js'
import type { Client } from '../../../src/renderer/client/client.js'
import type { Answers, ApplicationDescription, ClientRequest, HostMessage, HostNews, RequestName, RunSummary, Transport } from '../../../src/shared/clientProtocol.js'
import { requestInputs } from '../../../src/shared/clientProtocol.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import { toAppError } from '../../../src/shared/errors.js'

type Handler = (input: never) => unknown
export type Handlers = { [Name in RequestName]?: (input: never) => Answers[Name] | Promise<Answers[Name]> }

export interface FakeHost {
  client: Client
  /** Every request in order, with the input as it went over the wire. */
  requests: { name: RequestName; input: unknown }[]
  handlers: Handlers
  say: (news: HostNews) => void
  /** Progress of the last request of this name. */
  progress: (name: RequestName, done: number, total: number) => void
  /** Cuts the connection; while `refuse` is set no new one comes about. */
  cut: () => void
  refuse: boolean
  count: (name: RequestName) => number
}

export const description: ApplicationDescription = {
  version: '0.1.0', shell: 'browser', workspace: '/home/me/cellscope', datasets: ['/data/camvid', '/data/own images'], command: 'cellscope'
}

export const summary = (changed: Partial<RunSummary>): RunSummary => ({
  name: 'run', job: 'run', progress: 'finished', live: null, stage: 'report', createdAt: '2026-03-01T10:00:00.000Z', studentMeanIoU: 0.5123,
  teacherMeanIoU: 0.56, measuredLatencyMs: 8.25, predictedLatencyMs: 8, error: '', ...changed
})

export function fakeHost(handlers: Handlers = {}): FakeHost {
  let receive: (message: HostMessage) => void = () => undefined
  let closed: () => void = () => undefined
  let last = new Map<RequestName, number>()

  const host: FakeHost = {
    client: undefined as unknown as Client,
    requests: [],
    handlers: {
      describe: () => description,
      listRuns: () => [],
      watchRun: () => ({}),
      unwatchRun: () => ({}),
      forecast: ({ settings }: { settings: unknown }) => ({
        stages: [{ stage: 'latency', steps: 0, minutes: 0.5 }, { stage: 'search', steps: 20, minutes: 1.5 }],
        minutes: 2, memoryBytes: 512 * 1048576, basis: 'assumed', settings: parseSettings(settings, 'forecast'), command: 'cellscope run --preset quick'
      }),
      ...handlers
    },
    say: (news) => receive(news),
    progress: (name, done, total) => receive({ news: 'progress', request: last.get(name)!, task: name, done, total, remainingSeconds: null }),
    cut: () => closed(),
    refuse: false,
    count: (name) => host.requests.filter((each) => each.name === name).length
  }

  const open = (): Promise<Transport<ClientRequest, HostMessage>> => {
    if (host.refuse) return Promise.reject(new Error('refused'))
    last = new Map()
    return Promise.resolve({
      send: (request) => void answer(JSON.parse(JSON.stringify(request)) as ClientRequest),
      onMessage: (listener) => { receive = listener },
      onClose: (listener) => { closed = listener },
      close: () => closed()
    })
  }

  /** As the real host does, it takes nothing that the contract does not have. */
  async function answer({ request, name, input }: ClientRequest): Promise<void> {
    host.requests.push({ name, input })
    last.set(name, request)
    const say = receive
    try {
      const checked = requestInputs[name].parse(input) as never
      const handler = host.handlers[name] as Handler | undefined
      if (!handler) throw new Error(`This test's host does not know ${name}.`)
      say({ answer: request, value: JSON.parse(JSON.stringify(await handler(checked))) })
    } catch (thrown) {
      say({ answer: request, error: toAppError(thrown).report() })
    }
  }

  host.client = createClient(open)
  return host
}
