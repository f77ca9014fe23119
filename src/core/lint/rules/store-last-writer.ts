import { atKey } from '../../diagnostics/diagnostic.ts'
import type { App } from '../../model/app.ts'
import type { ListingRule } from '../rule.ts'
import { isSpread } from '../spread.ts'
import { stickyCookieRemedy } from '../sticky-cookie.ts'
import { report } from '../store-codes.ts'

/** Whether each request writes the whole session, without a lock between servers. */
const writesAll = (app: App): boolean => {
  if (app.runtime !== 'tomcat') return false
  const { sessions } = app
  if (sessions.store === 'file' || sessions.store === 'jdbc') return sessions.isShared
  if (sessions.store === 'redisson') return sessions.updateMode === 'AFTER_REQUEST'
  return sessions.store === 'tomcat-redis'
}

export const storeLastWriter: ListingRule = (cluster) =>
  cluster.upstreams.flatMap((upstream) => {
    const { app, name } = upstream
    if (app.runtime === 'none' || !writesAll(app) || !isSpread(upstream)) return []
    const message = `of two parallel requests that two servers of "${name}" answer, the last one decides what is in the session`
    const help = stickyCookieRemedy(cluster)
    return [report('store-last-writer', atKey(app.sessions.path), message, help)]
  })
