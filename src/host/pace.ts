/** How fast a machine works through a run's efforts, and where a workspace remembers it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonFile, writeJsonFile } from '../storage/jsonFile.js'
import type { Effort } from './effort.js'

export interface Pace {
  /** A convolution layer, forward and backward with norm, ReLU and update, beside its arithmetic: what a step of a small network costs. */
  secondsPerLayerRun: number
  /** In steps on large maps. */
  secondsPerMultiplyAdd: number
}

/** Two idle cores of 2.5 to 3 GHz. */
export const assumedPace: Pace = { secondsPerLayerRun: 1.3e-3, secondsPerMultiplyAdd: 1 / 40e9 }

/** The format before it charged everything to the arithmetic; it has no version. */
const version = 2

export function secondsOf(effort: Effort, pace: Pace): number {
  return effort.layerRuns * pace.secondsPerLayerRun + effort.multiplyAdds * pace.secondsPerMultiplyAdd + effort.otherSeconds
}

/** The pace that earlier runs of this workspace had, or undefined. */
export function readPace(workspace: string): Pace | undefined {
  const path = pacePath(workspace)
  if (!existsSync(path)) return undefined
  try {
    const kept = readJsonFile(path) as Partial<Pace> & { version?: number }
    const { secondsPerLayerRun, secondsPerMultiplyAdd } = kept
    const usable = kept.version === version && isPositive(secondsPerLayerRun) && isPositive(secondsPerMultiplyAdd)
    return usable ? { secondsPerLayerRun, secondsPerMultiplyAdd } : undefined
  } catch {
    // Only a forecast hangs on it; an unreadable pace is no pace.
    return undefined
  }
}

export function writePace(workspace: string, pace: Pace): void {
  writeJsonFile(pacePath(workspace), { version, ...pace })
}

function pacePath(workspace: string): string {
  return join(workspace, 'pace.json')
}

function isPositive(value: number | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
