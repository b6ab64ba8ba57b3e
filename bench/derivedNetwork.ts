/**
 * The published student with random weights: our ONNX file on ONNX Runtime beside the published code in PyTorch's eager mode, in turn, on the
 * same weights and image. `npm run bench -- derivedNetwork --peer DIR [--sizes 512x1024,1024x2048] [--rounds 7] [--threads 2] [--more] [--json]`;
 * PyTorch 2.13 is taken from `--python` (default: python3). `--more` adds our TensorFlow forward pass, and both runtimes on one thread.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ownForward, type Runtime } from './derivedNetwork/ownForward.js'
import { writeDump, type Meta } from './derivedNetwork/dump.js'
import { ceiling } from './searchStep/ownSteps.js'
import { inTurn } from './turns/inTurn.js'
import { ownProcess } from './turns/ownProcess.js'
import { speaker, type Speaker } from './turns/speaker.js'
import { spread, type Spread } from './turns/spread.js'

const warmUp = 1

interface Said {
  seconds: number
  peakMiB: number
  largestRelativeDifference: number
  argmaxAgreement: number
}

interface Line {
  size: string
  /** `onnx`, `onnxCopied` (logits copied into JavaScript), `tensorflow`, `peer`; with ` 1` on one thread. */
  side: string
  seconds: Spread
  /** How often as fast as the peer on `threads` threads. */
  ratio: number
  peakMiB: number
  /** Of the machine's multiply-adds in a large convolution, measured in this run. */
  ceilingFraction: number
  ceilingGflops: number
  /** Against the peer's logits of the same image; null for the peer itself. */
  argmaxAgreement: number | null
  largestRelativeDifference: number | null
  rounds: number
}

interface Choice {
  peer: string | undefined
  python: string
  threads: number
  more: boolean
  rounds: number
  ceilingGflops: number
}

export async function main(args: string[]): Promise<void> {
  if (args[0] === '--own') return ownForward(args[1], args[2] as Runtime, Number(args[3]))
  if (args[0] === '--ceiling') return ceiling()
  const { values } = parseArgs({
    args,
    options: {
      peer: { type: 'string' }, python: { type: 'string', default: 'python3' }, sizes: { type: 'string', default: '512x1024,1024x2048' },
      rounds: { type: 'string', default: '7' }, threads: { type: 'string', default: '2' }, more: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }
    }
  })
  const threads = Number(values.threads)
  const ceilingGflops = (await speaker<{ loss: number }>(ownProcess(__filename, ['--ceiling'], { threads })).hear()).loss
  const choice: Choice = { peer: values.peer, python: values.python, threads, more: values.more, rounds: Number(values.rounds), ceilingGflops }
  for (const size of values.sizes.split(',')) {
    const folder = mkdtempSync(join(tmpdir(), 'cellscope-bench-'))
    try {
      const [height, width] = size.split('x').map(Number)
      for (const line of await compare(folder, writeDump(folder, { height, width }), choice)) console.log(values.json ? JSON.stringify(line) : described(line))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

async function compare(folder: string, meta: Meta, choice: Choice): Promise<Line[]> {
  const { threads, rounds, ceilingGflops } = choice
  const { sides, ready } = await openSides(folder, choice)
  const seconds = await inTurn(sides, { warmUp, rounds })
  const peer = spread(seconds.peer ?? []).median
  const lines: Line[] = []
  for (const [side, talk] of Object.entries(sides)) {
    const { peakMiB } = await talk.end()
    const own = spread(seconds[side])
    const { argmaxAgreement = null, largestRelativeDifference = null } = ready[side]
    lines.push({
      size: `${meta.height}x${meta.width}`, side, seconds: own, ratio: peer / own.median, peakMiB,
      ceilingFraction: meta.gflop / own.median / (ceilingGflops * (side.endsWith(' 1') ? 1 / threads : 1)), ceilingGflops, argmaxAgreement, largestRelativeDifference, rounds
    })
  }
  return lines
}

/** The peer first: the others compare their logits with those that it writes. */
async function openSides(folder: string, { peer, python, threads, more }: Choice): Promise<{ sides: Record<string, Speaker<Said>>; ready: Record<string, Partial<Said>> }> {
  const sides: Record<string, Speaker<Said>> = {}
  const ready: Record<string, Partial<Said>> = {}
  const open = async (name: string, side: Speaker<Said>): Promise<void> => {
    sides[name] = side
    ready[name] = await side.hear()
  }
  const peerOn = (count: number): Speaker<Said> => {
    const script = [join(process.cwd(), 'bench', 'peerStudent.py'), '--peer', peer ?? '', '--dump', folder, '--threads', String(count)]
    return speaker<Said>(spawn(python, script, { stdio: ['pipe', 'pipe', 'inherit'] }))
  }
  const ownOn = (runtime: Runtime, count: number): Speaker<Said> =>
    speaker<Said>(ownProcess(__filename, ['--own', folder, runtime, String(count)], { threads: count }))
  if (peer !== undefined) await open('peer', peerOn(threads))
  await open('onnx', ownOn('onnx', threads))
  await open('onnxCopied', ownOn('onnxCopied', threads))
  if (more) {
    await open('tensorflow', ownOn('tensorflow', threads))
    await open('onnx 1', ownOn('onnx', 1))
    if (peer !== undefined) await open('peer 1', peerOn(1))
  }
  return { sides, ready }
}

function described({ size, side, seconds, ratio, peakMiB, ceilingFraction, ceilingGflops, argmaxAgreement, largestRelativeDifference }: Line): string {
  const [least, most] = seconds.range
  const isCompared = argmaxAgreement !== null && largestRelativeDifference !== null
  const same = isCompared ? `; same class at ${(100 * argmaxAgreement).toFixed(4)} % of the pixels, logits differ by ${largestRelativeDifference.toExponential(1)}` : ''
  return (
    `${size}, ${side}: ${seconds.median.toFixed(3)} s (${least.toFixed(3)} to ${most.toFixed(3)}), ratio ${ratio.toFixed(2)}; ` +
    `${(100 * ceilingFraction).toFixed(0)} % of ${ceilingGflops.toFixed(0)} GFLOP/s; peak ${peakMiB.toFixed(0)} MiB${same}`
  )
}
