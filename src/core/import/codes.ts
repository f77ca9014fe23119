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
    summary: 'An upstream or an address that is not in the spec',
    why: 'The upstream has something that a spec cannot say, or requests are passed to an address without an upstream: `sessctl generate` leaves these lines as they are.',
  },
  'import-unmatched': {
    severity: 'warning',
    summary: 'A Tomcat file that belongs to no known server',
    why: 'A server.xml is matched to a server of an upstream by its `jvmRoute`, by the port of its Connector, or by the host name in its path.',
  },
} as const satisfies CodeTable

export const report = reportFor(importCodes)
