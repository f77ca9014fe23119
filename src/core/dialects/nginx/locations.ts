import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import type { BasicAuth, Cluster, Frontend, Location, Upstream } from '../../model/cluster.ts'
import { formatDuration } from '../../model/duration.ts'
import { ownSettings } from '../../model/http-settings.ts'
import { loopback, needsLocalPeer } from '../../model/loopback-only.ts'
import { withoutHostBits } from '../../model/network.ts'
import type { SnippetView } from '../../snippets/marked.ts'
import { hasAllowList, isExpression } from '../location-order.ts'
import { expressionError } from '../regular-expressions.ts'
import type { UpstreamConfiguration } from './affinity/implementation.ts'
import { type AnswerView, answerView } from './answers.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { healthCheckParams } from './health-checks.ts'
import { type SettingsView, settingsView } from './http-settings.ts'
import type { Names } from './names.ts'
import { nextUpstreamView } from './next-upstream.ts'
import type { Mapped } from './path-mapping.ts'
import { checkLength, checkLiteral } from './quote.ts'
import { serverTlsView } from './server-protocols.ts'
import { nginxSnippetViews } from './snippets/views.ts'
import { type StatusView, statusView } from './status.ts'
import { expressionProblem } from './variables.ts'

/** A `geo` block: whether the connection comes from this host, independent of headers. */
export interface LocalPeerView {
  readonly variable: string
  readonly networks: readonly string[]
}

/** null: no location needs it, or nginx does not know the address of the connection. */
export const localPeerView = (
  { frontends }: Cluster,
  { hasPeerAddress }: Features,
  names: Names,
): LocalPeerView | null =>
  hasPeerAddress &&
  frontends.some((frontend) => frontend.locations.some((each) => needsLocalPeer(frontend, each)))
    ? { variable: names.variable('local_peer'), networks: loopback }
    : null

const proxyView = (
  upstream: Upstream,
  configuration: UpstreamConfiguration,
  features: Features,
  mapped: Mapped | null,
) => {
  const { passTo, isVariable, userid, hideCookieOf } = configuration
  return {
    to: `${upstream.protocol === 'https' ? 'https' : 'http'}://${passTo}${mapped?.target ?? ''}`,
    mapping: mapped?.view ?? null,
    passTo,
    tls: serverTlsView(upstream),
    /** With a variable in proxy_pass, the default of proxy_redirect is an error. */
    redirectsAreKept: isVariable && mapped === null,
    ...nextUpstreamView(upstream),
    userid,
    hideCookie: hideCookieOf === null ? null : `upstream=${hideCookieOf}`,
    healthCheck: healthCheckParams(upstream, features, {
      isVariable: isVariable || mapped !== null,
    }),
  }
}

const basicAuthView = ({ basicAuth }: Location): LocationView['basicAuth'] =>
  basicAuth === null ? null : { file: basicAuth.file, realm: basicAuth.realm }

const tryFilesView = ({ tryFiles }: Location): readonly string[] =>
  tryFiles === null
    ? []
    : [
        ...['$uri', '$uri/'],
        ...tryFiles.suffixes.map((suffix) => `$\u007buri}${suffix}`),
        tryFiles.fallback ?? '=404',
      ]

/** A `location` block. */
export interface LocationView {
  readonly modifier: string | null
  readonly pattern: string
  readonly root: string | null
  readonly alias: string | null
  readonly index: readonly string[]
  /** The words of try_files; empty: the path of the request only. */
  readonly tryFiles: readonly string[]
  readonly expires: string | null
  readonly listsFolders: boolean
  readonly charset: string | null
  readonly denied: readonly string[]
  readonly allow: readonly string[]
  readonly basicAuth: Pick<BasicAuth, 'file' | 'realm'> | null
  /** `deny all`. */
  readonly isClosed: boolean
  /** A variable that is 1 if the connection comes from this host; null: that is not required. */
  readonly localPeer: string | null
  readonly settings: SettingsView
  readonly answer: AnswerView | null
  readonly status: StatusView | null
  readonly proxy: ReturnType<typeof proxyView> | null
  readonly snippets: readonly SnippetView[]
}

export const locationView = (
  frontend: Frontend,
  location: Location,
  features: Features,
  configurationOf: (upstream: Upstream) => UpstreamConfiguration,
  localPeer: LocalPeerView | null,
  mapped: Mapped | null,
): LocationView => {
  const { match, action, root, alias, index } = location
  const isLocal = needsLocalPeer(frontend, location)
  const allow = isLocal && !features.hasPeerAddress ? [] : location.allow
  const configuration = 'upstream' in action ? configurationOf(action.upstream) : null
  return {
    modifier: match.kind === 'prefix' ? null : match.kind,
    pattern: match.pattern,
    root,
    alias,
    index,
    tryFiles: tryFilesView(location),
    listsFolders: location.listsFolders,
    charset: location.charset,
    expires: location.expires === null ? null : formatDuration(location.expires * 1000),
    denied: location.deny.map(withoutHostBits),
    basicAuth: basicAuthView(location),
    allow: allow.map((network) => (network === 'all' ? network : withoutHostBits(network))),
    isClosed: hasAllowList(location),
    localPeer: isLocal ? (localPeer?.variable ?? null) : null,
    settings: settingsView(
      ownSettings(frontend, location),
      action.kind === 'proxy' ? [action.upstream] : [],
      'location',
    ),
    answer: answerView(location, features),
    status:
      action.kind === 'status' && configuration
        ? statusView(action.upstream, features, configuration)
        : null,
    proxy:
      action.kind === 'proxy' && configuration
        ? proxyView(action.upstream, configuration, features, mapped)
        : null,
    snippets: nginxSnippetViews(location.snippets, 'location'),
  }
}

const checkMatch = (location: Location, findings: Findings): void => {
  const { pattern } = location.match
  const at = location.matchPath
  const notAPath = pattern.startsWith('/')
    ? null
    : `the location "${pattern}" matches no request: paths begin with "/"`
  const problem = isExpression(location)
    ? expressionError('nginx', pattern, expressionProblem(pattern))
    : notAPath
  if (problem === null || pattern === '') {
    checkLength(pattern, at, findings)
    return
  }
  report(
    findings,
    'nginx-location',
    atValue(at),
    problem,
    'write a match such as "/shop/", "= /login" or "~ \\.jsp$"',
  )
}

const checkIndex = ({ index, path }: Location, findings: Findings): void => {
  for (const [position, name] of index.entries()) {
    const at = [...path, 'index', position]
    checkLiteral(name, at, findings)
    if (!name.startsWith('/') || position === index.length - 1) continue
    report(
      findings,
      'nginx-index',
      atValue(at),
      `"${name}" is an absolute path: nginx never tries the names after it`,
      'write it last',
    )
  }
}

/** For nginx, `/` and `^~ /` are one location; two of the same kind are refused for all dialects. */
const checkDuplicates = (locations: readonly Location[], findings: Findings): void => {
  const prefixes = new Map<string, Location>()
  for (const location of locations) {
    const { kind, pattern } = location.match
    if (kind !== 'prefix' && kind !== '^~') continue
    const same = prefixes.get(pattern)
    prefixes.set(pattern, location)
    if (!same || same.match.kind === kind) continue
    report(
      findings,
      'nginx-location',
      atKey(location.matchPath),
      `"${pattern}" and "^~ ${pattern}" are the same location for nginx`,
      'remove one of them',
    )
  }
}

/** Before 1.9.7, nginx does not know the connection's address once a header names the client, and so rejects all. */
const checkLocalPeer = (
  frontend: Frontend,
  location: Location,
  { hasPeerAddress, label }: Features,
  findings: Findings,
): void => {
  if (hasPeerAddress || !needsLocalPeer(frontend, location)) return
  const isStatus = location.action.kind === 'status'
  notFollowed(
    findings,
    [...location.path, isStatus ? 'status' : 'allow'],
    label,
    'it cannot tell whether a request with a forwarded address comes from this host, and rejects all requests',
    'use nginx 1.9.7 or newer, or a frontend without clientAddress',
  )
}

export const checkLocations = (
  frontend: Frontend,
  features: Features,
  findings: Findings,
): void => {
  for (const location of frontend.locations) {
    checkMatch(location, findings)
    checkIndex(location, findings)
    for (const key of ['root', 'alias'] as const) {
      const folder = location[key]
      if (folder !== null) checkLiteral(folder, [...location.path, key], findings)
    }
    if (location.basicAuth !== null)
      checkLiteral(location.basicAuth.file, location.basicAuth.filePath, findings)
    checkLocalPeer(frontend, location, features, findings)
  }
  checkDuplicates(frontend.locations, findings)
}
