import { randomStream } from '../../core/random.js'

/** Noise around 0 in the shape of a network's input, the same every time; [1, channels, height, width] as ONNX Runtime takes it. */
export function noiseInput(shape: readonly number[]): Float32Array {
  const random = randomStream(0, 'latency-input')
  const data = new Float32Array(shape.reduce((product, side) => product * side, 1))
  for (let index = 0; index < data.length; index++) data[index] = random.uniform() - 0.5
  return data
}
