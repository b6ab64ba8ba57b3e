/** Builds and runs one measurement: `npm run bench -- NAME [arguments]`; without a name it lists them. What they showed is in docs/results. */
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const [name] = process.argv.slice(2)

if (!names.includes(name)) {
  console.error(`Give the name of a measurement: ${names.join(', ')}`)
  process.exitCode = 2
} else {
  const outDir = join(here, '..', 'node_modules', '.cache', 'cellscope-bench')
  const at = (...path) => join(here, '..', ...path)
  // Threads that an engine starts stand beside it.
  const input = {
    [name]: join(here, `${name}.ts`),
    countedEngine: at('bench', 'countedEngine', 'engine.ts'),
    loaderThread: at('src', 'engine', 'data', 'loaderThread.ts'),
    passThread: at('src', 'engine', 'search', 'passThread.ts')
  }
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: ['fast-png', 'iobuffer', 'fflate'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: false,
      rolldownOptions: { input, output: { format: 'cjs', entryFileNames: '[name].cjs' } }
    }
  })
  await createRequire(import.meta.url)(join(outDir, `${name}.cjs`)).main(process.argv.slice(3))
}
