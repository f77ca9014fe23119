import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { report } from '../codes.ts'
import { durationMs } from '../duration.ts'
import type { DjangoSessions, PhpSessions, SpringSessions, TomcatSessions } from '../sessions.ts'
import type { Store } from '../store.ts'
import { resolveRelease } from './release.ts'
import { resolveSecret } from './stores.ts'

type SpecApp = NonNullable<Spec['upstreams'][string]['app']>
type Written<Runtime extends string> =
  Extract<SpecApp, { runtime: Runtime }> extends {
    sessions: infer Sessions
  }
    ? Sessions
    : never

const lifetimeIn = (written: { readonly lifetime?: string | undefined }): number | null =>
  written.lifetime === undefined ? null : durationMs(written.lifetime)

/** Context for looking up a store. */
export interface Lookup {
  readonly stores: readonly Store[]
  /** Of the `sessions` key. */
  readonly path: SpecPath
  readonly findings: Findings
}

type Named<Kind extends Store['kind']> = Extract<Store, { readonly kind: Kind }>

const isOfKind = <Kind extends Store['kind']>(
  store: Store,
  kinds: readonly Kind[],
): store is Named<Kind> => (kinds as readonly Store['kind'][]).includes(store.kind)

/** The store of that name if it has one of the kinds; otherwise null, and an error is reported. */
const used = <const Kind extends Store['kind']>(
  { store, use }: { readonly store: string; readonly use: string },
  kinds: readonly Kind[],
  { stores, path, findings }: Lookup,
): Named<Kind> | null => {
  const at = atValue([...path, 'use'])
  const found = stores.find((candidate) => candidate.name === use)
  if (!found) {
    const names = stores.map((candidate) => candidate.name)
    const help = names.length === 0 ? 'add the store to `stores`' : didYouMean(use, names)
    report(findings, 'name-dangling', at, `there is no store "${use}"`, help)
    return null
  }
  if (isOfKind(found, kinds)) return found
  const message = `"${store}" does not support "${use}", which is a ${found.kind} store`
  const help = `use a store of kind ${kinds.join(' or ')}`
  report(findings, 'store-kind', at, message, help)
  return null
}

export const resolveTomcatSessions = (
  written: Written<'tomcat'>,
  lookup: Lookup,
): TomcatSessions => {
  const { path, findings } = lookup
  if (written.store === 'none') return { store: 'none', path }
  const kept = { path, lifetimeMs: lifetimeIn(written) }
  switch (written.store) {
    case 'local':
      return { store: 'local', ...kept }
    case 'file': {
      const { directory, sharedBetweenServers: isShared } = written
      return { store: 'file', directory, isShared, ...kept }
    }
    case 'jdbc': {
      const { sharedBetweenServers: isShared } = written
      return { store: 'jdbc', use: used(written, ['jdbc'], lookup), isShared, ...kept }
    }
    case 'delta':
    case 'backup': {
      const { store, membership, port } = written
      const keyPath = [...path, 'encryptionKey']
      const encryptionKey = resolveSecret(written.encryptionKey, keyPath, findings)
      return { store, membership, port, encryptionKey, ...kept }
    }
    case 'redisson': {
      const { store, readMode = null, updateMode = null, keyPrefix = null } = written
      const version =
        written.version === undefined
          ? null
          : resolveRelease('redisson', written.version, [...path, 'version'], findings)
      const use = used(written, ['redis'], lookup)
      const broadcasts = written.broadcastSessionEvents
      return { store, use, readMode, updateMode, keyPrefix, broadcasts, version, ...kept }
    }
    case 'memcached': {
      const { store, sticky: isSticky, lockingMode = null, transcoder, keyPrefix = null } = written
      const use = used(written, ['memcached', 'redis'], lookup)
      return { store, use, isSticky, lockingMode, transcoder, keyPrefix, ...kept }
    }
    case 'tomcat-redis':
      return { store: 'tomcat-redis', use: used(written, ['redis'], lookup), ...kept }
  }
}

export const resolveSpringSessions = (
  written: Written<'spring'>,
  lookup: Lookup,
): SpringSessions => {
  const { path } = lookup
  if (written.store === 'none') return { store: 'none', path }
  const { store, keyPrefix = null, namespace = null } = written
  const kept = { path, lifetimeMs: lifetimeIn(written), keyPrefix, namespace }
  return { store, use: used(written, ['redis', 'jdbc'], lookup), ...kept }
}

export const resolvePhpSessions = (written: Written<'php'>, lookup: Lookup): PhpSessions => {
  const { path } = lookup
  if (written.store === 'none') return { store: 'none', path }
  const kept = { path, lifetimeMs: lifetimeIn(written) }
  switch (written.store) {
    case 'files':
      return { store: 'files', directory: written.directory ?? null, ...kept }
    case 'redis':
    case 'rediscluster': {
      const { store, locking: isLocking, keyPrefix = null, namespace = null } = written
      return {
        store,
        use: used(written, ['redis'], lookup),
        isLocking,
        keyPrefix,
        namespace,
        ...kept,
      }
    }
    case 'memcached':
    case 'memcache': {
      const { store, locking: isLocking, keyPrefix = null, namespace = null } = written
      return {
        store,
        use: used(written, ['memcached'], lookup),
        isLocking,
        keyPrefix,
        namespace,
        ...kept,
      }
    }
  }
}

export const resolveDjangoSessions = (
  written: Written<'django'>,
  lookup: Lookup,
): DjangoSessions => {
  const { path } = lookup
  if (written.store === 'none') return { store: 'none', path }
  const kept = { path, lifetimeMs: lifetimeIn(written) }
  switch (written.store) {
    case 'db':
    case 'signed_cookies':
      return { store: written.store, ...kept }
    case 'file':
      return { store: 'file', directory: written.directory ?? null, ...kept }
    case 'cache':
    case 'cached_db': {
      const { store, keyPrefix = null } = written
      return { store, use: used(written, ['redis', 'memcached'], lookup), keyPrefix, ...kept }
    }
  }
}
