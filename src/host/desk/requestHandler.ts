/** What answers requests: one function a request, with what it may use. */
import type { z } from 'zod'
import type { Answers, RequestName, requestInputs } from '../../shared/clientProtocol.js'
import type { JobInputs } from '../../shared/jobInputs.js'
import type { RunFolder } from '../../storage/runFolder.js'
import type { DeskOptions } from './deskOptions.js'
import type { RunKeeper } from './runKeeper.js'

/** The desk as a request sees it. */
export interface DeskParts {
  options: DeskOptions
  /** Absolute. */
  workspace: string
  /** The command line program in words. */
  command: string
  keeper: RunKeeper
  /** Paths that a person chose in a dialog: what is exported goes nowhere else. */
  chosenTargets: Set<string>
  /** Opens a run by its name in the workspace. Throws run.not-found, settings.invalid-value, file.format. */
  openRun(name: string): RunFolder
}

/** One request of one page. */
export interface AskedRequest extends DeskParts {
  /** Runs a job of the engine; its progress goes to the page, and the page's `cancel` ends it. */
  runJob<Name extends keyof JobInputs>(job: Name, input: JobInputs[Name]): Promise<unknown>
  /** Ends one of this page's own long requests. */
  cancel(request: number): void
  watch(run: RunFolder, fromSequence: number): void
  unwatch(run: string): void
}

export type RequestHandlers = {
  [Name in RequestName]: (asked: AskedRequest, input: z.output<(typeof requestInputs)[Name]>) => Answers[Name] | Promise<Answers[Name]>
}
