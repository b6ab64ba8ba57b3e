/** One value a byte from PNG rows that pack 1, 2, 4 or 8 bits a value; every row starts on a fresh byte. Returns [height, width]. */
export function unpackBits(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const values = new Uint8Array(width * height)
  const rowBytes = Math.ceil((width * depth) / 8)
  if (data.length < rowBytes * height) throw new Error(`${data.length} bytes where ${rowBytes * height} belong`)
  const perByte = 8 / depth
  const mask = 2 ** depth - 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * rowBytes + Math.floor(x / perByte)]
      values[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & mask
    }
  }
  return values
}
