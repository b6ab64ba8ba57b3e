/** The runs of a workspace as a list for people and machines. */
import { existsSync } from 'node:fs'
import { Workspace } from '../storage/workspace.js'

export interface RunListing {
  name: string
  folder: string
  job: string
  progress: string
  stage: string
  createdAt: string
  /** What is wrong with a run that cannot be read; empty where nothing is. */
  error: string
}

export function listRuns(workspace: string): RunListing[] {
  if (!existsSync(workspace)) return []
  return Workspace.open(workspace)
    .listRuns()
    .map(({ name, folder, state, error }) => ({
      name,
      folder,
      job: state?.manifest.job ?? '',
      progress: state?.progress ?? 'unreadable',
      stage: state?.stage === undefined ? '' : state.step === undefined ? state.stage : `${state.stage} ${state.step}`,
      createdAt: state?.manifest.createdAt ?? '',
      error: error?.message ?? ''
    }))
}
