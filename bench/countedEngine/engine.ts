/** The product's engine, but it says what each step of a run took, and keeps a journal only in some of them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openHostPort } from '../../src/engine/hostPort.js'
import { serveHost } from '../../src/engine/workerSession.js'
import { peakMiB } from '../turns/peakMiB.js'
import { keepInTurns } from './keepInTurns.js'
import { costFile, orderFile, type StepCosts, type TurnOrder } from './turns.js'

async function load() {
  const [{ openBackend }, { runPipeline }] = await Promise.all([import('../../src/engine/tensor/backend.js'), import('../../src/engine/pipeline.js')])
  const numerics = { threads: Number(process.env.TF_NUM_INTRAOP_THREADS), oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS === '1' }
  return {
    fingerprint: openBackend(numerics),
    jobs: {},
    runPipeline: (context: Parameters<typeof runPipeline>[0]) => {
      const order = JSON.parse(readFileSync(join(context.folder, '..', '..', orderFile), 'utf8')) as TurnOrder
      const onEnd = (steps: StepCosts['steps']): void => {
        const costs: StepCosts = { steps, peakMiB: peakMiB() }
        writeFileSync(join(context.folder, costFile), JSON.stringify(costs))
      }
      return runPipeline(keepInTurns(context, { ...order, onEnd }))
    }
  }
}

const port = openHostPort()
if (port !== undefined) {
  const session = serveHost({ port, load, exit: (code) => process.exit(code) })
  process.on('SIGTERM', session.leave)
}
