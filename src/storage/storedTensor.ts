/** A tensor as it lies in a file: row-major numbers with their type and shape. */

export type StoredTensor =
  | { dtype: 'F32'; shape: number[]; data: Float32Array }
  /** Raw bits of IEEE half-precision numbers. */
  | { dtype: 'F16'; shape: number[]; data: Uint16Array }
  | { dtype: 'I32'; shape: number[]; data: Int32Array }
  | { dtype: 'I64'; shape: number[]; data: BigInt64Array }
  | { dtype: 'U8'; shape: number[]; data: Uint8Array }

export type StoredType = StoredTensor['dtype']

/** Bytes of one element. */
export const elementBytes: Readonly<Record<StoredType, number>> = { F32: 4, F16: 2, I32: 4, I64: 8, U8: 1 }

/** The tensor's bytes, without a copy. */
export function tensorBytes(tensor: StoredTensor): Uint8Array {
  return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength)
}

/** A tensor over the bytes, without a copy; they must start at a multiple of the element's size. */
export function tensorOver(dtype: StoredType, shape: number[], bytes: Uint8Array): StoredTensor {
  const count = bytes.byteLength / elementBytes[dtype]
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(bytes.buffer, bytes.byteOffset, count) }
    case 'F16':
      return { dtype, shape, data: new Uint16Array(bytes.buffer, bytes.byteOffset, count) }
    case 'I32':
      return { dtype, shape, data: new Int32Array(bytes.buffer, bytes.byteOffset, count) }
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(bytes.buffer, bytes.byteOffset, count) }
    case 'U8':
      return { dtype, shape, data: bytes }
  }
}

/** Index of the first NaN or infinity; -1 when all numbers are finite. */
export function firstNonFinite(tensor: StoredTensor): number {
  if (tensor.dtype === 'F32') {
    // An exponent of all ones is NaN or infinity; comparing bits is faster than asking each number.
    const bits = new Uint32Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.length)
    for (let index = 0; index < bits.length; index++) if ((bits[index] & 0x7f800000) === 0x7f800000) return index
  }
  if (tensor.dtype === 'F16') return tensor.data.findIndex((bits) => (bits & 0x7c00) === 0x7c00)
  return -1
}
