/** Where samples and batches come from: threads beside the training step, or this process where there are none. Both give the same bytes. */
import { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/errors.js'
import { builtFile } from './builtFile.js'
import type { Dataset, Sample, SampleReference } from './dataset.js'
import { makeBatch, type BatchArrays, type BatchPlan } from './makeBatch.js'
import { createSampleCache } from './sampleCache.js'
import type { ThreadReply, ThreadRequest, ThreadStart } from './threadMessages.js'

export interface SampleSource {
  /** 0 where everything happens in this process. */
  readonly threads: number
  /** Registers what a loader's batches are made of; returns the number to ask for them by. */
  addPlan(plan: BatchPlan): number
  batch(plan: number, step: number): Promise<BatchArrays>
  sample(reference: SampleReference): Promise<Sample>
  close(): void
}

export interface SampleSourceOptions {
  /** Threads that decode and augment; 0 for none. Default 1 where the built thread file stands beside this one, else 0. */
  threads?: number
  /** Decoded samples kept in memory, all threads together. Default 1 GiB. */
  cacheBytes?: number
  /** The built thread file, for tests; default `loaderThread.cjs` beside the running file. */
  threadFile?: string
}

const defaultCacheBytes = 1024 ** 3

export function openSampleSource(dataset: Dataset, options: SampleSourceOptions = {}): SampleSource {
  const threadFile = options.threadFile ?? builtFile('loaderThread.cjs')
  const threads = threadFile === undefined ? 0 : (options.threads ?? 1)
  const cacheBytes = options.cacheBytes ?? defaultCacheBytes
  return threads === 0 || threadFile === undefined ? inProcess(dataset, cacheBytes) : inThreads(dataset, cacheBytes, threads, threadFile)
}

function inProcess(dataset: Dataset, cacheBytes: number): SampleSource {
  const cache = createSampleCache(dataset, cacheBytes)
  const plans: BatchPlan[] = []
  return {
    threads: 0,
    addPlan: (plan) => plans.push(plan) - 1,
    batch: (plan, step) => Promise.resolve().then(() => makeBatch(plans[plan], step, cache)),
    sample: (reference) => Promise.resolve().then(() => cache.load(reference)),
    close: () => undefined
  }
}

interface Waiting {
  resolve(reply: ThreadReply): void
  reject(error: Error): void
}

function inThreads(dataset: Dataset, cacheBytes: number, count: number, file: string): SampleSource {
  const workerData: ThreadStart = { dataset, cacheBytes: Math.floor(cacheBytes / count) }
  const waiting = new Map<number, Waiting>()
  const threads = Array.from({ length: count }, () => startThread(file, workerData, waiting))
  let requests = 0
  let plans = 0
  let closed = false

  function ask(thread: Worker, message: Extract<ThreadRequest, { request: number }>): Promise<ThreadReply> {
    if (closed) return Promise.reject(new AppError('internal', 'a batch was asked for after the loader was closed'))
    return new Promise((resolve, reject) => {
      waiting.set(message.request, { resolve, reject })
      thread.postMessage(message)
    })
  }

  return {
    threads: count,
    addPlan(plan) {
      for (const thread of threads) thread.postMessage({ type: 'plan', plan: plans, content: plan } satisfies ThreadRequest)
      return plans++
    },
    async batch(plan, step) {
      const reply = await ask(threads[step % count], { type: 'batch', request: requests++, plan, step })
      if ('batch' in reply) return reply.batch
      throw refusal(reply)
    },
    async sample(reference) {
      const reply = await ask(threads[requests % count], { type: 'sample', request: requests++, reference })
      if ('sample' in reply) return reply.sample
      throw refusal(reply)
    },
    close() {
      closed = true
      for (const thread of threads) void thread.terminate()
    }
  }
}

function startThread(file: string, workerData: ThreadStart, waiting: Map<number, Waiting>): Worker {
  const thread = new Worker(file, { workerData })
  thread.on('message', (reply: ThreadReply) => {
    waiting.get(reply.request)?.resolve(reply)
    waiting.delete(reply.request)
  })
  const fail = (cause: unknown): void => {
    for (const { reject } of waiting.values())
      reject(new AppError('engine.crashed', `the loader thread ended: ${String(cause)}`, { cause }))
    waiting.clear()
  }
  thread.on('error', fail)
  thread.on('exit', (code) => fail(`exit code ${code}`))
  return thread
}

function refusal(reply: ThreadReply): AppError {
  return 'error' in reply
    ? AppError.from(reply.error)
    : new AppError('internal', 'the loader thread answered something else than it was asked')
}
