/** Writes a run's report: one HTML file that needs nothing else. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../shared/errors.js'
import type { ReportData } from '../../shared/report.js'
import { makeFolders, writeFileAtomic } from '../../storage/atomicFile.js'
import { reportData } from './reportData.js'

/** What stands in the page where the data goes. */
const place = '>REPORT-DATA</script>'

/** Puts the run into the page and writes it, to outputs/report.html unless told otherwise. Returns the path. Repeatable; the run is not changed. */
export function writeReport(runFolder: string, target = join(runFolder, 'outputs', 'report.html')): string {
  const page = reportPage(readFileSync(templatePath(), 'utf8'), reportData(runFolder))
  makeFolders(dirname(target))
  writeFileAtomic(target, page)
  return target
}

/** The page with the data inside. No text of the run can end the script element that holds it, or begin a comment. */
export function reportPage(template: string, data: ReportData): string {
  const parts = template.split(place)
  if (parts.length !== 2) throw new AppError('internal', `The report's page has ${parts.length - 1} places for the data; expected one.`)
  const json = JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  return `${parts[0]}>${json}</script>${parts[1]}`
}

/** out/report/report.html of the nearest folder above this file that has one: the same from source and from the bundle. */
function templatePath(): string {
  const here = typeof __filename === 'string' ? __filename : fileURLToPath(import.meta.url)
  for (let folder = dirname(here); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'out', 'report', 'report.html')
    if (existsSync(path)) return path
  }
  throw new AppError('file.not-found', 'The report\'s page, out/report/report.html, is not there.', { hint: 'Run `npm run build` once.' })
}
