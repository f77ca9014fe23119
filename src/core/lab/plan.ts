import { Findings } from '../diagnostics/findings.ts'
import type { Inputs } from '../dialects/dialect.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import { atLeast, parseVersion } from '../model/version.ts'
import { withUpstreams } from '../model/with-upstreams.ts'
import { insideFiles, type ReadFiles } from '../outside.ts'
import type { Artifact } from '../render/artifact.ts'
import { render } from '../render/render.ts'
import type { TemporaryFile } from '../validate/check.ts'
import { type BalancerProcess, balancerProcess, fitBalancer } from './balancer.ts'
import { type EntryPoint, entryPointOf, entryPointsOf } from './entry-point.ts'
import type { LabEnvironment } from './environment.ts'
import { type LabCluster, moveToLab } from './move-to-lab.ts'
import type { LabProcess, ProcessFolder } from './program.ts'
import { serverProcesses, sharedFolder, sharedFoldersOf } from './servers.ts'
import { missingStore, storeProcesses, usedStores } from './stores.ts'
import type { LabApplications, LabTools } from './tools.ts'
import { type UpgradePlace, upgradePlaceOf } from './upgrade-place.ts'

/** A cluster as it is started: its processes in the order of their start, and its entry points. */
export interface LabPlan {
  /** The loopback address of the lab. */
  readonly host: string
  /** The cluster as it runs, with what sessctl makes of it. */
  readonly cluster: Cluster
  readonly artifacts: readonly Artifact[]
  /** The upstream of the scenarios, with the addresses of the lab. */
  readonly upstream: Upstream
  readonly entryPoint: EntryPoint
  readonly upgrade: UpgradePlace
  /** All entry points of the cluster. */
  readonly entryPoints: readonly EntryPoint[]
  /** Prepared before the first start. */
  readonly sharedFolders: readonly ProcessFolder[]
  readonly stores: readonly LabProcess[]
  readonly servers: readonly LabProcess[]
  readonly balancer: BalancerProcess
  /** The balancer with a drained server; a message if that is not possible. */
  readonly drained: (server: string) => BalancerProcess | string
  /** Below the folder of the lab. */
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  /** Differences between the lab and the spec, other than hosts and ports; sentences without a full stop. */
  readonly notes: readonly string[]
}

/** Errors about existing files with which the lab runs all the same. */
const toleratedCodes: ReadonlySet<string> = new Set(['tomcat-context-manager'])

const balancerName = 'balancer'

/** The cluster with one server drained. */
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

/** Files are generated for the installed Tomcat if it is older than the version of the spec. */
const forTomcats = (cluster: Cluster, { appOf }: LabTools, notes: string[]): Cluster => {
  const replaced = new Map(
    cluster.upstreams.map((upstream): [string, Upstream] => {
      const { app } = upstream
      const found = appOf(upstream)
      if (app.runtime !== 'tomcat' || found?.runtime !== 'tomcat') return [upstream.name, upstream]
      const version = parseVersion(found.tool.version)
      if (atLeast(version, app.version.text)) return [upstream.name, upstream]
      notes.push(
        `Tomcat ${version.text} is installed: its files are generated for this version instead of ${app.version.text}`,
      )
      return [upstream.name, { ...upstream, app: { ...app, version } }]
    }),
  )
  return withUpstreams(cluster, (upstream) => replaced.get(upstream.name) ?? upstream)
}

/** Stores without a password, which other users of this host can reach. */
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
    cluster,
    artifacts,
    upstream: entryPoint.upstream,
    entryPoint,
    upgrade: upgradePlaceOf(entryPoint),
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
      ...errors.map(({ message }) => `sessctl generate refuses this spec: ${message}`),
      ...lab.notes,
      ...openStores(cluster),
    ],
  }
}

/**
 * Plans a lab; returns a message if it cannot run the spec. Redis has no password if the clients of the
 * spec cannot send one.
 * @param inputs the files that the spec names, as far as they were read.
 * @param wanted the upstream of the scenarios; null: the first one that a location proxies to.
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

const hidden = 'changes of the lab in files from outside of the repository are not shown'

/** As `planLab`; its notes and the output of its servers quote no file from outside of the repository. */
export const planWithoutContents = (
  spec: Cluster,
  files: ReadFiles,
  wanted: string | null,
  tools: LabTools,
  applications: LabApplications,
  environment: LabEnvironment,
): LabPlan | string => {
  const plan = planLab(spec, files.inputs, wanted, tools, applications, environment)
  if (files.outside.size === 0) return plan
  const insidePlan = planLab(spec, insideFiles(files), wanted, tools, applications, environment)
  if (typeof plan === 'string') {
    return plan === insidePlan ? plan : 'a file from outside of the repository cannot be used'
  }
  const known = new Set(typeof insidePlan === 'string' ? [] : insidePlan.notes)
  const shown = plan.notes.filter((note) => known.has(note))
  return {
    ...plan,
    servers: plan.servers.map((server) => ({ ...server, hidesOutput: true })),
    notes: shown.length === plan.notes.length ? shown : [...shown, hidden],
  }
}
