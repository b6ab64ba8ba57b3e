import type { ReportPicture } from '../../../shared/report.js'

/** About a screenful of a large window, several times over. */
const mostKept = 60

/** Reads each picture once and keeps the last ones that were looked at; what failed is tried again. */
export function pictureReader(read: (id: string) => Promise<ReportPicture>): (id: string) => Promise<ReportPicture> {
  const kept = new Map<string, Promise<ReportPicture>>()
  return (id) => {
    const known = kept.get(id)
    const picture = known ?? read(id)
    kept.delete(id)
    kept.set(id, picture)
    if (!known) picture.catch(() => kept.delete(id))
    if (kept.size > mostKept) kept.delete([...kept.keys()][0])
    return picture
  }
}
