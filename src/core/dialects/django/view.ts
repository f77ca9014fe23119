import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { formatAddress } from '../../model/address.ts'
import type { DjangoApp } from '../../model/app.ts'
import type { MemcachedStore, RedisStore, RedisTls, Secret } from '../../model/store.ts'
import { atLeast } from '../../model/version.ts'
import { checkMemcachedAddresses } from '../memcached-limits.ts'
import { checkRedisClient, type RedisAbilities } from '../redis-limits.ts'
import { report } from './codes.ts'
import { type Assignment, cookieAssignments } from './cookie.ts'

/** Where Python reads a secret; exactly one of the three is not null. */
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
  /** Arguments of redis-py; null: without TLS, or with its defaults. */
  readonly tls: Pick<RedisTls, 'ca' | 'certificate'> | null
}

/** For templates/django/sessions.hbs. */
export interface DjangoView {
  readonly engine: string
  readonly cookie: readonly Assignment[]
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

/** One address: with several, Django reads from replicas, which may not have a new session yet. */
const redisLocation = ({ addresses, tls, database }: RedisStore): string => {
  const [address] = addresses
  if (address === undefined) return ''
  return address.kind === 'unix'
    ? `unix://${address.path}?db=${database}`
    : `${tls ? 'rediss' : 'redis'}://${formatAddress(address)}/${database}`
}

const backends = 'django.core.cache.backends'

const tlsView = ({ tls }: RedisStore): CacheView['tls'] =>
  tls === null || (tls.ca ?? tls.certificate) === null
    ? null
    : { ca: tls.ca, certificate: tls.certificate }

const cacheView = (store: RedisStore | MemcachedStore, keyPrefix: string | null): CacheView =>
  store.kind === 'redis'
    ? {
        backend: `${backends}.redis.RedisCache`,
        locations: [redisLocation(store)],
        keyPrefix,
        username: store.username,
        password: secretView(store.password),
        tls: tlsView(store),
      }
    : {
        backend: `${backends}.memcached.PyMemcacheCache`,
        locations: store.servers.map(({ address }) => formatAddress(address)),
        keyPrefix,
        username: null,
        password: null,
        tls: null,
      }

const abilities: RedisAbilities = {
  modes: ['single'],
  username: true,
  tls: { ca: true, serverName: false, certificate: true },
  database: true,
  sockets: true,
}

const reportCache = (
  { version, path }: DjangoApp,
  store: RedisStore | MemcachedStore,
  findings: Findings,
): void => {
  const first = store.kind === 'redis' ? '4.0' : '3.2'
  if (!atLeast(version, first)) {
    const message = `Django ${version.text} has no cache backend for ${store.kind}`
    const help = `set the version to ${first} or later, or use store: db`
    report(findings, 'django-version', atValue([...path, 'version']), message, help)
  }
  if (store.kind === 'redis') {
    const remedy = 'use the address that follows the master, or store: db'
    checkRedisClient(store, 'the RedisCache of Django', abilities, remedy, findings)
    return
  }
  checkMemcachedAddresses(store, (at, address, help) => {
    const message = `the LOCATION of a Django cache cannot be ${address}`
    report(findings, 'django-address', at, message, help)
  })
}

export const djangoView = (app: DjangoApp, findings: Findings): DjangoView => {
  const { sessions } = app
  if (sessions.store === 'signed_cookies') {
    const message =
      'every server needs the same SECRET_KEY, and clients can read the contents of their sessions'
    report(findings, 'django-secret-key', atValue([...sessions.path, 'store']), message, null)
  }
  const store = 'use' in sessions ? sessions.use : null
  if (store !== null) reportCache(app, store, findings)
  const cache = store && 'keyPrefix' in sessions ? cacheView(store, sessions.keyPrefix) : null
  return {
    engine: `django.contrib.sessions.backends.${sessions.store}`,
    cookie: cookieAssignments(app, findings),
    filePath: sessions.store === 'file' ? sessions.directory : null,
    cache,
    needsOs: (cache?.password?.variable ?? null) !== null,
    needsPath: (cache?.password?.file ?? null) !== null,
  }
}
