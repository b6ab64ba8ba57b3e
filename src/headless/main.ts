/** One command line from its words to its exit code; every error becomes a sentence and a hint here. */
import { CommanderError, type Command } from 'commander'
import { toAppError } from '../shared/errors.js'
import { exitCode, exitCodeOf } from './exitCode.js'
import { buildProgram } from './program.js'
import { jsonView } from './jsonView.js'
import { peopleView } from './peopleView.js'
import type { Headless } from './terminal.js'

/** Runs the command that `words` say (without node and the program's name). Never throws. */
export async function main(words: string[], headless: Headless): Promise<number> {
  let code: number = exitCode.ok
  const program = buildProgram(headless, (result) => (code = result))
  useTerminal(program, headless)
  try {
    if (words.length === 0) program.outputHelp()
    else await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    return explain(error, words, headless)
  }
  return code
}

function explain(error: unknown, words: string[], headless: Headless): number {
  // commander has printed its sentence already; help and version arrive here, too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  const known = toAppError(error)
  const view = words.includes('--json') ? jsonView(headless.terminal) : peopleView(headless.terminal)
  view.fail(known)
  if (known.kind === 'bug') headless.terminal.error(`${error instanceof Error ? error.stack : String(error)}\n`)
  return exitCodeOf(known)
}

/** commander writes where we write and does not end the process; both hold for each command by itself. */
function useTerminal(command: Command, headless: Headless): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => headless.terminal.out(text),
    writeErr: (text) => headless.terminal.error(text),
    getOutHelpWidth: () => Math.max(80, headless.terminal.columns),
    getErrHelpWidth: () => Math.max(80, headless.terminal.columns)
  })
  command.showHelpAfterError('(run with --help to see what there is)')
  for (const inner of command.commands) useTerminal(inner, headless)
}
