import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import type { DjangoApp } from '../../model/app.ts'
import { isIpv6 } from '../../model/ip.ts'
import type { DjangoSessions } from '../../model/sessions.ts'
import type { MemcachedStore, RedisStore, Secret } from '../../model/store.ts'
import { atLeast } from '../../model/version.ts'
import { redisLimits } from '../redis-limits.ts'
import { report } from './codes.ts'

/** A secret as Python finds it; exactly one of the three is not null. */
interface SecretView {
  readonly variable: string | null
  readonly file: string | null
  readonly literal: string | null
}

interface CacheView {
  readonly backend: string
  readonly locations: readonly string[]
  readonly keyPrefix: string | null
  readonly username: string | null
  readonly password: SecretView | null
}

/** For templates/django/sessions.hbs. */
export interface DjangoView {
  readonly engine: string
  readonly filePath: string | null
  readonly cache: CacheView | null
  readonly needsOs: boolean
  readonly needsPath: boolean
}

const secretView = (secret: Secret | null): SecretView | null =>
  secret && {
    variable: secret.kind === 'env' ? secret.name : null,
    file: secret.kind === 'file' ? secret.path : null,
    literal: secret.kind === 'literal' ? secret.value : null,
  }

/** With several, Django would read from all but the first: a session written a moment ago is not there yet. */
const redisLocation = ({ addresses, tls, database }: RedisStore): string => {
  const [address] = addresses
  if (address === undefined) return ''
  return address.kind === 'unix'
    ? `unix://${address.path}?db=${database}`
    : `${tls ? 'rediss' : 'redis'}://${formatAddress(address)}/${database}`
}

const caches = 'django.core.cache.backends'

const cacheView = (store: RedisStore | MemcachedStore, keyPrefix: string | null): CacheView =>
  store.kind === 'redis'
    ? {
        backend: `${caches}.redis.RedisCache`,
        locations: [redisLocation(store)],
        keyPrefix,
        username: store.username,
        password: secretView(store.password),
      }
    : {
        backend: `${caches}.memcached.PyMemcacheCache`,
        locations: store.servers.map(({ address }) => formatAddress(address)),
        keyPrefix,
        username: null,
        password: null,
      }

const memcachedProblems = ({ servers, path }: MemcachedStore): readonly Diagnostic[] =>
  servers.flatMap(({ name, address }) =>
    address.kind === 'inet' && !isIpv6(address.host ?? '')
      ? []
      : [
          report(
            'django-address',
            atValue([...path, 'servers', name]),
            `${formatAddress(address)} cannot be the LOCATION of a cache`,
            'give it an IPv4 address or a host name, and a port',
          ),
        ],
  )

const versionProblems = (
  { version, path }: DjangoApp,
  kind: 'redis' | 'memcached',
): readonly Diagnostic[] => {
  const first = kind === 'redis' ? '4.0' : '3.2'
  if (atLeast(version, first)) return []
  const message = `Django ${version.text} has no cache for ${kind}; it came with ${first}`
  const help = `name Django ${first} or newer, or use store: db`
  return [report('django-version', atValue([...path, 'version']), message, help)]
}

const abilities = {
  modes: ['single'],
  username: true,
  tls: true,
  database: true,
  sockets: true,
} as const

const remedy = 'name the one address that follows the master, or use store: db'

const problemsOf = (app: DjangoApp): readonly Diagnostic[] => {
  const { sessions } = app
  if (sessions.store === 'signed_cookies') {
    const message =
      'every server needs the same SECRET_KEY, and the browser can read what is in a session'
    return [report('django-secret-key', atValue([...sessions.path, 'store']), message, null)]
  }
  if (sessions.store !== 'cache' && sessions.store !== 'cached_db') return []
  const { use } = sessions
  if (use === null) return []
  return use.kind === 'redis'
    ? [
        ...versionProblems(app, 'redis'),
        ...redisLimits(use, 'the RedisCache of Django', abilities, remedy),
      ]
    : [...versionProblems(app, 'memcached'), ...memcachedProblems(use)]
}

const cacheOf = (sessions: DjangoSessions): CacheView | null => {
  if (sessions.store !== 'cache' && sessions.store !== 'cached_db') return null
  return sessions.use === null ? null : cacheView(sessions.use, sessions.keyPrefix)
}

export interface Viewed {
  readonly view: DjangoView
  readonly diagnostics: readonly Diagnostic[]
}

export const djangoView = (app: DjangoApp): Viewed => {
  const { sessions } = app
  const cache = cacheOf(sessions)
  return {
    view: {
      engine: `django.contrib.sessions.backends.${sessions.store}`,
      filePath: sessions.store === 'file' ? sessions.directory : null,
      cache,
      needsOs: (cache?.password?.variable ?? null) !== null,
      needsPath: (cache?.password?.file ?? null) !== null,
    },
    diagnostics: problemsOf(app),
  }
}
