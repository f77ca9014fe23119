import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import type { RedisStore } from '../../model/store.ts'
import { atLeast, type Version } from '../../model/version.ts'
import { checkRedisClient, type RedisAbilities } from '../redis-limits.ts'
import { report } from './codes.ts'

/** An option of the store that only newer releases of the redis extension support. */
interface Requirement {
  readonly key: 'username' | 'tls'
  readonly what: string
  readonly since: string
}

/** 5.3.7, the last release before 6.0.0, ignores `stream[…]` for a single Redis. */
const needsContext = ({ mode, tls }: RedisStore): boolean =>
  mode !== 'cluster' && tls !== null && Object.values(tls).some((value) => value !== null)

const requirementsOf = (store: RedisStore): readonly Requirement[] => {
  const { mode, tls, username, password } = store
  const tlsSince = mode === 'cluster' ? '5.3.2' : '5.1.0'
  const what = mode === 'cluster' ? 'TLS to a Redis Cluster' : 'TLS'
  return [
    ...(username !== null && password !== null
      ? [{ key: 'username', what: 'a login with a username', since: '5.3.0' } as const]
      : []),
    ...(tls === null || needsContext(store)
      ? []
      : [{ key: 'tls', what, since: tlsSince } as const]),
  ]
}

const remedies = {
  redis:
    'use store: rediscluster for Redis Cluster; with sentinels use the address that follows the master',
  rediscluster: 'use store: redis for a single Redis',
}

/** Reports what a handler of the redis extension does not support. */
export const reportRedisClient = (
  use: RedisStore,
  handler: keyof typeof remedies,
  version: Version,
  findings: Findings,
): void => {
  const isSingle = handler === 'redis'
  // Release 5 of the extension requires PHP 7; older ones support neither users nor TLS.
  const hasExtension5 = atLeast(version, '7.0.0')
  const can: RedisAbilities = {
    modes: [isSingle ? 'single' : 'cluster'],
    username: hasExtension5,
    tls: hasExtension5 ? { ca: true, serverName: true, certificate: true } : null,
    database: isSingle,
    sockets: isSingle,
  }
  const remedy = hasExtension5
    ? remedies[handler]
    : `${remedies[handler]}; a username and TLS need PHP 7.0 or later`
  const client = `the ${handler} handler of PHP${hasExtension5 ? '' : ` ${version.text}`}`
  checkRedisClient(use, client, can, remedy, findings)
  if (use.username !== null && use.password === null) {
    const why = 'without a password PHP does not log in'
    const help = 'write password: { env: NAME }'
    withoutEffect(findings, [...use.path, 'username'], 'PHP', why, help)
  }
  if (hasExtension5 && needsContext(use)) {
    const message = 'the redis handler reads the files of TLS since redis extension 6.0.0'
    const help = 'check the version with php --ri redis'
    report(findings, 'php-redis-extension', atKey([...use.path, 'tls']), message, help)
  }
  // PHP 8 requires a release of the extension that supports all else.
  if (!hasExtension5 || atLeast(version, '8.0.0')) return
  for (const { key, what, since } of requirementsOf(use)) {
    const message = `sessions with ${what} need the redis extension ${since} or later`
    const help = 'check the version with php --ri redis'
    report(findings, 'php-redis-extension', atValue([...use.path, key]), message, help)
  }
}
