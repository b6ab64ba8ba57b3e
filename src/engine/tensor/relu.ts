import { call } from './native.js'
import { isRecording, record, share } from './tape.js'
import type { tf } from './tf.js'

/** max(0, x), any shape. The gradient at 0 is 0, as in PyTorch. */
export function relu<T extends tf.Tensor>(x: T): T {
  const output = call<T>('Relu', [x])
  if (isRecording()) {
    record({
      name: 'relu',
      inputs: { x },
      output,
      saved: [share(output)],
      gradient: (dy, [output]) => ({ x: () => call('ReluGrad', [dy, output]) })
    })
  }
  return output
}
