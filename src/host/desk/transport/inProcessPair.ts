/** Two ends of a line within one process, for tests: what goes in as JSON comes out a moment later, never at once. */
import type { Transport } from '../../../shared/clientProtocol.js'

/** What one end sends, the other one gets, in order. Closing either end closes both. */
export function inProcessPair<Left, Right>(): [Transport<Left, Right>, Transport<Right, Left>] {
  const left = end<Left, Right>()
  const right = end<Right, Left>()
  left.connect(right.deliver, right.shut)
  right.connect(left.deliver, left.shut)
  return [left.transport, right.transport]
}

interface End<Out, In> {
  transport: Transport<Out, In>
  deliver(text: string): void
  shut(): void
  connect(deliver: (text: string) => void, shut: () => void): void
}

function end<Out, In>(): End<Out, In> {
  const listeners: ((message: In) => void)[] = []
  const closers: (() => void)[] = []
  let open = true
  let other: { deliver(text: string): void; shut(): void } = { deliver: () => undefined, shut: () => undefined }
  function shut(): void {
    if (!open) return
    open = false
    queueMicrotask(() => closers.forEach((closer) => closer()))
  }
  return {
    shut,
    connect: (deliver, shutOther) => (other = { deliver, shut: shutOther }),
    deliver(text) {
      queueMicrotask(() => {
        if (open) listeners.forEach((listener) => listener(JSON.parse(text) as In))
      })
    },
    transport: {
      send(message) {
        if (open) other.deliver(JSON.stringify(message))
      },
      onMessage: (listener) => void listeners.push(listener),
      onClose: (listener) => void closers.push(listener),
      close() {
        shut()
        other.shut()
      }
    }
  }
}
