import type { CodeTable } from '../diagnostics/diagnostic.ts'
import { reportFor } from '../diagnostics/findings.ts'

/** About the files that `sessctl import` turns into a spec. */
export const importCodes = {
  'import-refused': {
    severity: 'error',
    summary: 'A file that cannot be imported',
    why: 'A spec is written only if `sessctl generate` with it changes no byte of the imported files.',
  },
  'import-left-out': {
    severity: 'warning',
    summary: 'An upstream that is not in the spec',
    why: 'The upstream has something that a spec cannot say. `sessctl generate` leaves its block as it is.',
  },
  'import-unmatched': {
    severity: 'warning',
    summary: 'A Tomcat file that belongs to no known server',
    why: 'A server.xml is matched to a server of an upstream by its `jvmRoute`, by the port of its Connector, or by the host name in its path.',
  },
} as const satisfies CodeTable

export const report = reportFor(importCodes)
