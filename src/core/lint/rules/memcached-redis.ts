import { atValue } from '../../diagnostics/diagnostic.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

export const memcachedRedis: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap(({ app }) => {
    const { sessions } = app
    if (sessions.store !== 'memcached' || sessions.use?.kind !== 'redis') return []
    const message = `there are no sessions while "${sessions.use.name}" is away: nothing takes its place`
    const help = 'write store: redisson, which follows sentinels and Redis Cluster'
    return [report('memcached-redis-single', atValue([...sessions.path, 'use']), message, help)]
  })
