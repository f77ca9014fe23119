import { defineConfig } from 'vitest/config'
import { templatesForVite } from './scripts/templates-plugin.mjs'

export default defineConfig({
  plugins: [templatesForVite()],
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The tests wait for servers more than they compute: three files at once keep two cores busy.
    maxWorkers: 3,
    reporters: [['default', { summary: false }], './test/support/closing-line.ts'],
  },
})
