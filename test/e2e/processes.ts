/** Processes as the system sees them (Linux). */
import { readFileSync, readdirSync } from 'node:fs'

export interface SystemProcess {
  pid: number
  parent: number
  words: string[]
}

/** Every process below this one, itself included, that has not ended. */
export function processTree(pid: number): SystemProcess[] {
  const all = listProcesses()
  const tree = all.filter((each) => each.pid === pid)
  for (const each of tree) tree.push(...all.filter(({ parent }) => parent === each.pid))
  return tree
}

export function isAlive(pid: number): boolean {
  return readProcess(pid) !== undefined
}

/** The engine's workers below a process: Electron's node services, or Node with engine.cjs. */
export function workersOf(pid: number): number[] {
  return processTree(pid)
    .filter(({ words }) => words.some((word) => word.includes('node.mojom.NodeService') || word.endsWith('engine.cjs')))
    .map((each) => each.pid)
}

function listProcesses(): SystemProcess[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []))
}

/** Undefined for one that is gone or only waits for its parent to notice its end. */
function readProcess(pid: number): SystemProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' || state === 'X') return undefined
    return { pid, parent: Number(parent), words: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') }
  } catch {
    return undefined
  }
}
