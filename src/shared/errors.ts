/** Every error that a person can meet: its code, whose matter it is, and the hint that says what to do. Thrown where the facts are. */

/** user: you can fix it, here is how. fault: disk, memory, process; we retry or resume. bug: ours. */
export type ErrorKind = 'user' | 'fault' | 'bug'

/** One line a code: its kind, and the hint that is shown unless the thrower knows a better one. */
export const errorCatalogue = {
  'settings.unknown-key': { kind: 'user', hint: 'Use the suggested name, or run with --help to see every setting.' },
  'settings.invalid-value': { kind: 'user', hint: 'Give a value within the range that is shown.' },
  'settings.unreadable': { kind: 'user', hint: 'Check that the file is JSON and readable.' },
  'settings.changed-on-resume': { kind: 'user', hint: 'Resume without this setting, or start a new run with it.' },
  'settings.fingerprint': { kind: 'user', hint: 'Resume on the same build and thread settings, or add --accept-inexact to go on and mark the curve.' },
  'data.not-found': { kind: 'user', hint: 'Check the path; it must be a folder that this user can read.' },
  'data.unknown-layout': { kind: 'user', hint: 'See docs/datasets.md for the layouts that are understood.' },
  'data.empty-split': { kind: 'user', hint: 'Put at least one image with its mask into the split.' },
  'data.bad-image': { kind: 'user', hint: 'Replace the file, or take it out of the dataset.' },
  'data.bad-mask': { kind: 'user', hint: 'Save the mask again as 8-bit class ids, a palette or RGB with classes.json.' },
  'data.missing-mask': { kind: 'user', hint: 'Add the mask, or take the image out of the dataset.' },
  'data.size-mismatch': { kind: 'user', hint: 'Image and mask must have the same width and height.' },
  'data.unknown-value': { kind: 'user', hint: 'Add the value to classes.json or correct the mask.' },
  'data.too-large': { kind: 'user', hint: 'Scale or tile the picture below 64 megapixels.' },
  'data.changed': { kind: 'user', hint: 'Restore the files as they were, or start a new run.' },
  'data.classes': { kind: 'user', hint: 'Correct classes.json; docs/datasets.md shows an example.' },
  'data.too-few': { kind: 'user', hint: 'Add images, or choose a smaller batch.' },
  'data.found-problems': { kind: 'user', hint: 'Correct the listed files; nothing was started.' },
  'file.not-found': { kind: 'user', hint: 'Check the path.' },
  'file.exists': { kind: 'user', hint: 'Choose another name, or remove it first.' },
  'file.format': { kind: 'user', hint: 'Check that this is the file you meant.' },
  'file.version': { kind: 'user', hint: 'Open it with the version of Cellscope that wrote it, or a newer one.' },
  'file.write': { kind: 'fault', hint: 'Check the disk and its permissions; what was there before is untouched.' },
  'disk.full': { kind: 'fault', hint: 'Free some space, then resume; the last checkpoint is intact.' },
  'checkpoint.damaged': { kind: 'fault', hint: 'An older checkpoint is used where there is one.' },
  'checkpoint.none': { kind: 'fault', hint: 'No checkpoint can be used; start the run anew.' },
  'journal.damaged': { kind: 'fault', hint: 'The journal is kept up to its last whole line before the damage.' },
  'run.not-found': { kind: 'user', hint: 'List the runs with `cellscope runs`, or check --workspace.' },
  'run.exists': { kind: 'user', hint: 'Choose another --name, or resume it with `cellscope resume`.' },
  'run.finished': { kind: 'user', hint: 'There is nothing left to resume; see its report.' },
  'run.incomplete': { kind: 'user', hint: 'Finish the run with `cellscope resume` first.' },
  'workspace.locked': { kind: 'user', hint: 'Another Cellscope works in this workspace; close it or use another --workspace.' },
  'architecture.invalid': { kind: 'user', hint: 'The file must follow the schema of architecture.json.' },
  'latency.invalid-table': { kind: 'user', hint: 'Measure the table anew with `cellscope latency measure`.' },
  'latency.missing-entry': { kind: 'user', hint: 'The table was measured for another space, size or number of classes; measure it anew.' },
  'latency.few-networks': { kind: 'user', hint: 'Set latency.networks to 0, which leaves the table uncorrected, or to 12 or more in a larger space.' },
  'training.not-finite': { kind: 'fault', hint: 'Start a new run with a lower learning rate or with gradient clipping; the last checkpoint is finite.' },
  'memory.exhausted': { kind: 'fault', hint: 'Choose a smaller batch or crop.' },
  'export.mismatch': { kind: 'bug', hint: 'The exported file does not compute what the network computes; please report it.' },
  'engine.unavailable': { kind: 'user', hint: 'Run `npm run setup`, then `npm run doctor`.' },
  'engine.crashed': { kind: 'fault', hint: 'The run goes on from its last checkpoint.' },
  'engine.stalled': { kind: 'fault', hint: 'Stop the run and resume it.' },
  'request.refused': { kind: 'user', hint: 'Use the desktop window or the command line for it.' },
  'run.live': { kind: 'user', hint: 'Wait until it has finished, or stop it first; it can be resumed later.' },
  'request.cancelled': { kind: 'user', hint: 'Start it again when you want it.' },
  'connection.lost': { kind: 'fault', hint: 'Runs go on by themselves. The page connects again as soon as it can; look whether it was done, then try again.' },
  'protocol.invalid': { kind: 'bug', hint: 'Client and host are of different versions.' },
  'internal': { kind: 'bug', hint: 'Please report it with the log.' }
} as const satisfies Record<string, { kind: ErrorKind; hint: string }>

export type ErrorCode = keyof typeof errorCatalogue

/** Plain-data form of an AppError, for messages between processes and for --json. */
export interface ErrorReport {
  code: ErrorCode
  kind: ErrorKind
  message: string
  hint: string
}

/** An error for people: one sentence with the file, what was expected and what was found, and a hint that says what to do. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly kind: ErrorKind
  readonly hint: string

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.kind = errorCatalogue[code].kind
    this.hint = options.hint ?? errorCatalogue[code].hint
  }

  report(): ErrorReport {
    return { code: this.code, kind: this.kind, message: this.message, hint: this.hint }
  }

  static from(report: ErrorReport): AppError {
    return new AppError(report.code, report.message, { hint: report.hint })
  }
}

/** Turns anything that was thrown into an AppError; used at the three doors: worker entry, host request, storage. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (/OOM when allocating|out of memory/i.test(message)) return new AppError('memory.exhausted', message, { cause: thrown })
  return new AppError('internal', message, { cause: thrown })
}
