/** TensorBoard's event files, read back by hand: records of length, checksum, message, checksum. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exportTensorboard } from '../../../src/engine/export/exportTensorboard.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import type { RunEvent } from '../../../src/shared/events.js'

interface Field {
  number: number
  /** Number for varints and fixed ones, bytes otherwise. */
  value: number | Uint8Array
}

/** Fields of a protobuf message. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const key = varint()
    const number = key >> 3
    const kind = key & 7
    if (kind === 0) fields.push({ number, value: varint() })
    else if (kind === 1 || kind === 5) {
      fields.push({ number, value: kind === 1 ? view.getFloat64(at, true) : view.getFloat32(at, true) })
      at += kind === 1 ? 8 : 4
    } else {
      const length = varint()
      fields.push({ number, value: bytes.subarray(at, at + length) })
      at += length
    }
  }
  return fields
}

const message = (fields: Field[], number: number): Uint8Array => fields.find((field) => field.number === number)?.value as Uint8Array

/** `tag step value` of every scalar in an event file. Event: step 2, summary 5; summary: value 1; value: tag 1, simple_value 2. */
function scalarsIn(file: string): string[] {
  const bytes = new Uint8Array(readFileSync(file))
  const scalars: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = new DataView(bytes.buffer, at).getUint32(0, true)
    const event = fieldsOf(bytes.subarray(at + 12, at + 12 + length))
    at += length + 16
    const summary = message(event, 5)
    if (summary === undefined) continue
    const point = fieldsOf(message(fieldsOf(summary), 1))
    const step = event.find((field) => field.number === 2)?.value ?? 0
    const value = point.find((field) => field.number === 2)?.value ?? 0
    scalars.push(`${new TextDecoder().decode(message(point, 1))} ${String(step)} ${String(value)}`)
  }
  return scalars
}

const events: RunEvent[] = [
  { type: 'stage-started', stage: 'search', variant: 'joint', steps: 2 },
  { type: 'step', stage: 'search', variant: 'joint', step: 0, loss: 68.5, learningRate: 0.25, losses: { student: 17 } },
  { type: 'step', stage: 'train-student', step: 300, loss: 0.5, learningRate: 0.125 },
  { type: 'evaluated', network: 'student', split: 'val', step: 7, best: true, scores: { meanIoU: 0.5, pixelAccuracy: 0.75, classIoU: [null] } }
]

let parent = ''

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'cellscope-tensorboard-'))
})

afterAll(() => {
  rmSync(parent, { recursive: true })
})

it('writes every point of every curve, twice to the same folder, without leaking a tensor', async () => {
  const folder = join(parent, 'run 1', '街景')
  const tensorsBefore = tf.memory().numTensors
  for (const attempt of [1, 2]) {
    expect(await exportTensorboard(events, folder), `attempt ${attempt}`).toBe(7)
    const files = readdirSync(folder)
    expect(files).toHaveLength(1)
    expect(scalarsIn(join(folder, files[0]))).toEqual([
      'search/joint/loss 0 68.5',
      'search/joint/learningRate 0 0.25',
      'search/joint/loss/student 0 17',
      'train-student/loss 300 0.5',
      'train-student/learningRate 300 0.125',
      'student/val/meanIoU 7 0.5',
      'student/val/pixelAccuracy 7 0.75'
    ])
  }
  expect(tf.memory().numTensors).toBe(tensorsBefore)
})

it('leaves a folder alone that holds something else', async () => {
  const folder = join(parent, 'photos')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a.jpg'), 'x')
  await expect(exportTensorboard(events, folder)).rejects.toMatchObject({ code: 'file.exists' })
  expect(readdirSync(folder)).toEqual(['a.jpg'])
})
