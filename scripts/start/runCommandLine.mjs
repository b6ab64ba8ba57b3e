/** Runs `cellscope` with these words in this terminal and waits for its end. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../bin/cellscope.js', import.meta.url))

/** @returns {Promise<number>} its exit code */
export function runCommandLine(words) {
  const child = spawn(process.execPath, [program, ...words], { stdio: 'inherit' })
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}
