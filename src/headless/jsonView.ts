/** Progress for machines: one JSON object a line on standard output, each with a `message` that names its kind. */
import type { WorkerMessage } from '../shared/protocol.js'
import type { Terminal } from './terminal.js'
import type { View } from './view.js'

/** Messages of the worker that mean something only to the host, or that the command tells in its own words. */
const retold: readonly WorkerMessage['message'][] = ['heartbeat', 'state', 'failed', 'result']

export function jsonView(terminal: Terminal): View {
  const line = (value: Record<string, unknown>): void => terminal.out(`${JSON.stringify(value)}\n`)
  return {
    tell: (kind, value) => line({ message: kind, ...value }),
    message(message) {
      if (!retold.includes(message.message)) line({ ...message })
    },
    state: (state) => line({ message: 'run-state', state }),
    warn: (text) => line({ message: 'notice', text }),
    fail: (error) => line({ message: 'failed', error: error.report() }),
    result: (value) => line({ message: 'result', value }),
    close: () => undefined
  }
}
