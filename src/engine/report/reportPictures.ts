/** Pictures of predictions as they go into a report: PNG as data URIs, as many as fit. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pictureKinds } from '../../shared/report.js'
import type { ReportClass, ReportPicture } from '../../shared/report.js'
import { readJsonFile } from '../../storage/jsonFile.js'
import type { OverlayIndex, OverlayPicture } from '../evaluate/overlays.js'

export interface ReportPictures {
  classes: ReportClass[]
  pictures: ReportPicture[]
  leftOut: number
}

/** A page of this size still opens at once. */
const mostBytes = 16 * 1024 * 1024

/** Reads what writeOverlays wrote into `folder`; nothing there is fine. Images are taken whole, in order, until the page would grow too large. */
export function reportPictures(folder: string, limitBytes = mostBytes): ReportPictures {
  const file = join(folder, 'overlays.json')
  if (!existsSync(file)) return { classes: [], pictures: [], leftOut: 0 }
  const index = readJsonFile(file) as OverlayIndex
  const pictures: ReportPicture[] = []
  let bytes = 0
  for (const entry of index.pictures) {
    const sources = readSources(folder, entry)
    bytes += Object.values(sources).reduce((sum, source) => sum + source.length, 0)
    if (bytes > limitBytes) break
    pictures.push({ id: entry.id, height: entry.height, width: entry.width, sources })
  }
  return { classes: index.classes, pictures, leftOut: index.pictures.length - pictures.length }
}

function readSources(folder: string, { files }: OverlayPicture): ReportPicture['sources'] {
  const sources: ReportPicture['sources'] = {}
  for (const kind of pictureKinds) {
    const name = files[kind]
    if (name !== undefined) sources[kind] = `data:image/png;base64,${readFileSync(join(folder, name)).toString('base64')}`
  }
  return sources
}
