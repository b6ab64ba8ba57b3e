/** Pictures of predictions as they go into a report: PNG as data URIs, as many as fit. */
import type { ReportClass, ReportPicture } from '../../shared/report.js'
import { readOverlayIndex, readOverlayPicture } from '../../storage/overlayIndex.js'

export interface ReportPictures {
  classes: ReportClass[]
  pictures: ReportPicture[]
  leftOut: number
}

/** A page of this size still opens at once. */
const mostBytes = 16 * 1024 * 1024

/** Reads what writeOverlays wrote into `folder`; nothing there is fine. Images are taken whole, in order, until the page would grow too large. */
export function reportPictures(folder: string, limitBytes = mostBytes): ReportPictures {
  const index = readOverlayIndex(folder)
  if (index === undefined) return { classes: [], pictures: [], leftOut: 0 }
  const pictures: ReportPicture[] = []
  let bytes = 0
  for (const entry of index.pictures) {
    const picture = readOverlayPicture(folder, entry)
    bytes += Object.values(picture.sources).reduce((sum, source) => sum + source.length, 0)
    if (bytes > limitBytes) break
    pictures.push(picture)
  }
  return { classes: index.classes, pictures, leftOut: index.pictures.length - pictures.length }
}
