/** The marker says what was set up; it is written last, so whatever stands without it is half-done and is done anew. */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bindingRevision } from './buildBinding.mjs'
import { bindingFile, markerFile, packageFolder } from './places.mjs'

/**
 * What is set up as we would set it up today, or null: { kind: 'cpu' | 'gpu' | 'folder', source, tensorflow, libraries: { file: bytes } }.
 * Looks at the files' sizes too, for a marker can outlive what it speaks of.
 */
export function readMarker() {
  if (!existsSync(markerFile) || !existsSync(bindingFile)) return null
  try {
    const marker = JSON.parse(readFileSync(markerFile, 'utf8'))
    const whole = Object.entries(marker.libraries).every(([file, bytes]) => statSync(join(packageFolder, 'deps', 'lib', file)).size === bytes)
    return whole && marker.binding === bindingRevision ? marker : null
  } catch {
    return null
  }
}

/** Whether a marker is there, be it outdated or damaged: then what stands there is ours, and not put there by hand. */
export function hasMarker() {
  return existsSync(markerFile)
}

export function removeMarker() {
  rmSync(markerFile, { force: true })
}

/** `found` is { kind, source, tensorflow, libraries: string[] }. */
export function writeMarker(found) {
  const libraries = Object.fromEntries(found.libraries.map((file) => [file, statSync(join(packageFolder, 'deps', 'lib', file)).size]))
  writeFileSync(`${markerFile}.part`, `${JSON.stringify({ ...found, libraries, binding: bindingRevision }, null, 2)}\n`)
  renameSync(`${markerFile}.part`, markerFile)
}
