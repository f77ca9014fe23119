import type { Diagnostic, SpecPath } from '../diagnostics/diagnostic.ts'
import type { DialectName } from '../dialects/dialect.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import { laterReleases, type ReleasedProduct } from '../model/releases/index.ts'
import type { NginxModule, NginxTarget, Target } from '../model/target.ts'
import { atLeast } from '../model/version.ts'
import { flowLine } from '../spec/flow.ts'

/** One change of the spec: a key of a map gets another value, or is removed. */
export interface Proposal {
  /** The map that has the key. */
  readonly path: SpecPath
  readonly key: string
  /** undefined: the key is removed. */
  readonly value: unknown
  /** What the reader must replace in the value, or gives up without it. */
  readonly comment?: string
}

/** Proposals of one kind, the best first. */
type Kind = readonly Proposal[]

/** Changes that may give a form to dialects without one. */
interface Possible {
  readonly kinds: readonly Kind[]
  /** Where none of the others helps. */
  readonly lastResort: Kind
}

/** Of documentation (RFC 5737): to be replaced by the networks of the CDN. */
const networksOfCdn = ['198.51.100.0/24']

/** The first nginx with the built-in `sticky`. */
const isOlderNginx = (target: Target): target is NginxTarget =>
  target.dialect === 'nginx' && target.flavor === 'nginx' && !atLeast(target.version, '1.29.6')

const stickyCookie = { method: 'sticky', by: 'cookie', cookie: 'srv_id' }

const affinities = ({ affinity, app }: Upstream): readonly object[] => [
  ...(affinity.method === 'hash' && !affinity.consistent
    ? [{ method: 'hash', key: affinity.key, consistent: true }]
    : []),
  ...(app.runtime === 'tomcat' && affinity.method !== 'jvm_route' ? [{ method: 'jvm_route' }] : []),
  ...(affinity.method === 'sticky' && affinity.by === 'cookie' ? [] : [stickyCookie]),
]

/** Stores that need no other program, and no other part of the spec. */
const copies = ({ app }: Upstream): readonly object[] => {
  if (app.runtime === 'tomcat') return [{ store: 'backup' }, { store: 'delta' }]
  return app.runtime === 'django' ? [{ store: 'db' }] : []
}

const inUpstream =
  ({ path }: Upstream, key: string) =>
  (value: unknown): Proposal => ({ path, key, value })

const inSessions =
  ({ path }: Upstream) =>
  (value: unknown): Proposal => ({ path: [...path, 'app'], key: 'sessions', value })

/** Changes that may cost less. */
export const cheaper = (cluster: Cluster, upstream: Upstream): readonly Proposal[] => {
  const frontends = cluster.frontends.filter(
    ({ clientAddress, proxyProtocol, locations }) =>
      clientAddress === null &&
      proxyProtocol === null &&
      locations.some(({ action }) => action.kind === 'proxy' && action.upstream === upstream),
  )
  const { app } = upstream
  const isLocal = app.runtime === 'tomcat' && app.sessions.store === 'local'
  return [
    ...affinities(upstream).map(inUpstream(upstream, 'affinity')),
    ...(isLocal ? copies(upstream).slice(0, 1).map(inSessions(upstream)) : []),
    // With several frontends, one line would not be enough.
    ...(frontends.length === 1 ? frontends : []).map(({ path }) => ({
      path,
      key: 'clientAddress',
      value: { trust: networksOfCdn, header: 'X-Forwarded-For' },
      comment: 'the networks of the CDN',
    })),
    ...cluster.targets.filter(isOlderNginx).flatMap(releasesOfTarget),
  ]
}

const versions = (product: ReleasedProduct, of: Pick<Target, 'version' | 'path'>): Kind =>
  laterReleases(product, of.version).map((value) => ({ path: of.path, key: 'version', value }))

const releasesOfTarget = (target: Target): Kind => {
  if (target.dialect !== 'nginx') return versions(target.dialect, target)
  return target.flavor === 'nginx-plus' ? [] : versions(target.flavor, target)
}

const modulesFor = ({ affinity }: Upstream): readonly NginxModule[] => {
  if (affinity.method === 'jvm_route') return ['jvm_route']
  const isCookie = affinity.method === 'sticky' && affinity.by === 'cookie'
  return isCookie ? ['session_sticky', 'sticky-ng'] : []
}

const withModule = (target: Target, upstream: Upstream): Kind =>
  target.dialect === 'nginx'
    ? modulesFor(upstream).map((module) => ({
        path: target.path,
        key: 'modules',
        value: [...new Set([...target.modules, module])],
      }))
    : []

/** Other affinities that keep what the spec says about servers that fail. */
const otherAffinities = (upstream: Upstream): Kind => {
  const { affinity } = upstream
  const isStrict = affinity.method !== 'none' && affinity.onFailure === 'strict'
  return affinities(upstream)
    .map((each) => (isStrict ? { ...each, onFailure: 'strict' } : each))
    .map(inUpstream(upstream, 'affinity'))
}

/**
 * Settings that a spec can do without, and what it then gives up. Not among them: what protects, such
 * as a password, and what describes the application, such as the name of its cookie.
 */
const dispensable: Readonly<Record<string, string>> = {
  balance: 'new clients are then balanced by turns',
  keyPrefix: 'each application then needs its own database or schema',
  locking: 'parallel requests of a session then wait for each other',
  maxBusy: 'the requests of this server are then not limited',
  maxConns: 'the connections of this server are then not limited',
  mode: 'the default is then used',
  onFailure: 'clients of a server that is down then get another one',
  shutdownPort: 'the default is then used',
  state: 'this server then gets clients as the others do',
  timeout: 'the default is then used',
  transcoder: 'Java then serializes the sessions',
  version: 'the default is then used',
  via: 'the target then uses the first form that it has',
  zone: 'each worker then counts failures separately',
}

/** What an error points at is left out. */
const withoutRefused = (diagnostics: readonly Diagnostic[]): Kind =>
  pathsOf(diagnostics).flatMap((at) => {
    const key = String(at.at(-1))
    const comment = at[0] === 'upstreams' ? dispensable[key] : undefined
    return comment === undefined ? [] : [{ path: at.slice(0, -1), key, value: undefined, comment }]
  })

const pathsOf = (diagnostics: readonly Diagnostic[]): readonly SpecPath[] =>
  diagnostics.flatMap(({ severity, at }) =>
    severity === 'error' && at.kind === 'spec' ? [at.path] : [],
  )

/** Whether an error is about the store, not about the value of one of its settings. */
const isStoreRefused = (diagnostics: readonly Diagnostic[]): boolean =>
  pathsOf(diagnostics).some((path) =>
    ['store', 'use', 'mode', 'version'].includes(String(path.at(-1))),
  )

/**
 * Changes that may give a form to dialects that have none for an upstream, from the one that changes
 * the least for users to the one that changes the most. Of each list, the first that helps is enough;
 * with jvm_route, another affinity is a last resort, because requests name their server with it.
 */
export const possible = (
  cluster: Cluster,
  upstream: Upstream,
  refused: ReadonlySet<DialectName>,
  diagnostics: readonly Diagnostic[],
): Possible => {
  const targets = cluster.targets.filter(({ dialect }) => refused.has(dialect))
  const { app } = upstream
  const isRefusedApp = app.runtime !== 'none' && refused.has(app.runtime)
  const affinity = targets.length === 0 ? [] : otherAffinities(upstream)
  const isBoundByRoute = upstream.affinity.method === 'jvm_route'
  const kinds = [
    [
      ...targets.flatMap(releasesOfTarget),
      ...(isRefusedApp ? versions(app.runtime, { version: app.version, path: app.path }) : []),
    ],
    targets.flatMap((target) => withModule(target, upstream)),
    withoutRefused(diagnostics),
    ...(isBoundByRoute ? [] : [affinity]),
    isRefusedApp && isStoreRefused(diagnostics) ? copies(upstream).map(inSessions(upstream)) : [],
  ]
  return { kinds, lastResort: isBoundByRoute ? affinity : [] }
}

/** A copy of the data with a proposal; null: there is no map at its path, or nothing to remove. */
export const withProposal = (data: unknown, { path, key, value }: Proposal): unknown => {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null
  const [first, ...rest] = path
  if (first !== undefined) {
    const below = withProposal(Reflect.get(data, first), { path: rest, key, value })
    return below === null ? null : { ...data, [first]: below }
  }
  if (value !== undefined) return { ...data, [key]: value }
  if (!Object.hasOwn(data, key)) return null
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== key))
}

/** The second of the two lines that a proposal is printed in; a removed value may be a secret. */
export const lineOf = ({ key, value, comment }: Proposal): string => {
  const line = value === undefined ? `remove ${key}` : flowLine(key, value)
  return comment === undefined ? line : `${line} # ${comment}`
}
