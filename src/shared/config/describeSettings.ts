/** The settings as plain data, read out of their zod schemas: flags, forms, messages and the reference page are made from this list. */
import { z } from 'zod'
import { fieldRegistry } from './fields.js'
import { settingsSchema } from './settings.js'

export type SettingKind = 'number' | 'integer' | 'boolean' | 'text' | 'choice' | 'numbers' | 'integers' | 'choices'

export interface SettingDescription {
  /** Where it stands, such as `search.architectureLearningRate`; also the flag's name. */
  path: string
  /** The stage it belongs to, such as `search`; empty for the seed. */
  group: string
  kind: SettingKind
  default: unknown
  label: string
  help: string
  unit: string
  /** What may be given, in words, such as `whole number, 1 to 64` or `decoupled, joint or both`. */
  range: string
  /** The same as data, for a form that says it in another language. */
  limits: SettingLimits
  choices: string[]
  mayChangeOnResume: boolean
}

/** Of the number, or of each number of a list; present where they are. */
export interface SettingLimits {
  least?: number
  most?: number
  /** The number must be more than this. */
  above?: number
  multipleOf?: number
  /** The only numbers that are possible. */
  oneOf?: number[]
  leastItems?: number
  mostItems?: number
  mostCharacters?: number
}

/** The part of JSON Schema that our settings use. */
interface JsonSchema {
  type?: string
  default?: unknown
  enum?: string[]
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  multipleOf?: number
  minItems?: number
  maxItems?: number
  maxLength?: number
  items?: JsonSchema
  /** A choice between numbers: each has a `const`. */
  anyOf?: JsonSchema[]
  const?: number
  properties?: Record<string, JsonSchema>
  label?: string
  help?: string
  unit?: string
  mayChangeOnResume?: boolean
}

/** Every setting of a schema (all of a run's, unless told otherwise), in the schema's order. */
export function describeSettings(schema: z.ZodType = settingsSchema): SettingDescription[] {
  const json = z.toJSONSchema(schema, { io: 'input', metadata: fieldRegistry }) as JsonSchema
  return describeGroup(json, '')
}

function describeGroup(schema: JsonSchema, group: string): SettingDescription[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = group === '' ? name : `${group}.${name}`
    return property.properties === undefined ? [describeField(property, path, group)] : describeGroup(property, path)
  })
}

function describeField(schema: JsonSchema, path: string, group: string): SettingDescription {
  return {
    path,
    group,
    kind: kindOf(schema),
    default: schema.default,
    label: schema.label ?? path,
    help: schema.help ?? '',
    unit: schema.unit ?? '',
    range: rangeOf(schema),
    limits: limitsOf(schema),
    choices: schema.enum ?? schema.items?.enum ?? [],
    mayChangeOnResume: schema.mayChangeOnResume ?? false
  }
}

function limitsOf(schema: JsonSchema): SettingLimits {
  const number = schema.items ?? schema
  const limits: { [Key in keyof SettingLimits]: SettingLimits[Key] | undefined } = {
    least: number.minimum,
    most: number.maximum,
    above: number.exclusiveMinimum,
    multipleOf: number.multipleOf,
    oneOf: schema.anyOf?.flatMap((each) => each.const ?? []),
    leastItems: schema.minItems,
    mostItems: schema.maxItems,
    mostCharacters: schema.maxLength
  }
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)) as SettingLimits
}

function kindOf(schema: JsonSchema): SettingKind {
  if (schema.anyOf !== undefined) return 'number'
  if (schema.type === 'array') {
    if (schema.items?.enum !== undefined) return 'choices'
    return schema.items?.type === 'integer' ? 'integers' : 'numbers'
  }
  if (schema.enum !== undefined) return 'choice'
  if (schema.type === 'string') return 'text'
  if (schema.type === 'boolean') return 'boolean'
  return schema.type === 'integer' ? 'integer' : 'number'
}

function rangeOf(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return inWords(schema.anyOf.map((each) => String(each.const)))
  if (schema.type === 'array') return `${itemCount(schema)}, each ${rangeOf(schema.items ?? {})}`
  if (schema.enum !== undefined) return inWords(schema.enum)
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'string') return schema.maxLength === undefined ? 'text' : `text of at most ${schema.maxLength} characters`
  return numberRange(schema)
}

function numberRange(schema: JsonSchema): string {
  const kind = schema.type === 'integer' ? 'whole number' : 'number'
  const multiple = schema.multipleOf === undefined ? '' : `, a multiple of ${schema.multipleOf}`
  const most = schema.maximum
  if (schema.exclusiveMinimum !== undefined) return `${kind}, more than ${schema.exclusiveMinimum} to ${most ?? 'any'}${multiple}`
  if (schema.minimum !== undefined) return `${kind}, ${schema.minimum} to ${most ?? 'any'}${multiple}`
  return most === undefined ? kind : `${kind}, at most ${most}${multiple}`
}

function itemCount(schema: JsonSchema): string {
  if (schema.minItems === schema.maxItems && schema.minItems !== undefined) return `${schema.minItems} values`
  return `${schema.minItems ?? 0} to ${schema.maxItems ?? 'any'} values`
}

/** `a`, `a or b`, `a, b or c`. */
function inWords(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`
}
