/**
 * Every message between a page and its host, whatever carries them (a port in the desktop program, a WebSocket on this machine, a pair of
 * ports in tests). Plain JSON. A page asks and gets one answer; the host sends news by itself. Inputs are checked by the host with these
 * schemas; answers are described by `Answers`.
 */
import { z } from 'zod'
import type { ErrorReport } from './errors.js'
import type { JournalEntry, Pulse } from './events.js'
import { dataSettings } from './config/settings.js'
import type { Settings } from './config/settings.js'
import { exportFormats, operatorsInput } from './jobInputs.js'
import type { LatencyTable } from './latencyTable.js'
import type { OperatorComparison } from './operatorComparison.js'
import type { ReportData, ReportPicture } from './report.js'

const runName = z.string().min(1).max(80)
const path = z.string().min(1).max(4096)
const seed = z.number().int().min(0).max(4294967295)
const nothing = z.strictObject({})
const run = z.strictObject({ run: runName })
/** A group of settings as a person typed them; parseSettings checks them in depth and names what is wrong. */
const settings = z.record(z.string(), z.unknown())

export const trainedNetworks = ['teacher', 'student', 'plain', 'handmade'] as const

/** The requests by name, with the shape of their inputs. */
export const requestInputs = {
  /** Who answers, and what this shell can do. */
  describe: nothing,
  listRuns: nothing,
  /** What a run with these settings would do, in how many minutes and how much memory. */
  forecast: z.strictObject({ job: z.enum(['run', 'search']), settings }),
  /** Starts a new run; `name` null takes the first free one. */
  startRun: z.strictObject({ job: z.enum(['run', 'search']), name: runName.nullable(), settings }),
  /** Goes on with a run that stands still, from its last checkpoint. */
  resumeRun: run,
  pauseRun: run,
  continueRun: run,
  /** Checkpoint, then stop. */
  stopRun: run,
  /** What a run is: everything of its report but events and pictures. */
  describeRun: run,
  /** From now on the page gets `journal` news of the run, from this sequence number on (1: from the beginning), and pulses. */
  watchRun: z.strictObject({ run: runName, fromSequence: z.number().int().min(1) }),
  unwatchRun: run,
  /** The pictures of predictions that a run has, worst student first, without their bytes. */
  listPictures: run,
  /** The latency table that a run has, for the milliseconds of single cells. */
  readLatencyTable: run,
  /** One picture of predictions as data URIs. */
  readPicture: z.strictObject({ run: runName, id: z.string().min(1).max(4096) }),
  /** Reads every file of a dataset and lists what is wrong with it. Sends `progress` news. */
  scan: z.strictObject({ data: dataSettings, seed }),
  /** The first images of a dataset with their masks, as they are and as training sees them. Sends `progress` news. */
  samples: z.strictObject({ data: dataSettings, seed, count: z.number().int().min(1).max(24) }),
  /** Measures the operators of the comparison that chose the five, in turn, on the host's machine. Sends `progress` news. */
  compareOperators: operatorsInput,
  /**
   * Writes a trained network, or the run's report. `out` null writes into the run's own exports folder and, in a browser, gives an
   * address to fetch it from.
   */
  exportModel: z.strictObject({
    run: runName,
    network: z.enum(trainedNetworks),
    format: z.enum([...exportFormats, 'report']),
    out: path.nullable()
  }),
  /** The system's dialog for a folder of images; only where `describe` says so. */
  chooseFolder: nothing,
  /** The system's dialog for a file or folder to write. */
  chooseDestination: z.strictObject({ suggestedName: z.string().min(1).max(200) }),
  /** Shows a written file in the system's file manager. */
  reveal: z.strictObject({ path }),
  /** The language of the page, which menu and dialogs of the shell follow. */
  setLanguage: z.strictObject({ language: z.enum(['en', 'zh']) }),
  /** Ends a request that takes long (scan, samples, compareOperators, exportModel); it fails with `cancelled`. */
  cancel: z.strictObject({ request: z.number().int().min(1) })
} as const

export type RequestName = keyof typeof requestInputs
export const requestNames = Object.keys(requestInputs) as RequestName[]
export type RequestInput<Name extends RequestName> = z.input<(typeof requestInputs)[Name]>

/** What each request is answered with. */
export interface Answers {
  describe: ApplicationDescription
  listRuns: RunSummary[]
  forecast: RunForecast
  startRun: { run: string }
  resumeRun: Done
  pauseRun: Done
  continueRun: Done
  stopRun: Done
  describeRun: RunDescription
  watchRun: Done
  unwatchRun: Done
  listPictures: { classes: ReportData['classes']; pictures: PictureListing[] }
  /** null before it was measured. */
  readLatencyTable: LatencyTable | null
  readPicture: ReportPicture
  scan: DatasetScanAnswer
  samples: { classes: ReportData['classes']; samples: Sample[] }
  compareOperators: OperatorComparison
  exportModel: ExportAnswer
  chooseFolder: { path: string | null }
  chooseDestination: { path: string | null }
  reveal: Done
  setLanguage: Done
  cancel: Done
}

export type Done = Record<string, never>

export interface ApplicationDescription {
  version: string
  /** desktop: in our own window, with the system's dialogs. browser: any browser, on the same machine or through a tunnel. */
  shell: 'desktop' | 'browser'
  /** Folder of the runs, for people. */
  workspace: string
  /** Folders with images that a browser may name; on the desktop any folder may be named and this is empty. */
  datasets: string[]
  /** The path of the command line program in words, for "copy as command". */
  command: string
}

/** A run as the host holds it: a state where this host runs it, else what its files say. */
export type LiveState = 'starting' | 'running' | 'pausing' | 'paused' | 'stopping'

export interface RunSummary {
  name: string
  job: string
  /** new, unfinished, finished: from its files. unreadable: see `error`. */
  progress: 'new' | 'unfinished' | 'finished' | 'unreadable'
  /** Present where this host runs it now. */
  live: LiveState | null
  stage: string
  /** ISO 8601. */
  createdAt: string
  /** What the run came to, as far as it has come. */
  studentMeanIoU: number | null
  teacherMeanIoU: number | null
  measuredLatencyMs: number | null
  predictedLatencyMs: number | null
  error: string
}

export interface RunForecast {
  stages: { stage: string; steps: number; minutes: number }[]
  minutes: number
  memoryBytes: number
  basis: 'measured' | 'assumed'
  /** All settings as they would be used. */
  settings: Settings
  /** The command line that starts the same run. */
  command: string
}

export type RunDescription = Omit<ReportData, 'events' | 'thinned' | 'pictures' | 'picturesLeftOut'> & {
  job: string
  progress: 'new' | 'unfinished' | 'finished'
  live: LiveState | null
  /** The stages of the plan in order, with their steps; 0 for a task without. */
  plan: { stage: string; variant: string; steps: number }[]
}

export interface PictureListing {
  id: string
  height: number
  width: number
  kinds: string[]
  /** Of the student on this image alone, over the classes that occur in it; null where it was not scored. */
  studentMeanIoU: number | null
}

export interface SplitContent {
  images: number
  /** Labelled pixels of each class. */
  pixels: number[]
  imagesWithClass: number[]
}

export interface DatasetScanAnswer {
  layout: string
  classes: string[]
  train: SplitContent
  val: SplitContent
  suggestedWeights: number[]
  sizes: { height: number; width: number; images: number }[]
  problems: { file: string; message: string }[]
  notes: string[]
}

/** An image of a dataset as PNG data URIs. */
export interface Sample {
  id: string
  height: number
  width: number
  image: string
  /** The mask in the classes' colours. */
  truth: string
  /** The same image and mask after a random draw of the augmentation. */
  augmentedImage: string
  augmentedTruth: string
}

export interface ExportAnswer {
  /** Where it was written. */
  path: string
  files: { name: string; bytes: number }[]
  /** Against our own network in a second runtime, on real images; null for formats without a network to run (safetensors, report). */
  largestDifference: number | null
  argmaxAgreement: number | null
  /** What was found, in a sentence. */
  text: string
  /** Address on this server to fetch it from (a folder comes as a zip); null on the desktop. */
  download: string | null
}

/** Page to host. */
export interface ClientRequest {
  /** From 1, never used twice on a connection. */
  request: number
  name: RequestName
  input: unknown
}

/** Host to page. */
export type HostMessage =
  | { answer: number; value: unknown }
  | { answer: number; error: ErrorReport }
  | HostNews

/** What the host says by itself. At most ten `journal` messages a second; a page that opens late gets everything from its sequence on. */
export type HostNews =
  /**
   * The next entries, in order. `cutTo` is there when the journal was cut back to that sequence and went on otherwise (a measurement that was
   * made again after a crash): what the page has after it is void.
   */
  | { news: 'journal'; run: string; entries: JournalEntry[]; cutTo?: number }
  | { news: 'pulse'; run: string; pulse: Pulse }
  /** How far a task without steps is, such as measuring latencies or evaluating. */
  | { news: 'task'; run: string; task: string; done: number; total: number; remainingSeconds: number | null }
  /** The run's state changed; `over` where this host does not run it any more. */
  | { news: 'state'; run: string; live: LiveState | null; over: 'finished' | 'stopped' | 'failed' | null; error: ErrorReport | null }
  /** Something worth a sentence: a damaged checkpoint set aside, a forecast that was settled. */
  | { news: 'notice'; run: string; text: string }
  /** The engine died or fell silent: what happened and from which step it goes on. */
  | { news: 'incident'; run: string; what: 'death' | 'stall' | 'failure' | 'message'; text: string; checkpointStep: number | null; restarts: number }
  | { news: 'progress'; request: number; task: string; done: number; total: number; remainingSeconds: number | null }
  /** The list of runs changed. */
  | { news: 'runs' }
  /** The page of this window died and was opened anew by the shell; no run was touched by it. */
  | { news: 'page-died'; reason: string }
  /** The menu or a shortcut of the shell asks the page for something. */
  | { news: 'command'; command: 'start' | 'data' | 'open-folder' | 'new' | 'search' | 'lattice' | 'networks' | 'predictions' | 'runs' | 'operators' | 'export' | 'pause' | 'stop' | 'language' | 'theme' }

/** What carries messages; four verbs. */
export interface Transport<Outgoing, Incoming> {
  send(message: Outgoing): void
  onMessage(listener: (message: Incoming) => void): void
  onClose(listener: () => void): void
  close(): void
}
