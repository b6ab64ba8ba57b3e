/** The environment of an engine worker: a few names are let through, and what the result's bits depend on is set (reliability, P2). */
import { cpus } from 'node:os'
import { engineEnvironment, type EngineNumerics } from '../shared/engineEnvironment.js'

/** Names that a worker may see. Anything else, such as a token or NODE_OPTIONS, stays outside. */
const allowed = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LD_LIBRARY_PATH',
  'SYSTEMROOT',
  'WINDIR',
  'USERPROFILE',
  'LOCALAPPDATA',
  'CUDA_VISIBLE_DEVICES',
  'CUDA_HOME',
  'CELLSCOPE_TENSORFLOW',
  'CELLSCOPE_FAULT'
]

/** The variables for a worker of a run with these numerics; 0 threads means one a core. */
export function workerEnvironment(numerics: EngineNumerics, outside: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(outside)) {
    if (value !== undefined && allowed.includes(name.toUpperCase())) environment[name] = value
  }
  const threads = numerics.threads === 0 ? cpus().length : numerics.threads
  return { ...environment, ...engineEnvironment({ threads, oneDnn: numerics.oneDnn }) }
}
