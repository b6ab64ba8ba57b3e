/** The engine worker's process: it is started by the host with a line to it, does one run or one job, and leaves. */
import { AppError, toAppError } from '../shared/errors.js'
import { version } from '../shared/version.js'
import { openHostPort, type HostPort } from './hostPort.js'
import { serveHost, type LoadedEngine } from './workerSession.js'

/** Loaded on demand, so that a missing TensorFlow becomes a message to the host and not the death of this process. */
async function load(): Promise<LoadedEngine> {
  const [{ openBackend }, { runPipeline }, { jobs }] = await Promise.all([
    import('./tensor/backend.js'),
    import('./pipeline.js'),
    import('./jobs.js')
  ])
  const numerics = { threads: Number(process.env.TF_NUM_INTRAOP_THREADS), oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS === '1' }
  const fingerprint = openBackend({ ...numerics, cellscope: version })
  return { fingerprint, runPipeline, jobs }
}

function start(port: HostPort): void {
  const session = serveHost({ port, load, exit: (code) => process.exit(code) })
  process.on('SIGTERM', session.leave)
  // Ctrl-C in a terminal reaches every process of the group; the host decides what it means and sends a command.
  process.on('SIGINT', () => undefined)
  const die = (error: unknown): void => {
    const known = error instanceof AppError ? error : toAppError(error)
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    port.send({ message: 'failed', error: known.report() })
    void port.drained().then(() => process.exit(1))
  }
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
}

const port = openHostPort()
if (port === undefined) {
  process.stderr.write("This is Cellscope's engine; it is started by `cellscope`, not by hand.\n")
  process.exitCode = 2
} else {
  start(port)
}
