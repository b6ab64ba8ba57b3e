#!/usr/bin/env node
/** Starts the built command line. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../out/main/cli.cjs', import.meta.url))

if (existsSync(program)) {
  createRequire(import.meta.url)(program)
} else {
  process.stderr.write('Cellscope is not built yet: run `npm run build` in its folder first.\n')
  process.exitCode = 1
}
