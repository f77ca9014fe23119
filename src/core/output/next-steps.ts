import { formatAddress } from '../model/address.ts'
import { type App, storeOf } from '../model/app.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import { keepsOwnSessions } from '../model/own-sessions.ts'
import type { Secret, Store } from '../model/store.ts'
import type { Target } from '../model/target.ts'
import { type Need, needsOf } from '../needs/index.ts'
import type { Change } from './plan.ts'
import { reloadCommand } from './reload-command.ts'
import type { Manifest } from './validate-manifest.ts'

type Runtime = Exclude<App['runtime'], 'none'>

/** One thing that is left to do after the files were written, in the order of the list. */
export type NextStep =
  | { readonly kind: 'store'; readonly store: string; readonly addresses: readonly string[] }
  | { readonly kind: 'table'; readonly store: string; readonly file: string }
  | {
      readonly kind: 'jars' | Exclude<Need['kind'], 'jar'>
      readonly names: readonly string[]
      readonly upstream: string
      readonly servers: readonly string[]
    }
  | {
      readonly kind: 'environment'
      readonly runtime: Runtime
      readonly names: readonly string[]
      readonly servers: readonly string[]
    }
  | {
      /** `start`: servers that no earlier run wrote files for. */
      readonly kind: 'start' | 'restart'
      readonly runtime: Runtime
      readonly servers: readonly string[]
      readonly files: readonly string[]
      /** The server has sessions that no other server can read: drain it before the restart. */
      readonly drain: boolean
    }
  | {
      readonly kind: 'reload'
      readonly program: Target['dialect']
      readonly command: string
      readonly files: readonly string[]
      /** Files of an earlier run that must not be loaded any more. */
      readonly removed: readonly string[]
    }
  | { readonly kind: 'stop'; readonly servers: readonly string[] }
  | { readonly kind: 'remove'; readonly files: readonly string[] }

/** What a run changed: the files that are to be installed, by their folders. */
interface Changed {
  readonly cluster: Cluster
  readonly changes: readonly Change[]
  readonly previous: Manifest | null
}

const isWritten = ({ action }: Change): boolean => action === 'create' || action === 'update'

/** Whether a file is in a folder below the output folder, such as `tomcat/tomcat01`. */
const isIn =
  (folder: string) =>
  ({ path }: Change): boolean =>
    path.startsWith(`${folder}/`)

/** One application server, or several with the same files. */
interface Instance {
  readonly upstream: Upstream
  readonly runtime: Runtime
  readonly servers: readonly string[]
  readonly written: readonly Change[]
  readonly isNew: boolean
}

/** The application servers whose files were written, with those files. */
const instancesIn = ({ cluster, changes }: Changed): readonly Instance[] => {
  const byFolder = new Map<string, Change[]>()
  for (const change of changes) {
    const folder = change.path.split('/').slice(0, 2).join('/')
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), change])
  }
  const seen = new Set<string>()
  return cluster.upstreams.flatMap((upstream) => {
    const { runtime } = upstream.app
    if (runtime === 'none') return []
    const servers = upstream.servers.map(({ name }) => name)
    const units =
      runtime === 'tomcat'
        ? servers.map((name) => ({ folder: `tomcat/${name}`, servers: [name] }))
        : [{ folder: `${runtime}/${upstream.name}`, servers }]
    return units.flatMap(({ folder, servers: own }) => {
      const all = (byFolder.get(folder) ?? []).filter(isIn(folder))
      const written = all.filter(isWritten)
      // One Tomcat may serve several upstreams.
      if (written.length === 0 || seen.has(folder)) return []
      seen.add(folder)
      const isNew = all.every(({ action }) => action === 'create')
      return [{ upstream, runtime, servers: own, written, isNew }]
    })
  })
}

const storeAddresses = (store: Store): readonly string[] => {
  if (store.kind === 'redis') return store.addresses.map((address) => formatAddress(address))
  return store.kind === 'memcached'
    ? store.servers.map(({ address }) => formatAddress(address))
    : []
}

/** Stores of applications that get their first files: the application fails or loses sessions without them. */
const storeSteps = (instances: readonly Instance[]): readonly NextStep[] => {
  const stores = instances.flatMap(({ upstream, isNew }) =>
    isNew ? (storeOf(upstream.app) ?? []) : [],
  )
  return [...new Set(stores)].map((store) => ({
    kind: 'store',
    store: store.name,
    addresses: storeAddresses(store),
  }))
}

const tableSteps = ({ cluster, changes }: Changed): readonly NextStep[] =>
  cluster.upstreams.flatMap(({ app, name }): readonly NextStep[] => {
    const file = `tomcat/${name}.sql`
    const store = storeOf(app)
    const isChanged = changes.some((change) => change.path === file && isWritten(change))
    return isChanged && store !== null ? [{ kind: 'table', store: store.name, file }] : []
  })

const serversOf = (instances: readonly Instance[]): readonly string[] =>
  instances.flatMap(({ servers }) => servers)

/** Jars and packages that no earlier run asked for; a new server needs all of them. */
const needSteps = (
  { cluster, previous }: Changed,
  instances: readonly Instance[],
): readonly NextStep[] => {
  const known = new Set(previous?.needs.map(({ upstream, name }) => `${upstream} ${name}`))
  const keyOf = (need: Need): string =>
    `${need.upstream} ${need.kind === 'jar' ? need.coordinates : need.name}`
  const groups = new Map<string, { need: Need; names: string[]; isKnown: boolean }>()
  for (const need of needsOf(cluster)) {
    const isKnown = known.has(keyOf(need))
    const key = `${need.upstream} ${need.kind} ${isKnown}`
    const group = groups.get(key) ?? { need, names: [], isKnown }
    group.names.push(need.kind === 'jar' ? need.file : need.name)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ need, names, isKnown }): readonly NextStep[] => {
    const { kind, upstream } = need
    const own = instances.filter((instance) => instance.upstream.name === upstream)
    const servers = serversOf(isKnown ? own.filter(({ isNew }) => isNew) : own)
    if (servers.length === 0) return []
    return [{ kind: kind === 'jar' ? 'jars' : kind, names, upstream, servers }]
  })
}

const environmentNames = (app: App): readonly string[] => {
  if (app.runtime === 'none') return []
  const store = storeOf(app)
  const secrets: readonly (Secret | null)[] = [
    store !== null && 'password' in store ? store.password : null,
    'encryptionKey' in app.sessions ? app.sessions.encryptionKey : null,
  ]
  return secrets.flatMap((secret) => (secret?.kind === 'env' ? [secret.name] : []))
}

/** Variables that the files read now and did not read before. */
const environmentSteps = (instances: readonly Instance[]): readonly NextStep[] => {
  const decoder = new TextDecoder()
  const mentions = (bytes: Uint8Array | null, name: string): boolean =>
    bytes !== null && decoder.decode(bytes).includes(name)
  const steps = new Map<string, { runtime: Runtime; names: readonly string[]; servers: string[] }>()
  for (const { upstream, runtime, servers, written } of instances) {
    const names = environmentNames(upstream.app).filter((name) =>
      written.some(({ before, after }) => mentions(after, name) && !mentions(before, name)),
    )
    if (names.length === 0) continue
    const key = `${runtime} ${names.join(' ')}`
    const step = steps.get(key) ?? { runtime, names, servers: [] }
    step.servers.push(...servers)
    steps.set(key, step)
  }
  return [...steps.values()].map((step) => ({ kind: 'environment', ...step }))
}

const startSteps = (instances: readonly Instance[]): readonly NextStep[] => {
  const groups = new Map<string, Instance[]>()
  for (const instance of instances) {
    const { upstream, runtime, isNew } = instance
    const key = `${runtime} ${upstream.name} ${isNew}`
    groups.set(key, [...(groups.get(key) ?? []), instance])
  }
  return [...groups.values()].map((group): NextStep => {
    const [first] = group
    const isNew = first?.isNew ?? false
    const app = first?.upstream.app
    return {
      kind: isNew ? 'start' : 'restart',
      runtime: first?.runtime ?? 'tomcat',
      servers: serversOf(group),
      files: group.flatMap(({ written }) => written.map(({ path }) => path)),
      drain:
        !isNew &&
        app !== undefined &&
        keepsOwnSessions(app) &&
        (first?.upstream.servers.length ?? 0) > 1,
    }
  })
}

const reloadSteps = ({ cluster, changes }: Changed): readonly NextStep[] =>
  cluster.targets.flatMap((target): readonly NextStep[] => {
    const own = changes.filter(isIn(target.dialect))
    const files = own.filter(isWritten).map(({ path }) => path)
    const removed = own.filter(({ action }) => action === 'remove').map(({ path }) => path)
    if (files.length + removed.length === 0) return []
    const command = reloadCommand(target)
    return [{ kind: 'reload', program: target.dialect, command, files, removed }]
  })

/** Servers and files that the spec has no longer. */
const removalSteps = ({ cluster, changes }: Changed): readonly NextStep[] => {
  const kept = new Set(cluster.upstreams.flatMap(({ servers }) => servers.map(({ name }) => name)))
  const targets = new Set<string>(cluster.targets.map(({ dialect }) => dialect))
  const stopped = new Set<string>()
  const files: string[] = []
  for (const { path, action } of changes) {
    if (action !== 'remove') continue
    const [dialect = '', name = '', ...rest] = path.split('/')
    if (dialect === 'tomcat' && rest.length > 0 && !kept.has(name)) stopped.add(name)
    else if (!targets.has(dialect)) files.push(path)
  }
  return [
    ...(stopped.size === 0 ? [] : [{ kind: 'stop' as const, servers: [...stopped] }]),
    ...(files.length === 0 ? [] : [{ kind: 'remove' as const, files }]),
  ]
}

/**
 * What is left to do after a run, in an order that loses no session that can be kept: a server runs before
 * a proxy sends requests to it, and a proxy has stopped sending requests to a server before it stops.
 */
export const nextSteps = (changed: Changed): readonly NextStep[] => {
  const instances = instancesIn(changed)
  return [
    ...storeSteps(instances),
    ...tableSteps(changed),
    ...needSteps(changed, instances),
    ...environmentSteps(instances),
    ...startSteps(instances),
    ...reloadSteps(changed),
    ...removalSteps(changed),
  ]
}
