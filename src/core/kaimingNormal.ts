import { randomStream } from './random.js'

/**
 * He initialisation for a ReLU network (He et al. 2015, fan-in): normal with variance 2 / (k * k * I).
 *
 * @param shape of a filter, [k, k, I, O]
 * @param name of the variable: every variable has its own random stream
 */
export function kaimingNormal(shape: readonly [number, number, number, number], seed: number, name: string): Float32Array {
  const [height, width, inChannels, outChannels] = shape
  const fanIn = height * width * inChannels
  const deviation = Math.sqrt(2 / fanIn)
  const values = new Float32Array(fanIn * outChannels)
  const { uniform } = randomStream(seed, `initial/${name}`)
  // Box-Muller gives two values for two uniforms; a supernet has 60 million.
  for (let index = 0; index < values.length; index += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    values[index] = radius * Math.cos(angle)
    if (index + 1 < values.length) values[index + 1] = radius * Math.sin(angle)
  }
  return values
}
