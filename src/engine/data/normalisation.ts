/** What the network's input means: channel values 0..1, minus the mean, over the deviation, of ImageNet (as the published code has it). */
export const normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const

/** Normalises RGB bytes [height, width, 3] into `target` from `offset` on; pixels of a row of `target` are `targetWidth` apart. */
export function normaliseInto(
  target: Float32Array,
  offset: number,
  targetWidth: number,
  image: Uint8Array,
  height: number,
  width: number
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = image[(y * width + x) * 3 + channel] / 255
        target[offset + (y * targetWidth + x) * 3 + channel] = (value - normalisation.mean[channel]) / normalisation.deviation[channel]
      }
    }
  }
}
