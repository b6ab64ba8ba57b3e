/** Our side of a comparison of search steps: a process that says a line of JSON for every line that it reads. Its TensorFlow has the threads that its environment names. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { publishedCosts } from '../../src/core/published/publishedCosts.js'
import type { PublishedTable } from '../../src/core/published/publishedTable.js'
import { branchPairs } from '../../src/core/latency/latencyCosts.js'
import { initialSupernetWeights } from '../../src/engine/network/supernet/initialSupernetWeights.js'
import type { StepBatch } from '../../src/engine/search/supernetBatch.js'
import type { tf as tensorflow } from '../../src/engine/tensor/tf.js'
import { predictions, seed, type Meta, type Phase } from './dump.js'

export interface Said {
  loss: number
  seconds: number
  peakMiB: number
}

/** Our side, in a process of its own whose TensorFlow has as many threads as asked. */
export async function ownSteps(folder: string, phase: Phase, workers: number): Promise<void> {
  // Loaded here: the process that compares needs no TensorFlow.
  const { Supernet } = await import('../../src/engine/network/supernet/supernet.js')
  const { WeightStore } = await import('../../src/engine/network/weightStore.js')
  const { SupernetTrainer } = await import('../../src/engine/search/supernetTrainer.js')
  const { openPassTeam } = await import('../../src/engine/search/openPassTeam.js')
  const { ArchitectureAdam } = await import('../../src/engine/search/architectureAdam.js')
  const { ArchitectureParameters } = await import('../../src/engine/search/architectureParameters.js')
  const { architectureStepPlan, moveArchitectures } = await import('../../src/engine/search/architectureStep.js')
  const { latencyTerm } = await import('../../src/engine/search/latencyTerm.js')
  const { settingsSchema } = await import('../../src/shared/config/settings.js')

  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as Meta
  const { space, batch: count, height, width } = meta
  const weights = new WeightStore(initialSupernetWeights(space, predictions, seed))
  const loss = { threshold: 0.7, keepFraction: 1 / 16 }
  const trainer = new SupernetTrainer(new Supernet(space, predictions), weights, loss, { momentum: 0.9, weightDecay: 5e-4, clipNorm: 5 })
  const team = openPassTeam(trainer, workers, join(process.cwd(), 'out', 'main', 'passThread.cjs'))
  const batch: StepBatch = { images: floats(join(folder, 'images.bin')), labels: wholeLabels(meta, join(folder, 'labels.bin')), count, height, width }
  const network = (widths: number) => {
    const parameters = new ArchitectureParameters(space, widths)
    return { parameters, adam: new ArchitectureAdam(parameters.values.length) }
  }
  const networks = { teacher: network(1), student: network(space.widths.length) }
  const search = settingsSchema.parse({ search: { widthEstimator: 'published' } }).search
  const table = JSON.parse(readFileSync(join(process.cwd(), 'test', 'fixtures', 'fasterseg', 'latency-lookup-1080ti.json'), 'utf8')) as PublishedTable
  // What every network of a pair has moves no gradient, and the authors' table has it under names of its own.
  const costs = { ...publishedCosts(space, table, 'student').costs, fixedMs: () => 0 }

  const logits = () => ({ teacher: networks.teacher.parameters.logits(), student: networks.student.parameters.logits() })
  const plan = (step: number) => {
    if (phase === 'pretrain') return { kind: 'pretrain', seed, step, heads: 'teacher' } as const
    return { kind: 'weights', seed, step, ...logits() } as const
  }
  const oneStep = async (step: number): Promise<Record<string, number>> => {
    if (phase === 'architecture') {
      // The published pairs.
      const pairs = branchPairs.filter(([, coarse]) => coarse === 32)
      const latency = latencyTerm(networks.student.parameters.logits(), { costs, pairs, variant: 'decoupled', weights: [0.002, 0.994, 0.004], lambda: 0.01 })
      const asked = architectureStepPlan(networks, search, seed, step)
      const found = await team.architectureGradients(asked, batch)
      moveArchitectures(networks, asked, found, latency.gradient, 3e-4)
      return found.losses
    }
    return (await team.weightStep(plan(step), batch, phase === 'pretrain' ? 0.02 : 0.01)).losses
  }
  const firstLoss = async (): Promise<number> => {
    // At a learning rate of 0 no weight moves.
    const found = phase === 'architecture' ? await team.architectureGradients(architectureStepPlan(networks, search, seed, 0), batch) : await team.weightStep(plan(0), batch, 0)
    return Object.values(found.losses).reduce((sum, value) => sum + value, 0)
  }
  say({ loss: await firstLoss() })
  const profile = process.env.CELLSCOPE_PROFILE === undefined ? undefined : await timeKernels()
  let step = 0
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = performance.now()
    await oneStep(step % meta.draws.length)
    say({ seconds: (performance.now() - began) / 1000 })
    step++
  }
  team.close()
  if (profile) console.error(profile(step))
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))
  say({ peakMiB: Number(peak?.[1]) / 1024 })
}

/** Times every kernel that this thread calls; the function gives a table of seconds a step, those of each name and shape together. */
async function timeKernels(): Promise<(steps: number) => string> {
  const { nativeBackend } = await import('../../src/engine/tensor/native.js')
  const found = new Map<string, { calls: number; seconds: number }>()
  for (const method of ['executeSingleOutput', 'executeMultipleOutputs'] as const) {
    const original = nativeBackend[method].bind(nativeBackend) as (...args: unknown[]) => unknown
    nativeBackend[method] = ((...args: unknown[]) => {
      const began = performance.now()
      const result = original(...args)
      const entry = found.get(args[0] as string) ?? { calls: 0, seconds: 0 }
      entry.calls++
      entry.seconds += (performance.now() - began) / 1000
      found.set(args[0] as string, entry)
      return result
    }) as never
  }
  return (steps) => {
    const rows = [...found].sort(([, a], [, b]) => b.seconds - a.seconds).slice(0, 24)
    const total = [...found.values()].reduce((sum, { seconds }) => sum + seconds, 0)
    return [`kernels: ${(total / steps).toFixed(2)} s a step`, ...rows.map(([name, { calls, seconds }]) => `${(seconds / steps).toFixed(3)} s  ${(calls / steps).toFixed(0).padStart(6)} calls  ${name}`)].join('\n')
  }
}

/** GFLOP/s of a 3x3 convolution 64 -> 64 on 2x64x128, forward and both gradients: what this machine's convolutions can do. */
export async function ceiling(): Promise<void> {
  const { tf } = await import('../../src/engine/tensor/tf.js')
  const { convolutionFilterGradient, convolutionInputGradient, convolve } = await import('../../src/engine/tensor/convolution.js')
  const x = tf.randomNormal([2, 64, 128, 64], 0, 1, 'float32', 1) as tensorflow.Tensor4D
  const filter = tf.randomNormal([3, 3, 64, 64], 0, 1, 'float32', 2) as tensorflow.Tensor4D
  const times = Array.from({ length: 30 }, () => {
    const began = performance.now()
    tf.tidy(() => {
      const y = convolve(x, filter, 1)
      for (const result of [y, convolutionInputGradient(x.shape, filter, y, 1), convolutionFilterGradient(x, filter.shape, y, 1)]) result.dataSync()
    })
    return (performance.now() - began) / 1000
  })
  say({ loss: (2 * 3 * 2 * 64 * 128 * 64 * 64 * 9) / 1e9 / Math.min(...times) })
}

function say(message: Partial<Said>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

/** Labels at every pixel whose value at 1/8 is the dumped one. */
function wholeLabels({ batch, height, width }: Meta, path: string): Uint8Array {
  const bytes = readFileSync(path)
  const small = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const labels = new Uint8Array(batch * height * width)
  for (let image = 0; image < batch; image++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        labels[(image * height + y) * width + x] = small[(image * (height / 8) + (y >> 3)) * (width / 8) + (x >> 3)]
      }
    }
  }
  return labels
}

function floats(path: string): Float32Array {
  const bytes = readFileSync(path)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}
