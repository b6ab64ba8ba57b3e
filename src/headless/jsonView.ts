/** Progress for machines: one JSON object a line on standard output, each with a `message` that names its kind. */
import type { Terminal } from './terminal.js'
import type { View } from './view.js'

export function jsonView(terminal: Terminal): View {
  const line = (value: Record<string, unknown>): void => terminal.out(`${JSON.stringify(value)}\n`)
  return {
    tell: (kind, value) => line({ message: kind, ...value }),
    message(message) {
      if (message.message !== 'heartbeat' && message.message !== 'failed' && message.message !== 'result') line({ ...message })
    },
    state: (state) => line({ message: 'run-state', state }),
    warn: (text) => line({ message: 'notice', text }),
    fail: (error) => line({ message: 'failed', error: error.report() }),
    result: (value) => line({ message: 'result', value }),
    close: () => undefined
  }
}
