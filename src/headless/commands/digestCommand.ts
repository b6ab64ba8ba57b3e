/** `cellscope digest RUN`: the hash by which two runs are compared; only the hash on standard output. */
import { digestOfRun } from '../../host/digestOfRun.js'
import { findRun } from '../../host/findRun.js'
import type { CommandContext } from '../commandContext.js'
import { exitCode } from '../exitCode.js'

export function digestCommand({ options, headless, workspace }: CommandContext, name: string): number {
  const digest = digestOfRun(findRun(workspace, name).path)
  headless.terminal.out(`${options.json === true ? JSON.stringify(digest) : digest.sha256}\n`)
  return exitCode.ok
}
