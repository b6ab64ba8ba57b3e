/**
 * Reading JSON that somebody else may have written: capped in size and depth, no duplicate keys, no keys that reach into prototypes,
 * finite numbers only. What comes back is still unknown: its schema is the caller's.
 */
import { AppError } from '../shared/errors.js'
import { writeFileAtomic } from './atomicFile.js'
import { nonFinitePlace } from './nonFinitePlace.js'
import { readBytes } from './readBytes.js'

export interface JsonLimits {
  mostBytes?: number
  mostDepth?: number
}

const forbiddenKeys: readonly string[] = ['__proto__', 'constructor', 'prototype']

/** Reads a JSON file within limits (default 16 MiB, depth 64). Throws file.not-found, or file.format with the file and what was found. */
export function readJsonFile(path: string, limits: JsonLimits = {}): unknown {
  return parseJson(readBytes(path, limits.mostBytes ?? 16 * 1024 * 1024), path, limits)
}

/** Writes a value as readable JSON, atomically. Numbers that are not finite are refused: JSON would turn them into null in silence. */
export function writeJsonFile(path: string, value: unknown): void {
  refuseNonFinite(value, path)
  writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`)
}

/** Parses JSON bytes within limits; `source` is the file that errors name. */
export function parseJson(bytes: Uint8Array, source: string, limits: JsonLimits = {}): unknown {
  const text = decodeUtf8(bytes, source)
  checkStructure(text, source, limits.mostDepth ?? 64)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AppError('file.format', `${source}: expected JSON, found: ${(error as Error).message}.`, { cause: error })
  }
  refuseNonFinite(value, source)
  return value
}

function decodeUtf8(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new AppError('file.format', `${source}: expected UTF-8 text, found other bytes.`, { cause: error })
  }
}

/** One pass over the brackets and keys, before anything is built. Text that is no JSON may pass: the parser refuses it next. */
function checkStructure(text: string, source: string, mostDepth: number): void {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x7b || character === 0x5b) {
      open.push(character === 0x7b ? new Set() : undefined)
      if (open.length > mostDepth) throw new AppError('file.format', `${source}: expected at most ${mostDepth} nested levels, found more.`)
    } else if (character === 0x7d || character === 0x5d) {
      open.pop()
    } else if (character === 0x22) {
      const end = endOfString(text, at)
      const keys = open[open.length - 1]
      if (keys !== undefined && isKey(text, end)) checkKey(text.slice(at, end), keys, source)
      at = end - 1
    }
  }
}

/** Index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x5c) at++
    else if (character === 0x22) return at + 1
  }
  return text.length
}

function isKey(text: string, end: number): boolean {
  let at = end
  while (text.charCodeAt(at) <= 0x20) at++
  return text.charCodeAt(at) === 0x3a
}

function checkKey(quoted: string, keys: Set<string>, source: string): void {
  const key = unquote(quoted)
  if (forbiddenKeys.includes(key)) throw new AppError('file.format', `${source}: the key ${JSON.stringify(key)} is not allowed.`)
  if (keys.has(key)) throw new AppError('file.format', `${source}: the key ${JSON.stringify(key)} occurs twice in one object.`)
  keys.add(key)
}

function unquote(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted // A bad escape: JSON.parse of the whole text refuses it with its place.
  }
}

/** 1e999 parses as Infinity. */
function refuseNonFinite(value: unknown, source: string): void {
  const place = nonFinitePlace(value)
  if (place !== undefined) throw new AppError('file.format', `${source}: expected finite numbers, found ${place}.`)
}
