/** Scales an RGB image [height, width, 3]: bilinear with half-pixel centres; the triangle is widened when shrinking, so nothing flickers. */
export function resizeImage(image: Uint8Array, height: number, width: number, toHeight: number, toWidth: number): Uint8Array {
  if (height === toHeight && width === toWidth) return image
  const rows = triangles(height, toHeight)
  const columns = triangles(width, toWidth)
  const between = new Float32Array(height * toWidth * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < toWidth; x++) {
      const { first, weights } = columns[x]
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let k = 0; k < weights.length; k++) sum += weights[k] * image[(y * width + first + k) * 3 + channel]
        between[(y * toWidth + x) * 3 + channel] = sum
      }
    }
  }
  const result = new Uint8Array(toHeight * toWidth * 3)
  const rowLength = toWidth * 3
  for (let y = 0; y < toHeight; y++) {
    const { first, weights } = rows[y]
    for (let value = 0; value < rowLength; value++) {
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k] * between[(first + k) * rowLength + value]
      result[y * rowLength + value] = Math.round(sum)
    }
  }
  return result
}

/** Scales a mask [height, width] by nearest neighbour: the pixel that lies under the new pixel's centre. */
export function resizeMask(mask: Uint8Array, height: number, width: number, toHeight: number, toWidth: number): Uint8Array {
  if (height === toHeight && width === toWidth) return mask
  const result = new Uint8Array(toHeight * toWidth)
  for (let y = 0; y < toHeight; y++) {
    const from = Math.min(height - 1, Math.floor(((y + 0.5) * height) / toHeight))
    for (let x = 0; x < toWidth; x++) {
      result[y * toWidth + x] = mask[from * width + Math.min(width - 1, Math.floor(((x + 0.5) * width) / toWidth))]
    }
  }
  return result
}

/** For each new position: the first old one that counts, and the weights from there on, which sum to 1. */
function triangles(from: number, to: number): { first: number; weights: number[] }[] {
  const ratio = from / to
  const reach = Math.max(1, ratio)
  return Array.from({ length: to }, (_, position) => {
    const centre = (position + 0.5) * ratio - 0.5
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(from - 1, Math.floor(centre + reach))
    const weights: number[] = []
    for (let index = first; index <= last; index++) weights.push(Math.max(0, 1 - Math.abs(index - centre) / reach))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}
