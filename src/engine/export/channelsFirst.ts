import type { MapShape } from '../../shared/networkGraph.js'

/** An image [1, H, W, C] as [1, C, H, W], which ONNX Runtime takes. */
export function channelsFirst(image: Float32Array, shape: MapShape): Float32Array {
  const { channels } = shape
  const pixels = shape.height * shape.width
  const result = new Float32Array(image.length)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels; channel++) result[channel * pixels + pixel] = image[pixel * channels + channel]
  }
  return result
}
