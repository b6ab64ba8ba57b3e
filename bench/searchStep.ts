/**
 * Steps of the supernet, ours and the published code's, taken in turn by two processes that start from the same weights, batch and width
 * draws. `npm run bench -- searchStep --peer DIR [--layers 6] [--size 128x256] [--batch 2] [--steps 5] [--json]`; PyTorch 2.13 is taken from
 * `--python` (default: python3). The other process waits while one computes, so each has the machine for itself.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { initialLogits } from '../src/core/initialLogits.js'
import { publishedCosts } from '../src/core/published/publishedCosts.js'
import type { PublishedTable } from '../src/core/published/publishedTable.js'
import { randomStream } from '../src/core/random.js'
import { branchPairs } from '../src/core/latency/latencyCosts.js'
import { initialSupernetWeights } from '../src/engine/network/supernet/initialSupernetWeights.js'
import type { PredictionName } from '../src/engine/network/supernet/layout.js'
import { gumbelPlan, randomPlan } from '../src/engine/network/supernet/widthPlan.js'
import type { StepBatch } from '../src/engine/search/supernetBatch.js'
import { passesWork, pretrainPasses, searchPasses, supernetWork } from '../src/host/supernetWork.js'
import type { tf as tensorflow } from '../src/engine/tensor/tf.js'
import type { ArchitectureLogits, SearchSpace } from '../src/shared/architecture.js'
import { engineEnvironment } from '../src/shared/engineEnvironment.js'

const phases = ['pretrain', 'weight', 'architecture'] as const
type Phase = (typeof phases)[number]

const predictions: PredictionName[] = ['8', '16', '32', '8+32', '16+32']
const seed = 1
const warmUp = 1

interface Meta {
  space: SearchSpace
  batch: number
  height: number
  width: number
  weights: [string, number[]][]
  logits: Record<'teacher' | 'student', number[][][]>
  /** By step: the random plans of pretraining, the Gumbel noise of weight and architecture steps. */
  draws: { pretrain: number[][][]; weight: number[][][]; architecture: number[][][] }[]
}

interface Result {
  phase: Phase
  layers: number
  size: string
  batch: number
  oursSeconds: number
  oursRange: [number, number]
  peerSeconds: number
  peerRange: [number, number]
  ratio: number
  /** Of the machine's multiply-adds in a large convolution, forward and both gradients, measured in this run. */
  ceilingFraction: number
  ceilingGflops: number
  oursPeakMiB: number
  peerPeakMiB: number
  /** Of the first step's losses, relative. */
  lossDifference: number
  threads: number
  workers: number
  steps: number
}

export async function main(args: string[]): Promise<void> {
  if (args[0] === '--own') return ownSteps(args[1], args[2] as Phase, Number(args[3]))
  if (args[0] === '--ceiling') return ceiling()
  const { values } = parseArgs({
    args: args.slice(args[0] === 'searchStep' ? 1 : 0),
    options: {
      peer: { type: 'string' }, python: { type: 'string', default: 'python3' }, layers: { type: 'string', default: '6' }, size: { type: 'string', default: '128x256' },
      batch: { type: 'string', default: '2' }, steps: { type: 'string', default: '5' }, phases: { type: 'string', default: phases.join() },
      threads: { type: 'string', default: '1' }, workers: { type: 'string', default: '2' }, oneDnn: { type: 'string', default: 'on' }, json: { type: 'boolean', default: false }
    }
  })
  const [height, width] = values.size.split('x').map(Number)
  const space: SearchSpace = { layers: Number(values.layers), baseWidth: 12, widths: [4, 6, 8, 10, 12], studentStemWidth: 8, classes: 19 }
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-bench-'))
  try {
    const meta = writeDump(folder, space, { batch: Number(values.batch), height, width }, Number(values.steps) + warmUp)
    const ceilingGflops = await askOnce(ownProcess(['--ceiling'], { threads: 2, oneDnn: true }))
    for (const phase of phases.filter((name) => values.phases.split(',').includes(name))) {
      const result = await comparePhase(folder, meta, phase, {
        ceilingGflops, peer: values.peer, python: values.python, threads: Number(values.threads), workers: Number(values.workers),
        oneDnn: values.oneDnn === 'on', steps: Number(values.steps)
      })
      console.log(values.json ? JSON.stringify(result) : described(result))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Comparison {
  ceilingGflops: number
  /** Without it only our side is timed. */
  peer: string | undefined
  python: string
  threads: number
  workers: number
  oneDnn: boolean
  steps: number
}

async function comparePhase(folder: string, meta: Meta, phase: Phase, comparison: Comparison): Promise<Result> {
  const { peer, python, threads, workers, oneDnn, steps, ceilingGflops } = comparison
  const ours = ownProcess(['--own', folder, phase, String(workers)], { threads, oneDnn })
  const oursSays = lines(ours)
  const script = join(process.cwd(), 'bench', 'peerStep.py')
  const theirs = peer === undefined ? undefined : spawn(python, [script, '--peer', peer, '--dump', folder, '--phase', phase, '--threads', '2'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const theirsSay = theirs && lines(theirs)
  const losses = [(await oursSays()).loss, (await theirsSay?.())?.loss ?? NaN]
  const seconds: { ours: number[]; peer: number[] } = { ours: [], peer: [] }
  for (let step = 0; step < warmUp + steps; step++) {
    ours.stdin?.write('step\n')
    const own = (await oursSays()).seconds
    theirs?.stdin?.write('step\n')
    const published = (await theirsSay?.())?.seconds ?? NaN
    if (step < warmUp) continue
    seconds.ours.push(own)
    seconds.peer.push(published)
  }
  ours.stdin?.end()
  theirs?.stdin?.end()
  const [own, published] = [await oursSays(), await theirsSay?.()]
  const [oursSeconds, peerSeconds] = [median(seconds.ours), median(seconds.peer)]
  return {
    phase, layers: meta.space.layers, size: `${meta.height}x${meta.width}`, batch: meta.batch,
    oursSeconds, oursRange: range(seconds.ours), peerSeconds, peerRange: range(seconds.peer), ratio: peerSeconds / oursSeconds,
    ceilingFraction: stepGflop(meta, phase) / oursSeconds / ceilingGflops, ceilingGflops,
    oursPeakMiB: own.peakMiB, peerPeakMiB: published?.peakMiB ?? NaN,
    lossDifference: Math.abs(losses[0] - losses[1]) / losses[1], threads, workers, steps
  }
}

/** Weights, batch, logits and draws as both sides read them. Labels at 1/8, a tenth of them ignored, as in the peer's own timing. */
function writeDump(folder: string, space: SearchSpace, size: { batch: number; height: number; width: number }, steps: number): Meta {
  mkdirSync(folder, { recursive: true })
  const { batch, height, width } = size
  const named = [...initialSupernetWeights(space, predictions, seed)]
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat(named.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))))
  const random = randomStream(seed, 'bench')
  writeFileSync(join(folder, 'images.bin'), Float32Array.from({ length: batch * height * width * 3 }, () => random.normal()))
  const label = (): number => (random.uniform() < 0.1 ? 255 : random.integer(space.classes))
  writeFileSync(join(folder, 'labels.bin'), Int32Array.from({ length: (batch * height * width) / 64 }, label))
  const tables = ({ alpha, beta, gamma }: ArchitectureLogits): number[][][] => [...alpha, ...beta, ...gamma]
  const [teacher, student] = [initialLogits(space, 'teacher'), initialLogits(space, 'student')]
  const meta: Meta = {
    space, ...size,
    weights: named.map(([name, { shape }]) => [name, shape]),
    logits: { teacher: tables(teacher), student: tables(student) },
    draws: Array.from({ length: steps }, (_, step) => ({
      pretrain: [1, 2].map((draw) => randomPlan(space, seed, `pretrain-widths-${draw}`, step)) as unknown as number[][][],
      weight: gumbelPlan(student.gamma, seed, 2 * step).noise,
      architecture: gumbelPlan(student.gamma, seed, 2 * step + 1).noise
    }))
  }
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta))
  return meta
}

/** Multiply-adds of a step, forward and both gradients, as GFLOP. A step of the architecture needs no gradients of filters, but is counted like the others. */
function stepGflop({ space, batch, height, width }: Meta, phase: Phase): number {
  const passes = phase === 'pretrain' ? pretrainPasses(space, 'teacher') : searchPasses(space)
  return (2 * 3 * batch * passesWork(supernetWork(space, ['8,32', '16,32'], { height, width }), passes).multiplyAdds) / 1e9
}

/** Our side, in a process of its own whose TensorFlow has as many threads as asked. */
async function ownSteps(folder: string, phase: Phase, workers: number): Promise<void> {
  // Loaded here: the process that compares needs no TensorFlow.
  const { tf } = await import('../src/engine/tensor/tf.js')
  const { Supernet } = await import('../src/engine/network/supernet/supernet.js')
  const { WeightStore } = await import('../src/engine/network/weightStore.js')
  const { SupernetTrainer } = await import('../src/engine/search/supernetTrainer.js')
  const { openPassTeam } = await import('../src/engine/search/passTeam.js')
  const { ArchitectureAdam } = await import('../src/engine/search/architectureAdam.js')
  const { ArchitectureParameters } = await import('../src/engine/search/architectureParameters.js')
  const { architectureStepPlan, moveArchitectures } = await import('../src/engine/search/architectureStep.js')
  const { latencyTerm } = await import('../src/engine/search/latencyTerm.js')
  const { settingsSchema } = await import('../src/shared/config/settings.js')

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
    const { losses } = trainer.applyGradients(await team.weightGradients(plan(step), batch), phase === 'pretrain' ? 0.02 : 0.01)
    team.weightsMoved()
    return losses
  }
  const firstLoss = async (): Promise<number> => {
    const found = phase === 'architecture' ? await team.architectureGradients(architectureStepPlan(networks, search, seed, 0), batch) : await team.weightGradients(plan(0), batch)
    if ('gradients' in found) tf.dispose([...found.gradients.values()])
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
  const { nativeBackend } = await import('../src/engine/tensor/native.js')
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
async function ceiling(): Promise<void> {
  const { tf } = await import('../src/engine/tensor/tf.js')
  const { convolutionFilterGradient, convolutionInputGradient, convolve } = await import('../src/engine/tensor/convolution.js')
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

interface Said {
  loss: number
  seconds: number
  peakMiB: number
}

function say(message: Partial<Said>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

function ownProcess(args: string[], numerics: { threads: number; oneDnn: boolean }): ChildProcess {
  const program = `require(${JSON.stringify(__filename)}).main(${JSON.stringify(args)}).catch((error) => { console.error(error); process.exit(1) })`
  return spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...engineEnvironment(numerics) } })
}

/** The next line that a process says; throws where it ends instead. */
function lines(child: ChildProcess): () => Promise<Said> {
  const iterator = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return async () => {
    const next = await iterator.next()
    if (next.done === true) throw new Error(`${child.spawnfile} ended early; what it said is above.`)
    return JSON.parse(next.value) as Said
  }
}

async function askOnce(child: ChildProcess): Promise<number> {
  return (await lines(child)()).loss
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

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

function range(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

function described(result: Result): string {
  const { phase, layers, size, batch, oursSeconds, oursRange, peerSeconds, peerRange, ratio, ceilingFraction, ceilingGflops, oursPeakMiB, peerPeakMiB, lossDifference } = result
  const seconds = (value: number, [least, most]: [number, number]): string => `${value.toFixed(2)} s (${least.toFixed(2)} to ${most.toFixed(2)})`
  return (
    `${phase}, ${layers} layers, ${size}, batch ${batch}: ours ${seconds(oursSeconds, oursRange)}, peer ${seconds(peerSeconds, peerRange)}, ratio ${ratio.toFixed(2)}; ` +
    `${(100 * ceilingFraction).toFixed(0)} % of ${ceilingGflops.toFixed(0)} GFLOP/s; peak ${oursPeakMiB.toFixed(0)} MiB, peer ${peerPeakMiB.toFixed(0)} MiB; ` +
    `first losses differ by ${lossDifference.toExponential(1)}`
  )
}
