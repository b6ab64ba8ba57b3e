/** What a report holds: one run as plain data. The engine writes it into the page, the page reads it out again. */
import type { SearchSpace } from './architecture.js'
import type { JournalEntry } from './events.js'
import type { Fingerprint } from './protocol.js'

export interface ReportData {
  version: 1
  name: string
  /** The command line that makes this run again. */
  command: string
  /** ISO 8601; for people only. */
  createdAt: string
  cellscope: string
  fingerprint: Fingerprint | null
  datasetDigest: string | null
  /** SHA-256 of the latency table, and where it was measured. */
  latencyTable: ReportLatencyTable | null
  /** Whether the run went on with another fingerprint at some time, so that its bits cannot be had again. */
  inexact: boolean
  space: SearchSpace
  /** Target size and target latency of the search; null where that is a share of a network that was not measured yet. */
  target: { height: number; width: number; latencyMs: number | null }
  settings: ReportSetting[]
  classes: ReportClass[]
  /** The journal, thinned where it is long: see `thinned`. */
  events: JournalEntry[]
  /** Kinds of events of which only every n-th is here, such as `step search decoupled`. */
  thinned: { kind: string; kept: number; of: number }[]
  pictures: ReportPicture[]
  /** Pictures of the run that did not fit into the page. */
  picturesLeftOut: number
}

export interface ReportLatencyTable {
  sha256: string
  name: string
  cpu: string
  threads: number
  runtime: string
  warmup: number
  repeats: number
}

export interface ReportSetting {
  path: string
  label: string
  unit: string
  value: string
  /** Whether the value is not the default. */
  changed: boolean
}

export interface ReportClass {
  name: string
  /** Red, green, blue, 0..255 each. */
  colour: [number, number, number]
}

export const pictureKinds = ['image', 'truth', 'teacher', 'student', 'error'] as const
export type PictureKind = (typeof pictureKinds)[number]

/** One image of the dataset with its predictions. */
export interface ReportPicture {
  id: string
  height: number
  width: number
  /** PNG as data URIs. */
  sources: Partial<Record<PictureKind, string>>
}
