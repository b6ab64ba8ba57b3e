/** Makes one plain JavaScript file of a TypeScript program, so that a test can run it as a real process and kill it. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { build } from 'vite'

/** Bundles `entry` (a path) with all it imports; returns the file. The caller removes its folder. */
export async function bundleChild(entry: string): Promise<string> {
  const outDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cellscope-child-'))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: { ssr: entry, outDir, minify: false, rolldownOptions: { output: { entryFileNames: 'child.mjs' } } }
  })
  return path.join(outDir, 'child.mjs')
}
