/** CRC-32 as of zlib, PNG and Ethernet (polynomial 0xEDB88320): the checksum of a journal line. */
import * as zlib from 'node:zlib'

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  return remainder
})

/** The plain definition; also what runs on Node before 20.15, whose zlib does not export its own. */
export function plainCrc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff
  for (let index = 0; index < bytes.length; index++) remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[index]) & 0xff]
  return (remainder ^ 0xffffffff) >>> 0
}

const native = (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32

/** Checksum of the bytes, an unsigned 32-bit number. */
export const crc32: (bytes: Uint8Array) => number = native ?? plainCrc32
