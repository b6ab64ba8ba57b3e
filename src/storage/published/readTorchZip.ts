/** The parts of a torch zip archive: `NAME/data.pkl`, `NAME/data/0`, ... Its entries are stored as they are, never compressed. */
import { unzipSync } from 'fflate'
import { refused } from './refused.js'

export interface TorchZip {
  pickle: Uint8Array
  /** Bytes of the storages by key. */
  data: Map<string, Uint8Array>
}

const most = { entries: 10_000, totalBytes: 16 * 1024 * 1024 }

/** Small notes of torch itself that say nothing about the values. */
const notes = ['version', '.format_version', '.storage_alignment', '.data/serialization_id']

/** @throws AppError file.format */
export function readTorchZip(bytes: Uint8Array, source: string): TorchZip {
  const entries = unpack(bytes, source)
  const first = [...entries.keys()].find((name) => name.endsWith('/data.pkl'))
  const pickle = first === undefined ? undefined : entries.get(first)
  if (first === undefined || pickle === undefined) throw refused(source, 'expected a torch archive with data.pkl, found another zip archive')
  const root = first.slice(0, -'data.pkl'.length)
  const data = new Map<string, Uint8Array>()
  for (const [name, content] of entries) {
    const inner = name.startsWith(root) ? name.slice(root.length) : undefined
    const key = inner === undefined ? undefined : /^data\/([\w-]{1,40})$/.exec(inner)?.[1]
    if (key !== undefined) data.set(key, content)
    else if (inner === 'byteorder') requireLittle(content, source)
    else if (name !== first && (inner === undefined || !notes.includes(inner))) {
      throw refused(source, `the archive holds ${JSON.stringify(name.slice(0, 80))}, which a file of plain tensors does not`)
    }
  }
  return { pickle, data }
}

/** Sizes are checked as the archive's directory declares them, before anything is unpacked. */
function unpack(bytes: Uint8Array, source: string): Map<string, Uint8Array> {
  const names = new Set<string>()
  let totalBytes = 0
  let refusal: Error | undefined
  const check = (file: { name: string; size: number; originalSize: number; compression: number }): boolean => {
    const found = whatIsWrong(file, names, (totalBytes += Math.max(file.size, file.originalSize)))
    names.add(file.name)
    if (found !== undefined) throw (refusal = refused(source, found))
    return true
  }
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(bytes, { filter: check })
  } catch (error) {
    throw refusal ?? refused(source, 'the zip archive is damaged or cut short', error)
  }
  return new Map(Object.entries(files))
}

function whatIsWrong(
  { name, size, originalSize, compression }: { name: string; size: number; originalSize: number; compression: number },
  names: ReadonlySet<string>,
  totalBytes: number
): string | undefined {
  const shown = JSON.stringify(name.slice(0, 80))
  if (names.size >= most.entries) return `expected at most ${most.entries} entries in the archive, found more`
  if (names.has(name) || name === '__proto__') return `the archive holds ${shown} twice, or under a name that is not allowed`
  if (!(totalBytes <= most.totalBytes)) return `expected at most ${most.totalBytes} bytes in the archive, but ${shown} makes them ${totalBytes}`
  if (compression !== 0) return `${shown} in the archive is compressed, which torch.save never does`
  return size === originalSize ? undefined : `${shown} in the archive declares ${originalSize} bytes and stores ${size}`
}

function requireLittle(content: Uint8Array, source: string): void {
  const order = String.fromCharCode(...content.subarray(0, 20))
  if (order !== 'little') throw refused(source, `expected numbers in little-endian order, found ${JSON.stringify(order)}`)
}
