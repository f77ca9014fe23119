import { atKey, atValue, type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { NginxTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import type { Rendering } from '../dialect.ts'
import { accessLogProblems } from './access-log.ts'
import { clientOf } from './client.ts'
import { report } from './codes.ts'
import { type Features, featuresOf, oldest } from './features.ts'
import { fileProblems, pagesOf } from './files.ts'
import type { Part } from './forms/form.ts'
import { clientAddressProblems, headerProblems } from './headers.ts'
import { listenerProblems, refusalViews, sharedSockets } from './listeners.ts'
import { localPeerProblems, localPeerView } from './local-peer.ts'
import { locationProblems } from './locations.ts'
import { type Parts, partsOf } from './parts.ts'
import { hashFor, serverNameProblems, serverNamesHash } from './server-names.ts'
import { serverView } from './server-view.ts'
import { statusProblems, statusView } from './status.ts'
import { moduleNotes } from './unused-modules.ts'
import type { HashSize, HttpView } from './views.ts'

const versionProblems = (target: NginxTarget, { label }: Features): Diagnostic[] =>
  atLeast(target.version, oldest[target.flavor])
    ? []
    : [
        report(
          'nginx-version',
          atValue([...target.path, 'version']),
          `${label} is older than anything sessctl writes for`,
          target.flavor === 'nginx-plus'
            ? 'R7 is the oldest'
            : `${oldest[target.flavor]} is the oldest`,
        ),
      ]

/**
 * nginx complains of its own hash from 17 more variables on, measured on 1.22 to 1.30 with names as
 * long as ours can be; parts of expressions and families such as $http_ are some more.
 */
const mostVariables = 12

const variablesHash = ({ names }: Parts): HashSize | null =>
  names.variableCount() > mostVariables ? hashFor(names.variableCount(), 0) : null

const hashProblems = (view: HttpView, target: NginxTarget): Diagnostic[] => {
  if (target.standalone) return []
  const sizes = [
    ...(view.variablesHash === null ? [] : ['variables_hash']),
    ...(view.serverNamesHash === null ? [] : ['server_names_hash']),
  ]
  return sizes.map((name) =>
    report(
      'nginx-hash-size',
      atKey([name === 'variables_hash' ? 'upstreams' : 'frontends']),
      `${name}_bucket_size and ${name}_max_size are written: nginx's own sizes are too small for these names`,
      'remove them from the nginx.conf that includes this one; nginx takes each once',
    ),
  )
}

const frontendProblems = (cluster: Cluster, features: Features, parts: Parts): Diagnostic[] =>
  cluster.frontends.flatMap((frontend) => [
    ...serverNameProblems(frontend),
    ...headerProblems(frontend, features),
    ...accessLogProblems(frontend, features),
    ...clientAddressProblems(frontend, features),
    ...locationProblems(frontend),
    ...frontend.locations.flatMap((each) => localPeerProblems(frontend, each, features)),
    ...frontend.locations.flatMap((location) => {
      if (location.action.kind !== 'status') return []
      const { upstream } = location.action
      const part = parts.byUpstream.get(upstream)
      if (!part) return []
      const view = statusView(upstream, features, part)
      return statusProblems(location, view, features, cluster.upstreams.length === 1)
    }),
  ])

const viewOf = (cluster: Cluster, features: Features, parts: Parts): HttpView => {
  const partOf = (upstream: Upstream): Part => {
    const part = parts.byUpstream.get(upstream)
    if (!part) throw new TypeError(`upstream ${upstream.name} is not one of the cluster's`)
    return part
  }
  const shared = sharedSockets(cluster.frontends)
  const client = clientOf(cluster, features, parts.names)
  const localPeer = localPeerView(cluster, features, parts.names)
  const servers = cluster.frontends.map((frontend) =>
    serverView(cluster, frontend, shared, features, partOf, client, localPeer),
  )
  const all = cluster.upstreams.map(partOf)
  return {
    cluster: cluster.name,
    variablesHash: variablesHash(parts),
    serverNamesHash: serverNamesHash(cluster.frontends),
    isVts: servers.some(({ locations }) => locations.some(({ status }) => status?.isVts)),
    maps: all.flatMap(({ maps }) => maps),
    upstreams: all.flatMap(({ upstreams }) => upstreams),
    client: client.view,
    localPeer,
    refusals: refusalViews(cluster.frontends, features),
    servers,
  }
}

/** Cluster → nginx's files. Everything that stands in the way is found in one run. */
export const renderNginx = (cluster: Cluster, target: NginxTarget): Rendering => {
  const features = featuresOf(target)
  const parts = partsOf(cluster, target, features)
  const problems = [
    ...versionProblems(target, features),
    ...parts.diagnostics,
    ...listenerProblems(cluster.frontends),
    ...frontendProblems(cluster, features, parts),
    ...fileProblems(cluster.name, target, features),
  ]
  if (hasErrors(problems)) return { pages: [], diagnostics: problems }
  const view = viewOf(cluster, features, parts)
  return {
    pages: pagesOf(target, view),
    diagnostics: [
      ...problems,
      ...hashProblems(view, target),
      ...moduleNotes(target, features, view),
    ],
  }
}
