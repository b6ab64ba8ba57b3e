/** ONNX Runtime: opens a model, runs it, times it. */
import { performance } from 'node:perf_hooks'
import { InferenceSession, Tensor, env } from 'onnxruntime-node'
import { AppError } from '../../shared/errors.js'

export interface SessionOptions {
  /** Threads that share one operator; operators run one after the other. */
  threads: number
}

/** A tensor that came out of a model, in the model's own layout (NCHW for maps). */
export interface ModelOutput {
  shape: number[]
  data: Float32Array | BigInt64Array
}

/** An open model with one input. */
export interface ModelSession {
  /** Shape of the input, such as [1, 3, 256, 512]. */
  readonly inputShape: readonly number[]
  readonly outputNames: readonly string[]
  /** Runs the model on one input, row-major in `inputShape`. */
  run(input: Float32Array): Promise<Map<string, ModelOutput>>
  /**
   * Runs the model once on the input of the last `prepare`, into the same memory every time; milliseconds of the call. On one thread that is
   * the time that the processor worked: what another program took meanwhile is no part of it. On several it is the clock's.
   */
  timeOnce(): Promise<number>
  /** Sets the input that `timeOnce` runs on and allocates its outputs. */
  prepare(input: Float32Array): Promise<void>
  close(): Promise<void>
}

/** Opens `model`, the bytes of an ONNX file: CPU, graph optimisation on, operators one after the other. */
export async function openSession(model: Uint8Array, options: SessionOptions): Promise<ModelSession> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1
  })
  const [input] = session.inputMetadata
  if (session.inputNames.length !== 1 || !input.isTensor) throw new AppError('internal', 'A network should have exactly one input, a tensor.')
  const inputShape = input.shape.map(Number)
  let feeds: Record<string, Tensor> = {}
  let fetches: Record<string, Tensor> = {}

  const feedsOf = (data: Float32Array): Record<string, Tensor> => ({ [input.name]: new Tensor('float32', data, inputShape) })
  return {
    inputShape,
    outputNames: session.outputNames,
    run: async (data) => {
      const results = await session.run(feedsOf(data))
      return new Map(session.outputNames.map((name) => [name, modelOutput(name, results[name])]))
    },
    prepare: async (data) => {
      feeds = feedsOf(data)
      fetches = (await session.run(feeds))
    },
    timeOnce: async () => {
      const start = performance.now()
      const usedBefore = process.cpuUsage()
      await session.run(feeds, fetches)
      const { user, system } = process.cpuUsage(usedBefore)
      const elapsedMs = performance.now() - start
      return options.threads === 1 ? Math.min(elapsedMs, (user + system) / 1000) : elapsedMs
    },
    close: () => session.release()
  }
}

/** Version of the installed ONNX Runtime, such as `1.30.0`. */
export function runtimeVersion(): string {
  return env.versions.node ?? env.versions.common
}

function modelOutput(name: string, tensor: Tensor): ModelOutput {
  const { data } = tensor
  if (!(data instanceof Float32Array) && !(data instanceof BigInt64Array)) {
    throw new AppError('internal', `The output ${name} of the model should be float32 or int64, but is ${tensor.type}.`)
  }
  return { shape: [...tensor.dims], data }
}
