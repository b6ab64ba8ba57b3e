/** Everything that a report shows, gathered from a run's folder. */
import { join } from 'node:path'
import { readJournal } from '../../storage/readJournal.js'
import { RunFolder } from '../../storage/runFolder.js'
import { readTable } from '../latency/tableFile.js'
import type { JournalEntry } from '../../shared/events.js'
import type { ReportData, ReportLatencyTable } from '../../shared/report.js'
import { commandLine, settingValues } from './commandLine.js'
import { reportPictures } from './reportPictures.js'
import { thinEvents } from './thinEvents.js'

/** Where, in a run's outputs, the overlays lie that its report shows. */
export const overlaysFolder = 'overlays'

/** Reads the run; changes nothing. Throws run.not-found, file.format. */
export function reportData(runFolder: string): ReportData {
  const run = RunFolder.open(runFolder)
  const { manifest } = run
  const { settings } = manifest
  const journal = readJournal(run.journalPath).entries
  const { events, thinned } = thinEvents(journal)
  const { classes, pictures, leftOut } = reportPictures(join(run.outputsPath, overlaysFolder))
  const { layers, baseWidth, widths, studentStemWidth } = settings.space
  return {
    version: 1,
    name: manifest.name,
    command: commandLine(manifest.job, manifest.name, settings),
    createdAt: manifest.createdAt,
    cellscope: manifest.fingerprint?.cellscope ?? '',
    fingerprint: manifest.fingerprint,
    datasetDigest: manifest.datasetDigest,
    latencyTable: latencyTable(run),
    inexact: manifest.inexactFrom.length > 0,
    space: { layers, baseWidth, widths, studentStemWidth, classes: classes.length || classesOf(journal) },
    target: { height: settings.latency.height, width: settings.latency.width, latencyMs: settings.search.targetLatencyMs },
    settings: settingValues(settings),
    classes, events, thinned, pictures, picturesLeftOut: leftOut
  }
}

function classesOf(events: JournalEntry[]): number {
  for (const event of events) if (event.type === 'derived') return event.architecture.classes
  return 0
}

function latencyTable(run: RunFolder): ReportLatencyTable | null {
  const input = run.manifest.latencyTable
  if (!input) return null
  const { name, machine, runtime, warmup, repeats } = readTable(join(run.path, input.file))
  return {
    sha256: input.sha256, name, cpu: machine.cpu, threads: runtime.threads, runtime: `${runtime.name} ${runtime.version}`, warmup, repeats
  }
}
