/** Our side of a comparison of the published student: a process that runs it once for every line that it reads. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareLogits, type LogitsComparison } from '../../src/engine/export/compareLogits.js'
import { deployedGraph } from '../../src/engine/export/exportedNetwork.js'
import { openSession } from '../../src/engine/graph/session.js'
import { randomWeights } from '../../src/engine/graph/randomWeights.js'
import type { tf as tensorflow } from '../../src/engine/tensor/tf.js'
import { answerLines } from '../turns/answerLines.js'
import { readFloats } from '../turns/readFloats.js'
import { cornerModel } from './cornerModel.js'
import { publishedStudent, type Meta } from './dump.js'

/** `onnxCopied`: with the binding's copy of the logits into JavaScript. */
export type Runtime = 'onnx' | 'onnxCopied' | 'tensorflow'

/** Says first how close its logits are to `peer-logits.bin` of `folder`, where that is there. */
export async function ownForward(folder: string, runtime: Runtime, threads: number): Promise<void> {
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as Meta
  const image = readFloats(join(folder, 'image.bin'))
  await (runtime === 'tensorflow' ? onTensorflow(folder, meta, image) : onOnnxRuntime(folder, meta, image, { threads, copies: runtime === 'onnxCopied' }))
}

async function onOnnxRuntime(folder: string, meta: Meta, image: Float32Array, { threads, copies }: { threads: number; copies: boolean }): Promise<void> {
  const model = readFileSync(join(folder, 'network.onnx'))
  const whole = await openSession(model, { threads })
  const closeness = compared(folder, meta, (await whole.run(image)).get('logits')?.data as Float32Array, 'NCHW')
  await whole.close()
  const session = await openSession(copies ? model : cornerModel(model), { threads })
  await session.prepare(image)
  await answerLines({ ...closeness }, () => session.timeOnce())
  await session.close()
}

/** Threads are those of the environment. */
async function onTensorflow(folder: string, meta: Meta, image: Float32Array): Promise<void> {
  const { tf } = await import('../../src/engine/tensor/tf.js')
  const { TrainedNetwork } = await import('../../src/engine/network/derived/trainedNetwork.js')
  const architecture = publishedStudent()
  const network = new TrainedNetwork(architecture, randomWeights(deployedGraph(architecture, meta), 1), false)
  const images = tf.tidy(() => tf.tensor3d(image, [3, meta.height, meta.width]).transpose<tensorflow.Tensor3D>([1, 2, 0]).expandDims<tensorflow.Tensor4D>(0))
  const once = (): Float32Array => {
    const logits = network.forward(images)
    const values = logits.dataSync<'float32'>()
    logits.dispose()
    return values
  }
  await answerLines({ ...compared(folder, meta, once(), 'NHWC') }, () => Promise.resolve(once()))
}

function compared(folder: string, meta: Meta, logits: Float32Array, layout: 'NCHW' | 'NHWC'): LogitsComparison | undefined {
  const path = join(folder, 'peer-logits.bin')
  return existsSync(path) ? compareLogits(readFloats(path), logits, { height: meta.height, width: meta.width, channels: meta.classes }, layout) : undefined
}
