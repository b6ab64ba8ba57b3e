/** Opens an exported network as whoever gets the file would, in ONNX Runtime, and runs it. */
import { InferenceSession, Tensor } from 'onnxruntime-node'

export interface Ran {
  inputShape: number[]
  outputShape: number[]
  /** Whether every logit is a finite number, and how many different ones there are. */
  finite: boolean
  different: number
}

/** Runs the network once on a ramp of grey. */
export async function runExported(file: string): Promise<Ran> {
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const metadata = session.inputMetadata[0]
  if (metadata === undefined || !metadata.isTensor) throw new Error(`${file}: expected a tensor as input`)
  const inputShape = metadata.shape.map((size) => (typeof size === 'number' ? size : 1))
  const count = inputShape.reduce((product, size) => product * size, 1)
  const ramp = Float32Array.from({ length: count }, (_, index) => (index % 255) / 255 - 0.5)
  const outputs = await session.run({ [metadata.name]: new Tensor('float32', ramp, inputShape) })
  const output = outputs[session.outputNames[0] ?? '']
  if (output === undefined) throw new Error(`${file}: it gave no output`)
  const logits = output.data as Float32Array
  return { inputShape, outputShape: [...output.dims], finite: logits.every(Number.isFinite), different: new Set(logits).size }
}
