/** Files that the build puts beside the running one: entries of threads. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Path of a built entry such as `loaderThread.cjs`. Only the bundle has one: under a test runner the source files run as they are. */
export function builtFile(name: string): string | undefined {
  // The bundle is CommonJS, where import.meta is empty.
  const here = dirname(typeof __filename === 'string' ? __filename : fileURLToPath(import.meta.url))
  return [join(here, name), join(here, '..', name)].find((file) => existsSync(file))
}
