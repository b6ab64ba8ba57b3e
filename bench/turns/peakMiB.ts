import { readFileSync } from 'node:fs'

/** The most memory that this process has had resident, by Linux. */
export function peakMiB(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
}
