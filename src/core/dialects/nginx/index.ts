import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { NginxTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import { snippetsOf } from '../../snippets/all.ts'
import { checkSnippets } from '../../snippets/check.ts'
import { snippetInputs } from '../../snippets/files.ts'
import type { Dialect, Inputs, Page } from '../dialect.ts'
import { checkAccessLog } from './access-log.ts'
import { nginxChoice } from './affinity/choose.ts'
import type { UpstreamConfiguration } from './affinity/implementation.ts'
import { basePages } from './base/pages.ts'
import { matchViews } from './check-answers.ts'
import { report } from './codes.ts'
import { errorPageViews } from './error-pages.ts'
import { type Features, featuresOf, oldestSupported } from './features.ts'
import { checkFiles, noteUnusedModules, pagesOf } from './files.ts'
import { checkHeaders, forwardingOf } from './forwarded-headers.ts'
import { noteHashSizes, serverNamesHash, variablesHash } from './hash-sizes.ts'
import { limitViews } from './limits.ts'
import { checkListeners, refusalViews, sharedSockets } from './listeners.ts'
import { checkLocations, localPeerView } from './locations.ts'
import { createNames, type Names } from './names.ts'
import { checkMappings, restOfTargets } from './path-mapping.ts'
import { quote } from './quote.ts'
import { createRequestTexts } from './request-texts.ts'
import { checkResponseHeaders, responseHeaderViews } from './response-headers.ts'
import { serverView } from './server-block.ts'
import { checkNameConflicts, checkServerNames } from './server-names.ts'
import { nginxSnippets } from './snippets/language.ts'
import { noteMain } from './snippets/main.ts'
import { nginxSnippet, nginxSnippetViews } from './snippets/views.ts'
import { checkStatus } from './status.ts'
import { checkTimeouts } from './timeouts.ts'
import { httpsRedirects } from './to-https.ts'
import { connectionHeaders } from './upgrades.ts'
import { upstreamBlockView } from './upstream-statements.ts'
import { configureUpstreams } from './upstreams.ts'

type Configurations = ReadonlyMap<Upstream, UpstreamConfiguration>

const configurationIn =
  (configurations: Configurations) =>
  (upstream: Upstream): UpstreamConfiguration => {
    const configuration = configurations.get(upstream)
    if (!configuration) throw new TypeError(`upstream ${upstream.name} has no configuration`)
    return configuration
  }

const checkVersion = (
  { flavor, path, version }: NginxTarget,
  { label }: Features,
  findings: Findings,
): void => {
  const oldest = oldestSupported[flavor]
  if (atLeast(version, oldest)) return
  report(
    findings,
    'nginx-version',
    atValue([...path, 'version']),
    `${label} is not supported: it is too old`,
    `use ${flavor === 'nginx-plus' ? 'R7' : oldest} or later`,
  )
}

const checkFrontends = (
  { frontends }: Cluster,
  features: Features,
  configurations: Configurations,
  findings: Findings,
): void => {
  checkListeners(frontends, features, findings)
  checkNameConflicts(frontends, findings)
  for (const frontend of frontends) {
    checkServerNames(frontend, findings)
    checkHeaders(frontend, features, findings)
    checkAccessLog(frontend, features, configurationIn(configurations), findings)
    checkTimeouts(frontend, features, findings)
    checkResponseHeaders(frontend, features, findings)
    checkLocations(frontend, features, findings)
    for (const location of frontend.locations)
      checkStatus(location, features, configurations, findings)
  }
}

/** The file for the http block. */
const httpView = (
  cluster: Cluster,
  features: Features,
  configurations: Configurations,
  names: Names,
) => {
  const { frontends, upstreams } = cluster
  const configurationOf = configurationIn(configurations)
  const forwarding = forwardingOf(cluster, features, names)
  const localPeer = localPeerView(cluster, features, names)
  const texts = createRequestTexts(cluster, names, forwarding.schemeOf)
  const redirects = httpsRedirects(frontends, cluster.name, names, forwarding.schemeOf)
  const responses = responseHeaderViews(frontends, cluster.name, names, forwarding.schemeOf)
  const connections = connectionHeaders(cluster, names)
  const errorPages = errorPageViews(cluster, names, responses)
  const limits = limitViews(cluster, names)
  const rests = restOfTargets(cluster, names)
  const context = {
    errorPages,
    connections,
    limits,
    responses,
    cluster,
    redirects,
    features,
    configurationOf,
    sharedSockets: sharedSockets(frontends),
    forwarding,
    texts,
    localPeer,
    rests,
  }
  const servers = frontends.map((frontend) => serverView(frontend, context))
  const all = upstreams.map(configurationOf)
  return {
    cluster: cluster.name,
    variablesHash: variablesHash(names.variableCount()),
    serverNamesHash: serverNamesHash(frontends),
    isVts: servers.some(({ locations }) => locations.some(({ status }) => status?.isVts)),
    maps: all.flatMap(({ maps }) => maps),
    matches: matchViews(upstreams, features),
    upstreams: all.flatMap((each) => each.upstreams.map(upstreamBlockView)),
    client: forwarding.view,
    texts: texts.view(),
    localPeer,
    httpsRedirects: redirects.maps,
    upgrades: connections.maps,
    transportSecurity: responses.maps,
    limits: { maps: limits.maps, zones: limits.zones },
    restsOfTargets: rests.maps,
    servedInMaintenance: errorPages.served,
    refusals: refusalViews(cluster, features),
    servers,
    snippets: nginxSnippetViews(cluster.snippets, 'http'),
  }
}

const hasBase = (target: NginxTarget): target is NginxTarget & { readonly base: string } =>
  target.base !== null

const render = (
  cluster: Cluster,
  target: NginxTarget,
  inputs: Inputs,
  findings: Findings,
): readonly Page[] => {
  const features = featuresOf(target)
  const names = createNames(cluster.upstreams.map(({ name }) => name))
  checkVersion(target, features, findings)
  const configurations = configureUpstreams(cluster, target, features, names, findings)
  if (hasBase(target)) {
    if (findings.hasErrors) return []
    const upstreams = [...configurations.values()].flatMap((each) => each.upstreams)
    noteUnusedModules(target, features, { upstreams, isVts: false }, findings)
    return basePages(cluster, target, features, configurations, inputs, findings)
  }
  checkFrontends(cluster, features, configurations, findings)
  checkFiles(cluster.name, target, features, findings)
  checkMappings(cluster, features, findings)
  checkSnippets(snippetsOf(cluster), nginxSnippets, findings)
  noteMain(cluster, target, features, findings)
  if (findings.hasErrors) return []
  const view = httpView(cluster, features, configurations, names)
  if (!target.standalone) noteHashSizes(view, findings)
  const written = [...configurations.values()].flatMap((each) => each.upstreams)
  noteUnusedModules(target, features, { upstreams: written, isVts: view.isVts }, findings)
  return pagesOf(target, cluster, view)
}

const targetOf = ({ targets }: Cluster): NginxTarget | undefined =>
  targets.find((target): target is NginxTarget => target.dialect === 'nginx')

/** nginx, NGINX Plus, Angie, Tengine and OpenResty. */
export const nginx: Dialect = {
  name: 'nginx',
  isWanted: (cluster) => targetOf(cluster) !== undefined,
  inputs: (cluster) => {
    const { base = null, path = [] } = targetOf(cluster) ?? {}
    const files = snippetInputs(cluster, 'nginx')
    return base === null
      ? files
      : [...files, { kind: 'nginx', path: base, at: atValue([...path, 'base']) }]
  },
  render: (cluster, inputs, findings) => {
    const target = targetOf(cluster)
    return target === undefined ? [] : render(cluster, target, inputs, findings)
  },
  choose: (cluster, upstream) => {
    const target = targetOf(cluster)
    return target === undefined ? null : nginxChoice(upstream, target)
  },
  escapes: { nginx: quote, nginxSnippet },
  snippets: nginxSnippets,
}
