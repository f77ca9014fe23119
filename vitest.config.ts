import { defineConfig } from 'vitest/config'
import { templatesForVite } from './scripts/templates-plugin.mjs'

/** Tests of functions, which leave nothing behind in their process. */
const pure = ['test/*.test.ts', 'test/{fuzz,golden,property,unit}/**/*.test.ts']

/** Tests with real servers. Those of whole builds have folders that last as long as their process. */
const servers = [
  'test/module/**/*.test.ts',
  'test/real/!(build-nginx*|upgrade*).test.ts',
  'test/real/*/**/*.test.ts',
]
/** What a test file leaves is removed at its end. */
const setupFiles = ['test/real/support/at-end-of-file.ts']

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
        // As for pure functions: one process loads src once.
        test: { name: 'against servers', include: servers, isolate: false, setupFiles },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...servers],
          setupFiles,
        },
      },
      {
        extends: true,
        // Loading all of src takes longer than most of these files: one process loads it once.
        test: { name: 'pure', include: pure, isolate: false },
      },
    ],
  },
})
