import type { SpecPath } from '../../src/core/diagnostics/diagnostic.ts'
import type { Location, Match } from '../../src/core/model/cluster.ts'

/** A location that serves files, for tests in which only its match is of interest. */
export const fileLocation = (match: Match, path: SpecPath = []): Location => ({
  match,
  action: { kind: 'files' },
  root: '/srv',
  index: [],
  allow: [],
  path,
})
