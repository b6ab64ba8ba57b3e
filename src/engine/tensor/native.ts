import { tf } from './tf.js'

/** One attribute of a TensorFlow kernel, as the binding wants it. T may be left out unless the inputs are a list. */
export interface Attribute {
  name: string
  type: number
  value: boolean | number | string | number[]
}

/** What we use of tfjs-node's backend: it runs any TensorFlow kernel by name. */
interface NativeBackend {
  executeSingleOutput(name: string, attributes: Attribute[], inputs: tf.TensorInfo[]): tf.Tensor
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[]
  incRef(dataId: object): void
  isUsingGpuDevice: boolean
  binding: Record<'TF_FLOAT' | 'TF_INT32' | 'TF_ATTR_STRING' | 'TF_ATTR_INT' | 'TF_ATTR_FLOAT' | 'TF_ATTR_BOOL' | 'TF_ATTR_TYPE', number>
    & { TF_Version: string }
}

export const nativeBackend = tf.backend() as unknown as NativeBackend

/** Builders for kernel attributes. Build them once, outside of hot code. */
export const attribute = {
  string: (name: string, value: string): Attribute => ({ name, type: nativeBackend.binding.TF_ATTR_STRING, value }),
  integer: (name: string, value: number): Attribute => ({ name, type: nativeBackend.binding.TF_ATTR_INT, value }),
  integers: (name: string, value: number[]): Attribute => ({ name, type: nativeBackend.binding.TF_ATTR_INT, value }),
  float: (name: string, value: number): Attribute => ({ name, type: nativeBackend.binding.TF_ATTR_FLOAT, value }),
  boolean: (name: string, value: boolean): Attribute => ({ name, type: nativeBackend.binding.TF_ATTR_BOOL, value }),
  floatType: (name: string): Attribute => ({ name, type: nativeBackend.binding.TF_ATTR_TYPE, value: nativeBackend.binding.TF_FLOAT }),
  integerType: (name: string): Attribute => ({ name, type: nativeBackend.binding.TF_ATTR_TYPE, value: nativeBackend.binding.TF_INT32 })
}

const none: Attribute[] = []

/**
 * Runs one TensorFlow kernel now and gives its only output. Nothing is put on the tape: a kernel of ours records itself (tape.ts).
 * About 7 us before it computes anything; a stock tfjs operation costs 17-26 us.
 */
// T spares the callers a cast: what comes back has the rank that the kernel's documentation says.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function call<T extends tf.Tensor = tf.Tensor>(name: string, inputs: tf.TensorInfo[], attributes: Attribute[] = none): T {
  return nativeBackend.executeSingleOutput(name, attributes, inputs) as T
}

/** The same for a kernel with several outputs. */
export function callMany(name: string, inputs: tf.TensorInfo[], outputs: number, attributes: Attribute[] = none): tf.Tensor[] {
  return nativeBackend.executeMultipleOutputs(name, attributes, inputs, outputs)
}
