/** Workers for tests of the command line: one that does a whole run in a moment, one that waits to be stopped. */
import type { RunEvent } from '../../../src/shared/events.js'
import type { WorkerCommand } from '../../../src/shared/protocol.js'
import { RunFolder } from '../../../src/storage/runFolder.js'
import { fakeFingerprint, type FakeWorker } from '../host/fakeEngine.js'
import type { TestHeadless } from './testHeadless.js'

export const events: RunEvent[] = [
  { type: 'stage-started', stage: 'search', variant: 'joint', steps: 2 },
  { type: 'step', stage: 'search', variant: 'joint', step: 1, loss: 2.5, learningRate: 0.1 },
  { type: 'evaluated', network: 'teacher', split: 'val', step: 2, best: true, scores: { meanIoU: 0.61, pixelAccuracy: 0.9, classIoU: [] } },
  { type: 'evaluated', network: 'student', split: 'val', step: 2, best: true, scores: { meanIoU: 0.5, pixelAccuracy: 0.9, classIoU: [] } },
  {
    type: 'evaluated',
    network: 'handmade',
    split: 'val',
    step: 2,
    best: true,
    scores: { meanIoU: 0.55, pixelAccuracy: 0.9, classIoU: [] }
  },
  { type: 'latency-measured', network: 'student', predictedMs: 1.5, measuredMs: 1.6, deviationMs: 0.1, count: 5 },
  { type: 'latency-measured', network: 'handmade', predictedMs: 1.4, measuredMs: 1.7, deviationMs: 0.1, count: 5 },
  { type: 'exported', network: 'student', format: 'onnx', path: 'outputs/student/model.onnx', largestDifference: 1e-6, argmaxAgreement: 1 },
  { type: 'run-finished', summary: {} }
]

/** A worker that does the whole run in a moment, and leaves journal and checkpoint as a real one does. */
export function goodWorker(worker: FakeWorker, command: WorkerCommand): void {
  if (command.command !== 'run') return
  worker.say({ message: 'ready', fingerprint: fakeFingerprint })
  worker.say({ message: 'state', state: 'running' })
  const run = RunFolder.open(command.runFolder)
  const { journal, checkpoints } = run.startWork()
  for (const event of events) worker.say({ message: 'event', entry: journal.append(event) })
  checkpoints.save({ position: 1, tensors: new Map(), info: {}, journal: journal.mark() })
  journal.close()
  const pulse = {
    stage: 'search' as const,
    step: 1,
    steps: 2,
    elapsedSeconds: 90,
    stepSeconds: 0.5,
    waitedSeconds: 0,
    remainingSeconds: 61,
    residentBytes: 5e8
  }
  run.appendPulse(pulse)
  worker.say({ message: 'pulse', pulse })
  worker.say({ message: 'finished' })
  worker.exit({ code: 0 })
}

/** A worker that runs until it is told to stop. */
export function patientWorker(worker: FakeWorker, command: WorkerCommand, headless: TestHeadless): void {
  if (command.command === 'run') {
    worker.say({ message: 'ready', fingerprint: fakeFingerprint })
    worker.say({ message: 'state', state: 'running' })
    headless.interrupt()
  }
  if (command.command === 'stop') worker.exit({ code: 0 })
}
