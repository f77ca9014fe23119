import { Findings } from '../diagnostics/findings.ts'
import type { Inputs } from '../dialects/dialect.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import { atLeast, parseVersion } from '../model/version.ts'
import { withUpstreams } from '../model/with-upstreams.ts'
import { render } from '../render/render.ts'
import type { TemporaryFile } from '../validate/check.ts'
import { type BalancerProcess, balancerProcess, fitBalancer } from './balancer.ts'
import { type EntryPoint, entryPointOf, entryPointsOf } from './entrance.ts'
import type { LabEnvironment } from './ground.ts'
import type { LabProcess, ProcessFolder } from './program.ts'
import { type LabCluster, moveToLab } from './readdress.ts'
import { serverProcesses, sharedFolder, sharedFoldersOf } from './servers.ts'
import { missingStore, storeProcesses, usedStores } from './stores.ts'
import type { LabApplications, LabTools } from './tools.ts'

/** A cluster as it is started: its processes in the order of their start, and its entry points. */
export interface LabPlan {
  /** The loopback address of the lab. */
  readonly host: string
  /** The upstream that the scenarios are about, on its new addresses. */
  readonly upstream: Upstream
  readonly entryPoint: EntryPoint
  /** All entry points of the cluster. */
  readonly entryPoints: readonly EntryPoint[]
  /** Before anything starts. */
  readonly sharedFolders: readonly ProcessFolder[]
  readonly stores: readonly LabProcess[]
  readonly servers: readonly LabProcess[]
  readonly balancer: BalancerProcess
  /** The balancer when a server is drained; a sentence when that cannot be. */
  readonly drained: (server: string) => BalancerProcess | string
  /** Below the folder of the lab. */
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  /** In what the lab differs from the spec beside hosts and ports; sentences without a full stop. */
  readonly notes: readonly string[]
}

/** What `generate` refuses of existing files, and what a lab shows. */
const toleratedCodes: ReadonlySet<string> = new Set(['tomcat-context-manager'])

const balancerName = 'balancer'

/** The same cluster with a server that takes no new sessions. */
const withDrained = (cluster: Cluster, { name }: Upstream, server: string): Cluster =>
  withUpstreams(cluster, (upstream) =>
    upstream.name === name
      ? {
          ...upstream,
          servers: upstream.servers.map((one) =>
            one.name === server ? { ...one, state: 'drain' } : one,
          ),
        }
      : upstream,
  )

const balancerOf = (
  cluster: Cluster,
  tools: LabTools,
  environment: LabEnvironment,
): BalancerProcess | string => {
  const { balancer } = tools
  const findings = new Findings()
  const only = new Set([balancer.target.dialect])
  const artifacts = render(cluster, new Map(), only, findings)
  const [problem] = findings.all.filter(({ severity }) => severity === 'error')
  if (problem !== undefined) return problem.message
  const ports = cluster.frontends.flatMap(({ listeners }) =>
    listeners.flatMap(({ address }) => (address.kind === 'inet' ? [address.port] : [])),
  )
  const folder = `${environment.folder}/${balancerName}`
  return balancerProcess(balancerName, {
    balancer,
    artifacts,
    folder,
    ports,
    isRoot: environment.isRoot,
  })
}

/** Files are written for the Tomcat that is here, where it is older than the one that is asked for. */
const forTomcats = (cluster: Cluster, { appOf }: LabTools, notes: string[]): Cluster => {
  const replaced = new Map(
    cluster.upstreams.map((upstream): [string, Upstream] => {
      const { app } = upstream
      const found = appOf(upstream)
      if (app.runtime !== 'tomcat' || found?.runtime !== 'tomcat') return [upstream.name, upstream]
      const version = parseVersion(found.tool.version)
      if (atLeast(version, app.version.text)) return [upstream.name, upstream]
      notes.push(
        `Tomcat ${version.text} is what is here: its files are written for it, not for ${app.version.text}`,
      )
      return [upstream.name, { ...upstream, app: { ...app, version } }]
    }),
  )
  return withUpstreams(cluster, (upstream) => replaced.get(upstream.name) ?? upstream)
}

/** What other users of this host can reach all the same; there is no password to give. */
const openStores = (cluster: Cluster): readonly string[] => {
  const used = usedStores(cluster)
  const isUsed = (is: (store: Store) => boolean): boolean => used.some(is)
  return [
    ...(isUsed(({ kind }) => kind === 'memcached')
      ? [
          'memcached has no password: while the lab runs, other users of this host can read its sessions',
        ]
      : []),
    ...(isUsed((store) => store.kind === 'redis' && store.mode === 'sentinel')
      ? [
          'Redis Sentinel has no password: while the lab runs, other users of this host can change its master',
        ]
      : []),
  ]
}

const planOn = (
  spec: Cluster,
  inputs: Inputs,
  wanted: string | null,
  given: LabTools,
  applications: LabApplications,
  environment: LabEnvironment,
): LabPlan | string => {
  const { balancer: fitted, note } = fitBalancer(given.balancer)
  const tools = { ...given, balancer: fitted }
  const notes = note === null ? [] : [note]
  const missing = missingStore(spec, tools)
  if (missing !== null) return missing
  const lab: LabCluster = moveToLab(
    forTomcats(spec, tools, notes),
    fitted.target,
    environment,
    inputs,
  )
  const { cluster, env, ports } = lab
  const [entryPoint] = cluster.upstreams
    .filter(({ name }) => wanted === null || name === wanted)
    .flatMap((upstream) => entryPointOf(cluster, upstream) ?? [])
  if (entryPoint === undefined)
    return wanted === null
      ? 'no location proxies to an upstream'
      : `no location proxies to the upstream ${wanted}`
  const balancer = balancerOf(cluster, tools, environment)
  if (typeof balancer === 'string') return balancer
  const findings = new Findings()
  const artifacts = render(cluster, lab.inputs, null, findings, toleratedCodes)
  const errors = findings.all.filter(({ severity }) => severity === 'error')
  const problem = errors.find(({ code }) => !toleratedCodes.has(code))
  if (problem !== undefined) return problem.message
  const parts = { environment, tools, applications, artifacts, env }
  return {
    upstream: entryPoint.upstream,
    entryPoint,
    host: environment.host,
    entryPoints: cluster.upstreams.flatMap((upstream) => entryPointsOf(cluster, upstream)),
    sharedFolders: sharedFoldersOf(cluster.upstreams, tools, applications),
    stores: storeProcesses(cluster, tools, artifacts, ports, environment),
    servers: serverProcesses([entryPoint.upstream, ...cluster.upstreams], parts),
    balancer,
    drained: (server) =>
      balancerOf(withDrained(cluster, entryPoint.upstream, server), tools, environment),
    files: lab.files,
    folders: [...lab.folders, sharedFolder],
    notes: [
      ...notes,
      ...errors.map(({ message }) => `not for use: ${message}`),
      ...lab.notes,
      ...openStores(cluster),
    ],
  }
}

/**
 * Plans a lab; a sentence when there can be none. Where the clients of a Redis cannot send a password,
 * it has none.
 * @param inputs the files that the spec names, as far as they were read.
 * @param wanted the name of the upstream that the scenarios are about; null: the first that a
 * location leads to.
 */
export const planLab = (
  spec: Cluster,
  inputs: Inputs,
  wanted: string | null,
  given: LabTools,
  applications: LabApplications,
  environment: LabEnvironment,
): LabPlan | string => {
  const planFor = (closesStores: boolean) =>
    planOn(spec, inputs, wanted, given, applications, {
      ...environment,
      protectsStores: closesStores,
    })
  const closed = planFor(true)
  const isOpen = spec.stores.some((store) => store.kind === 'redis' && store.password === null)
  if (typeof closed !== 'string' || !isOpen) return closed
  const open = planFor(false)
  if (typeof open === 'string') return open
  const note = `Redis has no password: ${closed}`
  return { ...open, notes: [note, ...open.notes] }
}
