/**
 * Steps of the supernet, ours and the published code's, taken in turn by two processes that start from the same weights, batch and width
 * draws. `npm run bench -- searchStep --peer DIR [--layers 6] [--size 128x256] [--batch 2] [--steps 5] [--json]`; PyTorch 2.13 is taken from
 * `--python` (default: python3). The other process waits while one computes, so each has the machine for itself.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { passesWork, pretrainPasses, searchPasses, supernetWork } from '../src/host/supernetWork.js'
import type { SearchSpace } from '../src/shared/architecture.js'
import { engineEnvironment } from '../src/shared/engineEnvironment.js'
import { phases, writeDump, type Meta, type Phase } from './searchStep/dump.js'
import { ceiling, ownSteps, type Said } from './searchStep/ownSteps.js'

const warmUp = 1

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
    args,
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

/** Multiply-adds of a step, forward and both gradients, as GFLOP. A step of the architecture needs no gradients of filters, but is counted like the others. */
function stepGflop({ space, batch, height, width }: Meta, phase: Phase): number {
  const passes = phase === 'pretrain' ? pretrainPasses(space, 'teacher') : searchPasses(space)
  return (2 * 3 * batch * passesWork(supernetWork(space, ['8,32', '16,32'], { height, width }), passes).multiplyAdds) / 1e9
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
