/** Opens a tfjs graph model from its folder and runs it: how an export is judged in a second runtime. */
import { join } from 'node:path'
import { nativeBackend } from './native.js'
import { tf } from './tf.js'

/** An open model with one input. */
export interface OpenGraphModel {
  /** Runs the model on `image`, [1, H, W, 3] in `inputShape`; returns its first output, row-major NHWC. */
  run(image: Float32Array): Float32Array
  readonly inputShape: number[]
  /** Names and versions of what runs it. */
  readonly runtime: string
  dispose(): void
}

/** Loads model.json and its weights from `folder`. */
export async function openGraphModel(folder: string): Promise<OpenGraphModel> {
  const model = await tf.loadGraphModel(tf.io.fileSystem(join(folder, 'model.json')))
  const inputShape = model.inputs[0].shape
  if (inputShape === undefined) throw new Error(`${folder}: the model does not say the shape of its input`)
  return {
    inputShape,
    runtime: `tfjs ${tf.version['tfjs-converter']} on tensorflow ${nativeBackend.binding.TF_Version}`,
    run: (image) => {
      const logits = tf.tidy(() => model.execute({ image: tf.tensor(image, inputShape) }, 'logits') as tf.Tensor)
      const data = logits.dataSync<'float32'>()
      logits.dispose()
      return data
    },
    dispose: () => {
      model.dispose()
    }
  }
}
