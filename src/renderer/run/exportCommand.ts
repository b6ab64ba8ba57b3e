import { quoted } from '../../shared/config/commandLine.js'
import type { RequestInput } from '../../shared/clientProtocol.js'

/** The command line that writes the same file. `program` is how the command line is called here. */
export function exportCommand(program: string, workspace: string, { run, network, format }: RequestInput<'exportModel'>, path: string): string {
  const where = `--workspace ${quoted(workspace)} --out ${quoted(path)}`
  if (format === 'report') return `${program} report ${quoted(run)} ${where}`
  return `${program} export ${quoted(run)} --network ${network} --format ${format} ${where}`
}
