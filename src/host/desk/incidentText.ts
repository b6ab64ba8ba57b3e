/** What happened to the engine, in a sentence for people. */
import type { Incident } from '../incident.js'
import { exitText } from '../restartPolicy.js'

export function incidentText({ what, exit, error, silentSeconds, state }: Incident): string {
  switch (what) {
    case 'death':
      return `The engine ended with ${exit === null ? 'no word' : exitText(exit)}${state === 'stopping' ? ' while it stopped' : ''}; nothing before the last checkpoint is lost.`
    case 'stall':
      return `The engine has been silent for ${silentSeconds} s.`
    case 'failure':
      return error === null ? 'The engine failed.' : error.message
    case 'message':
      return 'The engine sent something that is no message; it was left out.'
  }
}
