/**
 * The window as a person has it: real Electron and a real Chromium, real runs. `npm run build` first; `npm run test:e2e`. Where Electron or
 * Chromium is missing it says so; with CI set, that is a failure.
 */
import { defineConfig } from 'vitest/config'
import { patience } from './test/e2e/patience.js'

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'

export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/globalSetup.ts'],
    // Programs, displays and processors are shared; one file after the other, each test after the one before.
    fileParallelism: false,
    pool: 'forks',
    testTimeout: 120_000 * patience,
    hookTimeout: 240_000 * patience
  }
})
