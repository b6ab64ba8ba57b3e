/** The shell as a client of the host, like any page: it asks and hears the news, without a wire between. */
import type { Answers, HostMessage, HostNews, RequestInput, RequestName } from '../shared/clientProtocol.js'
import type { PageTransport } from '../host/desk/deskOptions.js'
import { AppError } from '../shared/errors.js'

export interface ShellClient {
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Answers[Name]>
  onNews(listener: (news: HostNews) => void): void
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: AppError): void
}

/** @param connect takes the host's end */
export function shellClient(connect: (transport: PageTransport) => unknown): ShellClient {
  const waiting = new Map<number, Waiting>()
  const listeners: ((news: HostNews) => void)[] = []
  let ask: (request: unknown) => void = () => undefined
  let numbers = 0

  function receive(message: HostMessage): void {
    if (!('answer' in message)) return listeners.forEach((listener) => listener(message))
    const request = waiting.get(message.answer)
    waiting.delete(message.answer)
    if ('error' in message) request?.reject(AppError.from(message.error))
    else request?.resolve(message.value)
  }

  connect({ send: receive, onMessage: (listener) => (ask = listener), onClose: () => undefined, close: () => undefined })
  return {
    request: (name, input) =>
      new Promise((resolve, reject) => {
        const request = ++numbers
        waiting.set(request, { resolve: (value) => resolve(value as Answers[typeof name]), reject })
        ask({ request, name, input })
      }),
    onNews: (listener) => void listeners.push(listener)
  }
}
