import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { RedisStore } from '../../model/store.ts'
import { atLeast, type Version } from '../../model/version.ts'
import { report } from './codes.ts'

/** The redis extension 5 is for PHP 7 and later; no older one has users or TLS. */
export const hasExtension5 = (php: Version): boolean => atLeast(php, '7.0.0')

export const needsExtension5 = 'a username and TLS need PHP 7.0 or later'

interface Need {
  readonly key: 'username' | 'tls'
  readonly what: string
  /** The first release of the extension that has it. */
  readonly since: string
}

const needsOf = ({ mode, tls, username, password }: RedisStore): readonly Need[] => [
  ...(username !== null && password !== null
    ? [{ key: 'username', what: 'a login with a username', since: '5.3.0' } as const]
    : []),
  ...(tls
    ? [
        mode === 'cluster'
          ? ({ key: 'tls', what: 'TLS to a Redis Cluster', since: '5.3.2' } as const)
          : ({ key: 'tls', what: 'TLS', since: '5.1.0' } as const),
      ]
    : []),
]

/** What the extension must be able to do, where the release of PHP does not answer it. */
export const extensionNotes = (use: RedisStore, php: Version): readonly Diagnostic[] =>
  atLeast(php, '8.0.0') || !hasExtension5(php)
    ? []
    : needsOf(use).map(({ key, what, since }) =>
        report(
          'php-redis-extension',
          atValue([...use.path, key]),
          `sessions with ${what} need the redis extension ${since} or later`,
          'look at the version that php --ri redis shows',
        ),
      )
