/** Scalars into TensorBoard's event files, by TensorFlow's own writer. */
import { nativeBackend, callMany } from './native.js'
import { tf } from './tf.js'

/** The summary part of tfjs-node's backend. tf.node.summaryFileWriter itself can neither be closed nor be opened twice for one folder. */
interface SummaryBackend {
  summaryWriter(folder: string): tf.Tensor
  createSummaryFileWriter(writer: tf.Tensor, folder: string, queue: number, flushMillis: number, suffix: string): void
  writeScalarSummary(writer: tf.Tensor, step: number, name: string, value: number): void
}

export interface ScalarWriter {
  /** `step` is an integer, at least 0. */
  write(tag: string, step: number, value: number): void
  /** Everything is in the file after this. */
  close(): void
}

let writersOpened = 0

/** Opens a new event file in `folder`, which is made if it is missing. */
export function openScalarWriter(folder: string): ScalarWriter {
  const backend = nativeBackend as unknown as SummaryBackend
  // The resource is shared by name, so every writer needs a name of its own.
  const writer = backend.summaryWriter(`${folder}#${++writersOpened}`)
  tf.tidy(() => {
    backend.createSummaryFileWriter(writer, folder, 1000, 120_000, '.cellscope')
  })
  return {
    write: (tag, step, value) => backend.writeScalarSummary(writer, step, tag, value),
    close: () => {
      callMany('CloseSummaryWriter', [writer], 0)
      writer.dispose()
    }
  }
}
