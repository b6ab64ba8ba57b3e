/**
 * Builds the programs that run under Node: the desktop program (out/main/main.cjs), the command line (cli.cjs), the engine's worker (engine.cjs).
 * CommonJS for Node 16, because the same files also have to load in an Electron of that age.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** Packages that exist only as ES modules: Node 16 cannot `require` them, so they are bundled. */
const bundled = new Set(['fast-png'])

const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { dependencies: Record<string, string> }
const external = ['electron', ...Object.keys(manifest.dependencies).filter((name) => !bundled.has(name))]

const entries = {
  main: at('src/main/main.ts'),
  cli: at('src/headless/cli.ts'),
  engine: at('src/engine/worker.ts'),
  loaderThread: at('src/engine/data/loaderThread.ts'), passThread: at('src/engine/search/passThread.ts'),
  trainThread: at('src/engine/train/trainThread.ts')
}

export default defineConfig({
  publicDir: false,
  ssr: { external, noExternal: [...bundled, 'iobuffer', 'fflate'] },
  build: {
    ssr: true,
    target: 'node16',
    outDir: 'out/main',
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: entries,
      output: { format: 'cjs', dynamicImportInCjs: false, entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' }
    }
  }
})
