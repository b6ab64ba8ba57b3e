/** Entry of a loader thread: decodes and augments beside the training step. Built into a file of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { toAppError } from '../../shared/errors.js'
import { makeBatch, type BatchPlan } from './makeBatch.js'
import { createSampleCache } from './sampleCache.js'
import type { ThreadReply, ThreadRequest, ThreadStart } from './threadMessages.js'

const { dataset, cacheBytes } = workerData as ThreadStart
const cache = createSampleCache(dataset, cacheBytes)
const plans = new Map<number, BatchPlan>()

parentPort?.on('message', (message: ThreadRequest) => {
  if (message.type === 'plan') {
    plans.set(message.plan, message.content)
    return
  }
  const { reply, transferred } = answer(message)
  parentPort?.postMessage(reply, transferred)
})

function answer(message: Exclude<ThreadRequest, { type: 'plan' }>): { reply: ThreadReply; transferred: ArrayBuffer[] } {
  const { request } = message
  try {
    // The cache keeps its own copy of a sample; a batch is given away whole.
    if (message.type === 'sample') return { reply: { request, sample: cache.load(message.reference) }, transferred: [] }
    const plan = plans.get(message.plan)
    if (!plan) throw new Error(`loader thread was asked for plan ${message.plan}, which it never got`)
    const batch = makeBatch(plan, message.step, cache)
    return { reply: { request, batch }, transferred: [batch.images.buffer as ArrayBuffer, batch.labels.buffer as ArrayBuffer] }
  } catch (error) {
    return { reply: { request, error: toAppError(error).report() }, transferred: [] }
  }
}
