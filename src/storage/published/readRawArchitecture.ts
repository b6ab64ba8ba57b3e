/** The raw arrays of a searched architecture: the authors' `arch_*.pt`, or a JSON file of the arrays. */
import { AppError } from '../../shared/errors.js'
import type { RawArchitecture } from '../../shared/rawArchitecture.js'
import { parseJson } from '../jsonFile.js'
import { readBytes } from '../readBytes.js'
import { parseRawArchitecture } from './parseRawArchitecture.js'
import { readTorchTensors, type TorchTensor } from './readTorchTensors.js'
import { refused } from './refused.js'

export type ImportedNetwork = 'teacher' | 'student'

const mostBytes = 16 * 1024 * 1024

/** How the published code builds its two networks (config_search.py); the arrays are numbered by network. */
const published = {
  teacher: { index: 0, forbidSkip: true, stemWidth: 12 },
  student: { index: 1, forbidSkip: false, stemWidth: 8 }
} as const

/**
 * Which kind of file it is, its first bytes say. `network` says which arrays of a .pt are read; where undefined, the student's if they are
 * there. Throws file.not-found, file.format, settings.invalid-value for a network of a JSON file, which holds only one.
 */
export function readRawArchitecture(path: string, network?: ImportedNetwork): RawArchitecture {
  const bytes = readBytes(path, mostBytes)
  if (bytes.length === 0) throw refused(path, 'the file is empty')
  if (!isJson(bytes)) return rawArchitectureOf(readTorchTensors(bytes, path), network, path)
  if (network !== undefined) {
    throw new AppError('settings.invalid-value', `--network chooses between the arrays of a .pt file, but ${path} is JSON, which has one network.`, {
      hint: 'Leave --network out; forbidSkip and stemWidth in the file say what it is.'
    })
  }
  return parseRawArchitecture(parseJson(bytes, path), path)
}

/** Neither a pickle nor a zip archive begins with a brace or white space. */
function isJson(bytes: Uint8Array): boolean {
  const first = bytes.findIndex((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte))
  return bytes[first] === 0x7b || bytes[first] === 0x5b || (bytes[0] === 0xef && bytes[1] === 0xbb)
}

function rawArchitectureOf(tensors: ReadonlyMap<string, TorchTensor>, asked: ImportedNetwork | undefined, source: string): RawArchitecture {
  const network = asked ?? (tensors.has('alpha_1_0') ? 'student' : 'teacher')
  const { index, forbidSkip, stemWidth } = published[network]
  const rowsOf = (name: string, numbers: number[]): number[][][] => numbers.map((number) => rows(tensors, `${name}_${index}_${number}`, network, source))
  const alpha = rowsOf('alpha', [0, 1, 2])
  const ratio = rowsOf('ratio', [0, 1, 2])
  const columns = ratio[0][0]?.length
  if (columns !== 1 && columns !== 5) throw refused(source, `expected ratio_${index}_0 with 5 columns, or 1, found ${columns ?? 'no rows'}`)
  const raw = {
    layers: alpha[0].length,
    baseWidth: 12,
    widths: columns === 1 ? [12] : [4, 6, 8, 10, 12],
    alpha,
    beta: rowsOf('beta', [1, 2]),
    ratio,
    forbidSkip,
    stemWidth
  }
  return parseRawArchitecture(raw, source)
}

function rows(tensors: ReadonlyMap<string, TorchTensor>, name: string, network: ImportedNetwork, source: string): number[][] {
  const tensor = tensors.get(name)
  if (tensor === undefined) {
    const found = [...tensors.keys()].slice(0, 12).join(', ') || 'no tensor at all'
    throw refused(source, `the arrays of the ${network} have no "${name}"; found ${found.slice(0, 200)}`)
  }
  const { shape, values } = tensor
  if (shape.length !== 2) throw refused(source, `expected "${name}" with rows and columns, found the shape [${shape.join(', ')}]`)
  const bad = values.find((value) => !Number.isFinite(value))
  if (bad !== undefined) throw refused(source, `expected finite numbers in "${name}", found ${bad}`)
  return Array.from({ length: shape[0] }, (_, row) => values.slice(row * shape[1], (row + 1) * shape[1]))
}
