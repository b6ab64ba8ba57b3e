/** A thread's entry as the product runs it: from a bundle. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'

export interface BundledThread {
  file: string
  remove(): void
}

/** `entry` is a source file, from the project's root. */
export async function bundledThread(entry: string): Promise<BundledThread> {
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-thread-'))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  await build({
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    ssr: { external: ['@tensorflow/tfjs-node-gpu'] },
    build: {
      ssr: true, target: 'node16', outDir: join(folder, 'out'),
      rolldownOptions: { input: { thread: resolve(entry) }, output: { format: 'cjs', entryFileNames: '[name].cjs' } }
    }
  })
  return { file: join(folder, 'out', 'thread.cjs'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
