/**
 * Labels at 1/8, where the supernet's losses are taken. A logit at 1/8 stands for the pixel that an enlargement with aligned corners
 * puts it on, so that pixel's label is taken (the published code takes the first of each eight).
 */
export function eighthLabels(labels: ArrayLike<number>, count: number, height: number, width: number): Int32Array {
  const rows = pickedPositions(height)
  const columns = pickedPositions(width)
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

function pickedPositions(size: number): number[] {
  const small = size / 8
  return Array.from({ length: small }, (_, i) => (small === 1 ? size >> 1 : Math.round((i * (size - 1)) / (small - 1))))
}
