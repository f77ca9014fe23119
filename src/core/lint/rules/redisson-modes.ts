import { atKey } from '../../diagnostics/diagnostic.ts'
import type { ListingRule } from '../rule.ts'
import { isSpread } from '../spread.ts'
import { report } from '../store-codes.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

/** What the modes of Redisson lose when requests go anywhere. */
export const redissonModes: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap((upstream) => {
    const { sessions } = upstream.app
    if (sessions.store !== 'redisson' || !isSpread(upstream)) return []
    const { readMode, updateMode, path } = sessions
    if (readMode === 'MEMORY') {
      const message =
        'each server answers from its own copy, which may be older than the last request'
      const help = `write readMode: REDIS and updateMode: AFTER_REQUEST, or an affinity`
      return [report('redisson-memory', atKey([...path, 'readMode']), message, help)]
    }
    if (updateMode === 'AFTER_REQUEST') return []
    const message =
      'what the application changes in an object without setAttribute is lost in the next request'
    const help = 'write updateMode: AFTER_REQUEST, unless the application always calls setAttribute'
    return [report('redisson-in-place', atKey([...path, 'updateMode']), message, help)]
  })
