/** The command line's process. */
import { join } from 'node:path'
import { main } from './main.js'
import { openAddress } from './server/openAddress.js'
import { nodeEngine } from './spawnEngine.js'
import type { Headless } from './terminal.js'

const headless: Headless = {
  terminal: {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    isInteractive: process.stdout.isTTY,
    columns: process.stdout.columns ?? 100
  },
  // The build puts both programs into one folder, and that folder two below the root.
  spawn: nodeEngine(join(__dirname, 'engine.cjs')),
  doctorScript: join(__dirname, '..', '..', 'scripts', 'doctor.mjs'),
  pages: join(__dirname, '..', 'workbench'),
  openAddress,
  onInterrupt(listener) {
    const signals = ['SIGINT', 'SIGTERM'] as const
    const handlers = signals.map((signal) => [signal, () => listener(signal)] as const)
    for (const [signal, handler] of handlers) process.on(signal, handler)
    return () => handlers.forEach(([signal, handler]) => process.off(signal, handler))
  },
  defaultWorkspace: process.env.CELLSCOPE_WORKSPACE ?? 'cellscope-workspace'
}

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

void main(process.argv.slice(2), headless).then((code) => {
  // Not process.exit: what was written to a pipe must still get out.
  process.exitCode = code
})
