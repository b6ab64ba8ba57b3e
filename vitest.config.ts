import { defineConfig } from 'vitest/config'

/** Two projects: plain ones run side by side; numeric ones load native TensorFlow once, in one process. */
export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/{unit,contract,faults,fuzz}/**/*.test.ts'], testTimeout: 30_000 } },
      {
        extends: true,
        test: { name: 'numeric', include: ['test/numeric/**/*.test.ts'], pool: 'forks', maxWorkers: 1, isolate: false, testTimeout: 120_000 }
      }
    ]
  }
})
