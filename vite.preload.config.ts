/** Builds the preload of the desktop program's window (out/preload/preload.cjs): one file, which a sandbox loads with nothing but electron. */
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const at = (path: string): string => resolve(import.meta.dirname, path)

export default defineConfig({
  publicDir: false,
  ssr: { external: ['electron'], noExternal: true },
  build: {
    ssr: true,
    target: 'node16',
    outDir: 'out/preload',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { input: { preload: at('src/preload/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false } }
  }
})
