import { atValue, type CodeTable, reporterFor } from '../diagnostics/diagnostic.ts'
import type { Sessions } from '../model/app.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Dialect, DialectName } from './dialect.ts'

export const notYetCodes = {
  'store-not-yet': {
    severity: 'warning',
    summary: 'A session store that sessctl does not write yet',
    why: 'The proxies are written. Of the application servers that use the store no file is: they keep the configuration they have.',
  },
} as const satisfies CodeTable

const report = reporterFor(notYetCodes)

/** One located answer for a store that this release cannot write. */
export const storeNotYet = (runtime: string, sessions: Sessions) =>
  report(
    'store-not-yet',
    atValue([...sessions.path, 'store']),
    `sessions of ${runtime} in "${sessions.store}" are not written yet, nor is any file of the servers that keep them there`,
    'configure these servers by hand; the proxies are written',
  )

/** A runtime that the spec may name before its dialect exists. */
export const notYet = (name: DialectName): Dialect => {
  const apps = (cluster: Cluster) =>
    cluster.upstreams.flatMap(({ app }) => (app.runtime === name ? [app] : []))
  return {
    name,
    isWanted: (cluster) => apps(cluster).length > 0,
    inputs: () => [],
    render: (cluster) => ({
      pages: [],
      diagnostics: apps(cluster).flatMap((app) =>
        'sessions' in app ? [storeNotYet(name, app.sessions)] : [],
      ),
    }),
    escapes: {},
  }
}
