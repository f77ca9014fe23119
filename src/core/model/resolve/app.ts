import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { App, AppCookie, Sessions } from '../app.ts'
import type { Store } from '../store.ts'
import { parseVersion } from '../version.ts'
import { type Issues, report } from './issues.ts'

type SpecApp = NonNullable<Spec['upstreams'][string]['app']>
type SpecTomcat = Extract<SpecApp, { runtime: 'tomcat' }>

/** Which kinds of store each session store can be kept in. */
const kindsFor: Readonly<Record<string, readonly Store['kind'][]>> = {
  jdbc: ['jdbc'],
  redisson: ['redis'],
  memcached: ['memcached', 'redis'],
  'tomcat-redis': ['redis'],
  'spring-session': ['redis', 'jdbc'],
  redis: ['redis'],
  rediscluster: ['redis'],
  memcache: ['memcached'],
  cache: ['redis', 'memcached'],
  cached_db: ['redis', 'memcached'],
}

const resolveUse = (
  store: string,
  name: string,
  path: SpecPath,
  stores: readonly Store[],
  issues: Issues,
): Store | null => {
  const found = stores.find((candidate) => candidate.name === name)
  if (!found) {
    const names = stores.map((candidate) => candidate.name)
    const help = names.length === 0 ? 'add it below `stores`' : didYouMean(name, names)
    issues.push(report('name-dangling', atValue(path), `there is no store "${name}"`, help))
    return null
  }
  const kinds = kindsFor[store] ?? []
  if (!kinds.includes(found.kind)) {
    issues.push(
      report(
        'store-kind',
        atValue(path),
        `"${store}" cannot keep sessions in "${name}", a ${found.kind} store`,
        `it needs a store of kind ${kinds.join(' or ')}`,
      ),
    )
  }
  return found
}

const resolveSessions = (
  written: { store: string; use?: string | undefined } | undefined,
  standard: string,
  path: SpecPath,
  stores: readonly Store[],
  issues: Issues,
): Sessions => {
  if (!written) return { store: standard, use: null, path }
  const use =
    written.use === undefined
      ? null
      : resolveUse(written.store, written.use, [...path, 'use'], stores, issues)
  return { store: written.store, use, path }
}

const resolveCookie = (written: SpecTomcat['cookie'], specPath: SpecPath): AppCookie => ({
  name: written?.name ?? null,
  path: written?.path ?? null,
  domain: written?.domain ?? null,
  sameSite: written?.sameSite ?? null,
  httpOnly: written?.httpOnly ?? null,
  specPath,
})

const standardStore = { spring: 'spring-session', php: 'files', django: 'db' } as const

export const resolveApp = (
  written: SpecApp | undefined,
  path: SpecPath,
  stores: readonly Store[],
  issues: Issues,
): App => {
  if (!written || written.runtime === 'none') return { runtime: 'none' }
  const version = parseVersion(written.version)
  const sessionsPath = [...path, 'sessions']
  if (written.runtime !== 'tomcat') {
    const sessions = resolveSessions(
      written.sessions,
      standardStore[written.runtime],
      sessionsPath,
      stores,
      issues,
    )
    return { runtime: written.runtime, version, sessions, path }
  }
  return {
    runtime: 'tomcat',
    version,
    context: written.context ?? null,
    cookie: resolveCookie(written.cookie, [...path, 'cookie']),
    base: written.tomcat?.base ?? null,
    contextBase: written.tomcat?.contextBase ?? null,
    sessions: resolveSessions(written.sessions, 'local', sessionsPath, stores, issues),
    path,
  }
}
