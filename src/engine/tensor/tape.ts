/**
 * Puts a kernel of ours on tfjs's tape as one node.
 *
 * tfjs offers registerKernel + registerGradient and customGrad for this. Both clone every saved tensor with a kernel of its own (10 us
 * each), give a dense zero gradient to every output that the loss does not reach (so a saved convolution output would cost its size in
 * zeros), and customGrad allows only one output. Writing the node ourselves costs about 1 us a saved tensor. The node is the very one that
 * tfjs writes, so stock operations, tf.grads and tf.variableGrads work with it as usual.
 */
import { nativeBackend } from './native.js'
import { tf } from './tf.js'

/** For every input that the loss may need: a function that computes the gradient with respect to it. */
export type InputGradients = Record<string, () => tf.Tensor>

interface TapeNode {
  name: string
  inputs: tf.NamedTensorMap
  /** The one differentiable output. */
  output: tf.Tensor
  /** Kept until the tape ends, then disposed by tfjs. Take inputs with `share`, own results with `keep`. */
  saved: tf.Tensor[]
  gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => InputGradients
}

/** A node as tfjs keeps it; `gradient` takes null for an output that the loss does not reach. */
export interface RecordedNode {
  kernelName: string
  inputs: tf.NamedTensorMap
  outputs: tf.Tensor[]
  saved: tf.Tensor[]
  gradient?: (upstream: (tf.Tensor | null)[]) => InputGradients
}

/** The part of tfjs's engine that its type declarations call private; it is the same in every 4.x. */
interface TapeEngine {
  state: { activeTape: RecordedNode[] | null; gradientDepth: number }
  startTape(): void
  endTape(): void
  isTapeOn(): boolean
  addTapeNode(
    name: string, inputs: tf.NamedTensorMap, outputs: tf.Tensor[], gradient: TapeNode['gradient'], saved: tf.Tensor[], attributes: object
  ): void
  makeTensorFromTensorInfo(info: tf.TensorInfo): tf.Tensor
}

const engine = tf.engine() as unknown as TapeEngine
const noAttributes = {}

/** Whether gradients are being recorded. When not, a kernel saves nothing. */
export function isRecording(): boolean {
  return engine.isTapeOn()
}

export function record({ name, inputs, output, saved, gradient }: TapeNode): void {
  engine.addTapeNode(name, inputs, [output], gradient, saved, noAttributes)
}

/** A second handle on the same numbers, kept until it is disposed: the first may be disposed meanwhile. */
export function share<T extends tf.Tensor>(tensor: T): T {
  nativeBackend.incRef(tensor.dataId)
  return tf.keep(engine.makeTensorFromTensorInfo({ dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype })) as T
}

/** Runs `forward` and records its operations. The saved tensors of the tape are the caller's to dispose; see backward. */
export function recordTape<T extends tf.Tensor>(forward: () => T): { value: T; tape: RecordedNode[] } {
  if (engine.state.gradientDepth > 0) throw new Error('A gradient within a gradient is not supported.')
  engine.startTape()
  let value: T | undefined
  try {
    value = tf.tidy(forward)
  } finally {
    engine.endTape()
    if (value === undefined) engine.state.activeTape?.forEach(({ saved }) => tf.dispose(saved))
  }
  const tape = engine.state.activeTape ?? []
  engine.state.activeTape = null
  return { value, tape }
}
