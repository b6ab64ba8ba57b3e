/** Cellscope's command line and scripts as programs of their own. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { root } from './places.js'

export interface Ended {
  code: number | null
  /** Standard output and errors. */
  text: string
}

/** Runs a script of the project with Node until its end. */
export function runScript(script: string, words: string[], environment: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, script), ...words], { env: environment, cwd: inject('scratch') })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })))
}

/** A workspace with one finished run of built-in streets, `streets`; made by whoever asks first. */
export async function finishedWorkspace(): Promise<string> {
  const workspace = join(inject('scratch'), 'finished')
  if (existsSync(join(workspace, 'runs', 'streets', 'outputs', 'report.html'))) return workspace
  const { code, text } = await runScript('bin/cellscope.js', ['run', '--preset', 'tiny', '--workspace', workspace, '--name', 'streets'])
  if (code !== 0) throw new Error(`The run for the tests ended with code ${code}:\n${text}`)
  return workspace
}
