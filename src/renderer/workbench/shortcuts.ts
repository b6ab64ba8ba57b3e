/** Keys of the workbench, the same as in the desktop program's menu. Browsers keep some Ctrl keys for themselves, so Alt works as well. */
import type { HostNews } from '../../shared/clientProtocol.js'

export type Command = Extract<HostNews, { news: 'command' }>['command']

const keys: Partial<Record<Command, string>> = {
  start: '1', data: '2', search: '3', lattice: '4', networks: '5', predictions: '6', runs: '7', export: '8', operators: '9', new: 'N'
}

/** The key to press with Ctrl (Cmd on a Mac) or Alt; undefined where there is none. */
export function keyOf(command: Command): string | undefined {
  return keys[command]
}

/** For `aria-keyshortcuts`. */
export function shortcutsOf(command: Command): string | undefined {
  const key = keys[command]
  return key === undefined ? undefined : `Control+${key} Meta+${key} Alt+${key}`
}

/** The command that a key asks for. Read by the key's place, for Alt makes other letters of it on some keyboards. */
export function commandOf(event: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): Command | undefined {
  if (event.shiftKey || [event.ctrlKey, event.metaKey, event.altKey].filter(Boolean).length !== 1) return undefined
  const pressed = /^(?:Digit|Numpad|Key)(\w)$/.exec(event.code)?.[1]
  return (Object.keys(keys) as Command[]).find((command) => keys[command] === pressed)
}
