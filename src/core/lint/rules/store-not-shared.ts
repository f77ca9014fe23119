import { atKey } from '../../diagnostics/diagnostic.ts'
import type { App } from '../../model/app.ts'
import type { ListingRule } from '../rule.ts'
import { isSpread } from '../spread.ts'
import { report } from '../store-codes.ts'

/** How to share the sessions that each server keeps to itself; null: they are shared, or local. */
const remedyFor = (app: App): string | null => {
  if (app.runtime === 'none') return null
  const { sessions } = app
  switch (sessions.store) {
    case 'file':
      if (app.runtime === 'tomcat')
        return sessions.store === 'file' && 'isShared' in sessions && !sessions.isShared
          ? 'write sharedBetweenServers: true, or an affinity'
          : null
      return 'directory' in sessions && sessions.directory !== null
        ? null
        : 'name a directory that all servers share, or an affinity'
    case 'jdbc':
      return sessions.isShared ? null : 'write sharedBetweenServers: true, or an affinity'
    case 'files':
      return sessions.directory === null
        ? 'name a directory that all servers share, or an affinity'
        : null
    default:
      return null
  }
}

export const storeNotShared: ListingRule = ({ upstreams }) =>
  upstreams.flatMap((upstream) => {
    const remedy = remedyFor(upstream.app)
    if (remedy === null || upstream.app.runtime === 'none' || !isSpread(upstream)) return []
    const message = `each server of "${upstream.name}" keeps its own sessions, but each request may go to another server`
    return [report('store-not-shared', atKey(upstream.app.path), message, remedy)]
  })
