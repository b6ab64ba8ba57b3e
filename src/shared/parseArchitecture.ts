/** architecture.json from outside, checked: its schema, and that its cells make a path that can be built. */
import { z } from 'zod'
import { operators, type Architecture, type DerivedBranch } from './architecture.js'
import { AppError } from './errors.js'

const twelfths = z.number().int().min(1).max(12)
const scale = z.union([z.literal(8), z.literal(16), z.literal(32)])

const cell = z.strictObject({
  layer: z.number().int().min(0).max(1000),
  operator: z.enum(operators),
  scale,
  downsample: z.boolean(),
  width: twelfths
})

const note = z.strictObject({
  finalScale: scale,
  layer: z.number().int().min(0).max(1000),
  scale,
  action: z.enum(['dropped', 'replaced']),
  from: z.enum(operators),
  to: z.enum(operators).optional(),
  reason: z.enum(['skip-is-identity', 'skip-forbidden', 'skip-at-downsampling', 'minimum-length', 'stretch-kept'])
})

const schema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(200),
  classes: z.number().int().min(1).max(100_000),
  baseWidth: z.number().int().min(1).max(64),
  stemWidth: twelfths,
  branches: z
    .array(z.strictObject({ finalScale: scale, cells: z.array(cell).min(1).max(1000) }))
    .min(1)
    .max(3),
  sharedLayers: z.number().int().min(0).max(1000),
  notes: z.array(note).max(10_000)
})

/**
 * The architecture in `value`, which was read from `source`.
 * @throws AppError `architecture.invalid` with the place and what was found there; `file.version` for a version we do not know
 */
export function parseArchitecture(value: unknown, source: string): Architecture {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version !== 1) {
    throw new AppError('file.version', `${source}: expected architecture version 1, found ${version}.`)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalid(source, `${issue.path.join('.') || 'its root'}: ${issue.message}`)
  }
  const architecture = parsed.data as Architecture
  const finals = architecture.branches.map((branch) => branch.finalScale)
  if (new Set(finals).size < finals.length) throw invalid(source, `two branches end at the same scale (${finals.join(', ')})`)
  for (const branch of architecture.branches) checkPath(branch, source)
  const shortest = Math.min(...architecture.branches.map((branch) => branch.cells.length))
  if (architecture.sharedLayers > shortest) {
    throw invalid(source, `sharedLayers is ${architecture.sharedLayers}, but the shortest branch has ${shortest} cells`)
  }
  return architecture
}

/** The cells of a branch follow one another from 1/8 to the branch's final scale. */
function checkPath(branch: DerivedBranch, source: string): void {
  let expected = 8
  let layer = -1
  branch.cells.forEach((current, index) => {
    const place = `branch ${branch.finalScale}, cell ${index}`
    if (current.scale !== expected) throw invalid(source, `${place}: expected scale ${expected}, found ${current.scale}`)
    if (current.layer <= layer) throw invalid(source, `${place}: expected a layer after ${layer}, found ${current.layer}`)
    layer = current.layer
    if (current.downsample) expected *= 2
  })
  if (expected !== branch.finalScale) throw invalid(source, `branch ${branch.finalScale}: its cells end at scale ${expected}`)
}

function invalid(source: string, found: string): AppError {
  return new AppError('architecture.invalid', `${source} is no architecture that can be built: ${found}.`)
}
