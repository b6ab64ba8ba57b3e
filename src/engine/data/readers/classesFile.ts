/** classes.json: names, colours and mask values of a dataset's classes. docs/datasets.md shows examples. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.js'
import type { DatasetClass } from '../dataset.js'
import type { MaskCoding } from '../images/maskCoding.js'
import { vocColour } from './vocColour.js'

const byte = z.number().int().min(0).max(255)
const colour = z.tuple([byte, byte, byte])
const entry = z.union([z.string().min(1), z.strictObject({ name: z.string().min(1), colour: colour.optional(), value: byte.optional() })])
const schema = z.union([
  z.array(entry).min(1).max(255),
  z.strictObject({
    classes: z.array(entry).min(1).max(255),
    ignore: z.array(z.union([byte, colour])).optional(),
    masks: z.enum(['ids', 'colours']).optional()
  })
])

/** Throws data.classes with the place and the fault. */
export function readClassesFile(root: string): { classes: DatasetClass[]; maskCoding: MaskCoding } {
  const parsed = schema.safeParse(readJson(root))
  if (!parsed.success) throw bad(`expected a list of classes, found a fault at ${describe(parsed.error)}`)
  const file = Array.isArray(parsed.data) ? { classes: parsed.data } : parsed.data
  const entries = file.classes.map((one) => (typeof one === 'string' ? { name: one } : one))
  const classes = entries.map((one, index): DatasetClass => ({ name: one.name, colour: one.colour ?? vocColour(index + 1) }))
  const repeated = classes.find((one, index) => classes.findIndex((other) => other.name === one.name) !== index)
  if (repeated) throw bad(`expected every class name once, found ${JSON.stringify(repeated.name)} twice`)
  const ids = Array.from({ length: 256 }, () => -1)
  const colours: MaskCoding['colours'] = []
  for (const [id, one] of entries.entries()) {
    const value = one.value ?? id
    if (ids[value] >= 0)
      throw bad(
        `expected every mask value once, found ${value} for ${JSON.stringify(classes[ids[value]].name)} and ${JSON.stringify(one.name)}`
      )
    ids[value] = id
    if (one.colour) addColour(colours, one.colour, id)
  }
  for (const ignored of file.ignore ?? []) {
    if (typeof ignored !== 'number') addColour(colours, ignored, 255)
    else if (ids[ignored] >= 0)
      throw bad(`expected ignored values beside the classes, found ${ignored}, which is ${JSON.stringify(classes[ids[ignored]].name)}`)
    else ids[ignored] = 255
  }
  if (ids[255] < 0) ids[255] = 255
  const kind = file.masks ?? 'ids'
  if (kind === 'colours' && colours.length < classes.length)
    throw bad('expected a colour for every class because masks are read by colour, found a class without')
  return { classes, maskCoding: { kind, ids, colours } }
}

function addColour(colours: MaskCoding['colours'], added: [number, number, number], id: number): void {
  if (colours.some((known) => known[0] === added[0] && known[1] === added[1] && known[2] === added[2])) {
    throw bad(`expected every colour once, found ${added.join(', ')} twice`)
  }
  colours.push([...added, id])
}

function readJson(root: string): unknown {
  let text: string
  try {
    text = readFileSync(join(root, 'classes.json'), 'utf8')
  } catch {
    throw new AppError('data.classes', `${root}: expected a classes.json that names the classes, found none`)
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw bad(`expected JSON, found: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0]
  const inner =
    issue.code === 'invalid_union'
      ? (issue.errors.find((branch) => branch.some((one) => one.path.length > 0)) ?? issue.errors[0])?.[0]
      : undefined
  const place = [...issue.path, ...(inner?.path ?? [])].join('.')
  return `${place === '' ? 'the top' : place} (${(inner ?? issue).message})`
}

function bad(sentence: string): AppError {
  return new AppError('data.classes', `classes.json: ${sentence}`)
}
