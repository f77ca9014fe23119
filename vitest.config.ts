import { defineConfig } from 'vitest/config'
import { templatesForVite } from './scripts/templates-plugin.mjs'

/** Tests of functions, which leave nothing behind in their process. */
const pure = ['test/*.test.ts', 'test/{fuzz,golden,property,unit}/**/*.test.ts']

export default defineConfig({
  plugins: [templatesForVite()],
  test: {
    // For what hangs: on a busy machine, a test of some seconds takes minutes.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // The tests wait for servers more than they compute: four files at once keep two cores busy.
    maxWorkers: 4,
    reporters: [['default', { summary: false }], './test/support/closing-line.ts'],
    // Projects run in the order of their names.
    projects: [
      {
        extends: true,
        test: { name: 'processes', include: ['test/**/*.test.ts'], exclude: pure },
      },
      {
        extends: true,
        // Loading all of src takes longer than most of these files: one process loads it once.
        test: { name: 'pure', include: pure, isolate: false },
      },
    ],
  },
})
