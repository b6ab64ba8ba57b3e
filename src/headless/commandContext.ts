/** What every command gets: its options read, a view, the workspace. */
import { resolve } from 'node:path'
import { jsonView } from './jsonView.js'
import { peopleView } from './peopleView.js'
import type { Headless } from './terminal.js'
import type { View } from './view.js'

export type CommandOptions = Record<string, unknown>

export interface CommandContext {
  headless: Headless
  options: CommandOptions
  view: View
  /** Absolute. */
  workspace: string
}

export function commandContext(headless: Headless, options: CommandOptions): CommandContext {
  return {
    headless,
    options,
    view: options.json === true ? jsonView(headless.terminal) : peopleView(headless.terminal),
    workspace: resolve(textOption(options, 'workspace') ?? headless.defaultWorkspace)
  }
}

export function textOption(options: CommandOptions, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}
