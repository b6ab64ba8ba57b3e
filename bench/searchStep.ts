/**
 * Steps of the supernet, ours and the published code's, taken in turn by two processes that start from the same weights, batch and width
 * draws. `npm run bench -- searchStep --peer DIR [--layers 6] [--size 128x256] [--batch 2] [--steps 5] [--json]`; PyTorch 2.13 is taken from
 * `--python` (default: python3). The other process waits while one computes, so each has the machine for itself.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { passesWork, pretrainPasses, searchPasses, supernetWork } from '../src/host/supernetWork.js'
import type { SearchSpace } from '../src/shared/architecture.js'
import { phases, writeDump, type Meta, type Phase } from './searchStep/dump.js'
import { ceiling, ownSteps, type Said } from './searchStep/ownSteps.js'
import { inTurn } from './turns/inTurn.js'
import { ownProcess } from './turns/ownProcess.js'
import { speaker, type Speaker } from './turns/speaker.js'
import { spread } from './turns/spread.js'

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
    const ceilingGflops = (await speaker<Said>(ownProcess(__filename, ['--ceiling'], { threads: 2 })).hear()).loss
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
  const ours = speaker<Said>(ownProcess(__filename, ['--own', folder, phase, String(workers)], { threads, oneDnn }))
  const script = [join(process.cwd(), 'bench', 'peerStep.py'), '--peer', peer ?? '', '--dump', folder, '--phase', phase, '--threads', '2']
  const theirs = peer === undefined ? undefined : speaker<Said>(spawn(python, script, { stdio: ['pipe', 'pipe', 'inherit'] }))
  const losses = [(await ours.hear()).loss, (await theirs?.hear())?.loss ?? NaN]
  const sides: Record<string, Speaker<Said>> = theirs ? { ours, theirs } : { ours }
  const seconds = await inTurn(sides, { warmUp, rounds: steps })
  const [own, published] = [await ours.end(), await theirs?.end()]
  const [ownSeconds, publishedSeconds] = [spread(seconds.ours), spread(seconds.theirs ?? [])]
  return {
    phase, layers: meta.space.layers, size: `${meta.height}x${meta.width}`, batch: meta.batch,
    oursSeconds: ownSeconds.median, oursRange: ownSeconds.range, peerSeconds: publishedSeconds.median, peerRange: publishedSeconds.range,
    ratio: publishedSeconds.median / ownSeconds.median,
    ceilingFraction: stepGflop(meta, phase) / ownSeconds.median / ceilingGflops, ceilingGflops,
    oursPeakMiB: own.peakMiB, peerPeakMiB: published?.peakMiB ?? NaN,
    lossDifference: Math.abs(losses[0] - losses[1]) / losses[1], threads, workers, steps
  }
}

/** Multiply-adds of a step, forward and both gradients, as GFLOP. A step of the architecture needs no gradients of filters, but is counted like the others. */
function stepGflop({ space, batch, height, width }: Meta, phase: Phase): number {
  const passes = phase === 'pretrain' ? pretrainPasses(space, 'teacher') : searchPasses(space)
  return (2 * 3 * batch * passesWork(supernetWork(space, ['8,32', '16,32'], { height, width }), passes).multiplyAdds) / 1e9
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
