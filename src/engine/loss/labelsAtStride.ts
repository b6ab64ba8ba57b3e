/**
 * Labels at a coarser resolution, for losses that are taken there: the supernet's at 1/8, a derived network's where training says so. A
 * coarse pixel stands for the pixel that an enlargement with aligned corners puts it on, so that pixel's label is taken (the published
 * code takes the first of each eight). stride 1 copies.
 *
 * @param labels [count, height, width]
 * @returns [count, height / stride, width / stride]
 */
export function labelsAtStride(labels: ArrayLike<number>, count: number, height: number, width: number, stride: number): Int32Array {
  if (stride === 1) return Int32Array.from(labels)
  const rows = pickedPositions(height, stride)
  const columns = pickedPositions(width, stride)
  const result = new Int32Array(count * rows.length * columns.length)
  let next = 0
  for (let image = 0; image < count; image++) {
    for (const row of rows) {
      const start = (image * height + row) * width
      for (const column of columns) result[next++] = labels[start + column]
    }
  }
  return result
}

function pickedPositions(size: number, stride: number): number[] {
  const small = size / stride
  return Array.from({ length: small }, (_, i) => (small === 1 ? size >> 1 : Math.round((i * (size - 1)) / (small - 1))))
}
