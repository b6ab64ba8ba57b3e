import { refused } from './refused.js'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads little-endian numbers and text forwards, and never past the end. */
export class ByteCursor {
  private readonly view: DataView

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
    private readonly source: string
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get remaining(): number {
    return this.bytes.length - this.at
  }

  /** The place of the next `count` bytes, which are then read. Throws file.format where the file ends before. */
  take(count: number): number {
    if (count > this.remaining) throw refused(this.source, `expected ${count} more bytes at byte ${this.at}, but the file ends after ${this.remaining}`)
    const place = this.at
    this.at += count
    return place
  }

  uint8(): number {
    return this.view.getUint8(this.take(1))
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true)
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true)
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true)
  }

  uint64(): bigint {
    return this.view.getBigUint64(this.take(8), true)
  }

  /** Big-endian, as pickle writes floats. */
  float64(): number {
    return this.view.getFloat64(this.take(8), false)
  }

  slice(count: number): Uint8Array {
    const place = this.take(count)
    return this.bytes.subarray(place, place + count)
  }

  text(count: number): string {
    const place = this.at
    try {
      return decoder.decode(this.slice(count))
    } catch (error) {
      if (error instanceof TypeError) throw refused(this.source, `expected UTF-8 text at byte ${place}, found other bytes`, error)
      throw error
    }
  }

  /** Text up to the next line feed, of at most `most` bytes. */
  line(most: number): string {
    const end = this.bytes.indexOf(0x0a, this.at)
    if (end < 0 || end - this.at > most) throw refused(this.source, `expected a line of at most ${most} bytes at byte ${this.at}`)
    const text = this.text(end - this.at)
    this.at = end + 1
    return text
  }
}
