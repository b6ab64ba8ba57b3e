import { availableParallelism } from 'node:os'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// TensorFlow's notices about the processor would drown what a test says (one line about oneDNN comes all the same). Set here and not by
// vitest's `env`, which native code does not see.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'

/**
 * unit, component: quick, side by side. numeric: loads native TensorFlow once, in one process, file after file.
 * faults: starts and kills real processes, so its files run one after the other and have the machine to themselves.
 */
export default defineConfig({
  plugins: [vue()],
  test: {
    maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
    coverage: { include: ['src/**/*.{ts,vue}'], exclude: ['**/*.d.ts'] },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/{unit,contract,fuzz}/**/*.test.ts'], testTimeout: 30_000, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'component', environment: 'happy-dom', include: ['test/component/**/*.test.ts'], sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: { name: 'numeric', include: ['test/numeric/**/*.test.ts'], pool: 'forks', maxWorkers: 1, isolate: false, testTimeout: 120_000, sequence: { groupOrder: 1 } }
      },
      {
        extends: true,
        test: { name: 'faults', include: ['test/faults/**/*.test.ts'], fileParallelism: false, testTimeout: 240_000, hookTimeout: 240_000, sequence: { groupOrder: 2 } }
      }
    ]
  }
})
