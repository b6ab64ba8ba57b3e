/** JSON from outside, read with care: a size, a depth, no keys that reach into JavaScript's own objects, no infinite numbers. */
import { AppError, type ErrorCode } from '../errors.js'

export interface JsonLimits {
  /** Characters. */
  longest: number
  /** Objects and lists inside one another. */
  deepest: number
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Parses the text of `source` (a file's name, for the message).
 * @throws AppError with `code` that says what is wrong and where
 */
export function readJson(text: string, source: string, code: ErrorCode = 'settings.unreadable', limits: Partial<JsonLimits> = {}): unknown {
  const { longest = 1_000_000, deepest = 32 } = limits
  if (text.length > longest) throw new AppError(code, `${source} has ${text.length} characters; at most ${longest} are read.`)
  const depth = depthOf(text)
  if (depth > deepest) throw new AppError(code, `${source} nests ${depth} levels deep; at most ${deepest} are read.`)
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw new AppError(code, `${source} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause })
  }
  refuseHostile(value, source, code, '')
  return value
}

/** Deepest nesting of brackets outside strings; looked at before parsing, so that no parser has to recurse. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth)
    else if (character === '}' || character === ']') depth--
  }
  return deepest
}

function refuseHostile(value: unknown, source: string, code: ErrorCode, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new AppError(code, `${source} has a number at ${path || 'its root'} that is too large for a computer.`)
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (forbiddenKeys.has(key)) throw new AppError(code, `${source} has the key "${key}" at ${path || 'its root'}, which is not allowed.`)
    refuseHostile(inner, source, code, path === '' ? key : `${path}.${key}`)
  }
}
