/** The files of an export: one, or all of a folder. */
import { lstatSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface FoundFile {
  /** Relative, with forward slashes. */
  name: string
  path: string
}

/** Sorted by name; links are left out. */
export function filesBelow(path: string): FoundFile[] {
  return lstatSync(path).isDirectory() ? walk(path, '') : [{ name: basename(path), path }]
}

function walk(folder: string, prefix: string): FoundFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const [name, path] = [prefix + entry.name, join(folder, entry.name)]
      if (entry.isDirectory()) return walk(path, `${name}/`)
      return entry.isFile() ? [{ name, path }] : []
    })
}
