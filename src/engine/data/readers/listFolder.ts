/** Directory listings that are the same on every machine. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Files below root/folder whose name ends with one of `endings` (any case), sorted by code unit; paths relative to root, forward slashes. */
export function listFiles(root: string, folder: string, endings: readonly string[]): string[] {
  const found: string[] = []
  const waiting = [folder]
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    for (const entry of readdirSync(join(root, current), { withFileTypes: true })) {
      const path = current === '' ? entry.name : `${current}/${entry.name}`
      if (entry.isDirectory()) waiting.push(path)
      else if (!entry.name.startsWith('.') && endings.some((ending) => entry.name.toLowerCase().endsWith(ending))) found.push(path)
    }
  }
  return found.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0))
}

export function isFolder(root: string, folder: string): boolean {
  return existsSync(join(root, folder)) && statSync(join(root, folder)).isDirectory()
}

export const imageEndings = ['.png', '.jpg', '.jpeg'] as const

/** The path without its last ending: `a/b.c.png` becomes `a/b.c`. */
export function stem(path: string): string {
  return path.replace(/\.[^./]*$/, '')
}
