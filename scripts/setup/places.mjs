/** Where the set-up reads and writes. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The npm package that binds TensorFlow to Node; its libraries stand in deps/, its compiled part in lib/. */
export const packageFolder = join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu')

/** Written last; its presence says that everything before it was done and tried. */
export const markerFile = join(packageFolder, 'cellscope-setup.json')

/** tfjs-node asks for the newest Node-API version it knows, 8; Node 16 to 24 and Electron all have it. */
export const napiVersion = 8
export const bindingFile = join(packageFolder, 'lib', `napi-v${napiVersion}`, 'tfjs_binding.node')

/** Downloads live outside the project, so that a second clone, or a second `npm ci`, fetches nothing. */
export function cacheFolder() {
  if (process.env.CELLSCOPE_CACHE) return process.env.CELLSCOPE_CACHE
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cellscope')
}
