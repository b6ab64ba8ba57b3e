/** What a run is, for its report and for the pages that show it: everything but its events and pictures. */
import { join } from 'node:path'
import { settingValues, commandLine } from '../shared/config/commandLine.js'
import type { ReportData, ReportLatencyTable } from '../shared/report.js'
import { findEntries } from './findEntries.js'
import { readTable } from './latencyTableFile.js'
import { readOverlayIndex } from './overlayIndex.js'
import type { RunFolder } from './runFolder.js'

/** Where, in a run's outputs, the overlays lie that its report shows. */
export const overlaysFolder = 'overlays'

export type RunFacts = Omit<ReportData, 'events' | 'thinned' | 'pictures' | 'picturesLeftOut'>

/** Reads the run; changes nothing. `program` is what its command begins with. Throws file.format. */
export function runDescription(run: RunFolder, program = 'cellscope'): RunFacts {
  const { manifest } = run
  const { settings } = manifest
  const { layers, baseWidth, widths, studentStemWidth } = settings.space
  const classes = readOverlayIndex(join(run.outputsPath, overlaysFolder))?.classes ?? []
  return {
    version: 1,
    name: manifest.name,
    command: commandLine(manifest.job, manifest.name, settings, program),
    createdAt: manifest.createdAt,
    cellscope: manifest.fingerprint?.cellscope ?? '',
    fingerprint: manifest.fingerprint,
    datasetDigest: manifest.datasetDigest,
    latencyTable: latencyTable(run),
    inexact: manifest.inexactFrom.length > 0,
    space: { layers, baseWidth, widths, studentStemWidth, classes: classes.length || classesOf(run) },
    target: { height: settings.latency.height, width: settings.latency.width, latencyMs: settings.search.targetLatencyMs || manifest.targetLatencyMs },
    settings: settingValues(settings),
    classes
  }
}

/** 0 before an architecture was derived. */
function classesOf(run: RunFolder): number {
  return findEntries(run.journalPath, ['derived'])[0]?.architecture.classes ?? 0
}

function latencyTable(run: RunFolder): ReportLatencyTable | null {
  const input = run.manifest.latencyTable
  if (!input) return null
  const { name, machine, runtime, warmup, repeats } = readTable(join(run.path, input.file))
  return {
    sha256: input.sha256, name, cpu: machine.cpu, threads: runtime.threads, runtime: `${runtime.name} ${runtime.version}`, warmup, repeats
  }
}
