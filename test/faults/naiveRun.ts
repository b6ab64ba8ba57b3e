/**
 * The same toy as a careless program would write it: one state file, overwritten in place, and a log that is only appended to. The kill
 * harness must catch it; if it does not, the harness proves nothing about the careful one.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { toyState, trainStep } from './toyRun.js'

export interface NaiveOptions {
  steps: number
  checkpointSteps: number
  size: number
  onStep: () => void
}

/** Runs or resumes; throws when its state cannot be read any more. */
export function naiveRun(folder: string, { steps, checkpointSteps, size, onStep }: NaiveOptions): void {
  fs.mkdirSync(folder, { recursive: true })
  const statePath = path.join(folder, 'state.bin')
  const { weights, momentum } = toyState(size)
  const step = fs.existsSync(statePath) ? readState(statePath, weights, momentum) : 0
  for (let done = step; done < steps; done++) {
    const loss = trainStep(done, weights, momentum)
    fs.appendFileSync(path.join(folder, 'log.txt'), `${done} ${loss}\n`)
    onStep()
    if ((done + 1) % checkpointSteps === 0 || done + 1 === steps) writeInPlace(statePath, done + 1, weights, momentum)
  }
}

/** Over weights and log; throws like a program that cannot read its own files. */
export function naiveDigest(folder: string): string {
  const hash = createHash('sha256')
  for (const file of ['state.bin', 'log.txt']) hash.update(fs.readFileSync(path.join(folder, file)))
  return hash.digest('hex')
}

function writeInPlace(statePath: string, step: number, weights: Float32Array, momentum: Float32Array): void {
  const file = fs.openSync(statePath, 'w')
  for (const part of [Float64Array.of(step), weights, momentum]) {
    const bytes = new Uint8Array(part.buffer)
    for (let at = 0; at < bytes.length; at += 65536) fs.writeSync(file, bytes, at, Math.min(65536, bytes.length - at))
  }
  fs.closeSync(file)
}

function readState(statePath: string, weights: Float32Array, momentum: Float32Array): number {
  const bytes = Uint8Array.from(fs.readFileSync(statePath))
  const wanted = 8 + weights.byteLength + momentum.byteLength
  if (bytes.length !== wanted) throw new Error(`${statePath}: expected ${wanted} bytes, found ${bytes.length}`)
  weights.set(new Float32Array(bytes.buffer, 8, weights.length))
  momentum.set(new Float32Array(bytes.buffer, 8 + weights.byteLength, momentum.length))
  return new Float64Array(bytes.buffer, 0, 1)[0]
}
