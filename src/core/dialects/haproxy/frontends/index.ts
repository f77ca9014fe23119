import type { Frontend } from '../../../model/cluster.ts'
import { allHeaders } from '../../../model/request-texts.ts'
import { answersUnknownHosts } from '../../../model/tls.ts'
import type { SnippetView } from '../../../snippets/marked.ts'
import {
  hiddenSegments,
  innerParameters,
  restrictsPaths,
  routesByPath,
} from '../../path-parameters.ts'
import { type Site, sitesOf } from '../../sites.ts'
import { noteBuffering } from '../../streaming.ts'
import { noteCompression } from '../backends/compression.ts'
import type { Context } from '../context.ts'
import { errorsOfSite, noteErrorPages } from '../error-pages.ts'
import { aclLine, errorLine, type Line, ruleLine } from '../lines.ts'
import { frontendName, notFound } from '../names.ts'
import { requestVariableRules } from '../request-text.ts'
import { type Acl, aclLines, explained, type Rule, rule, setVariable } from '../rules.ts'
import { siteSnippets } from '../snippets/views.ts'
import { hostSample } from '../variables.ts'
import { peerVariable, type Use } from './access.ts'
import { checkAccessLog, type LogView, logView } from './access-log.ts'
import { noteChunkedBodies } from './body-size.ts'
import { pathVariable } from './choices.ts'
import { checkExpressions, checkServerNames, hostRules } from './hosts.ts'
import { type Bind, bindAddress, bindOf } from './listeners.ts'
import { type SendersView, sendersOf } from './proxy-protocol.ts'
import { clientAddressOf, headerRules, type Requests } from './requests.ts'
import { type Routing, routingOf } from './routing.ts'
import { type ClientTimeoutsView, clientTimeoutsOf } from './timeouts.ts'
import { certificateRules, checkClientCertificates } from './tls.ts'

export interface FrontendView {
  readonly name: string
  readonly binds: readonly Bind[]
  readonly senders: SendersView | null
  readonly timeouts: ClientTimeoutsView
  readonly errors: readonly Line[]
  /** null: that of all frontends. */
  readonly log: LogView | null
  /** The variable with the peer of the connection, which `set-src` does not change; null: not needed. */
  readonly peer: string | null
  /** Whether `set-src` would change the whole connection, so that each request begins with its peer. */
  readonly resetsSource: boolean
  readonly acls: readonly Line[]
  readonly rules: readonly Line[]
  readonly uses: readonly Use[]
  readonly defaultBackend: string
  readonly snippets: readonly SnippetView[]
}

/** Browsers resolve dots themselves. Path segments that an application server removes would bypass the locations. */
const hidden: Acl = {
  name: 'hidden-names',
  sample: pathVariable,
  method: 'reg',
  isCaseless: false,
  patterns: [hiddenSegments],
}

/** Parameters within a path, which would bypass a restricted location. */
const inner: Acl = { ...hidden, name: 'inner-parameters', patterns: [innerParameters] }

const pathRules = explained('the path as nginx matches it: decoded, repeated slashes merged', [
  setVariable('txn.path', 'path,url_dec,regsub(/+,/,g)'),
  // What cannot be decoded matches no location.
  rule({ denyStatus: 400 }, ['!{', pathVariable, '-m', 'found', '}']),
  rule({ denyStatus: 400 }, [hidden.name]),
])

/** A server that accepts CONNECT turns the connection into a tunnel, which bypasses the locations. */
const noTunnels: Rule = rule({ denyStatus: 405 }, ['{', 'method', 'CONNECT', '}'])

interface Shares {
  readonly acls: readonly Acl[]
  readonly rules: readonly Rule[]
  /** The condition that a request is for this frontend; none where there is one only. */
  readonly conditionOf: (frontend: Frontend) => readonly string[]
}

const hostRule = explained('host name without port', [setVariable('txn.host', hostSample)])

/** Rejects requests for a host that no frontend names. */
const refusal = (...conditions: string[]): readonly Rule[] => [
  rule({ denyStatus: 421 }, conditions),
]

/** One frontend, for all hosts or for those that it names. */
const aloneOf = (frontends: readonly Frontend[]): Shares => {
  const name = 'known-host'
  const hosts = hostRules(frontends).map(({ acl }) => ({ ...acl, name }))
  if (frontends.some(answersUnknownHosts)) return { acls: [], rules: [], conditionOf: () => [] }
  return {
    acls: hosts,
    rules: [...hostRule, ...refusal(`!${name}`)],
    conditionOf: () => [],
  }
}

/** Which of several frontends on the same addresses a request is for, by its host. */
const sharesOf = ({ frontends }: Site): Shares => {
  if (frontends.length === 1) return aloneOf(frontends)
  const hosts = hostRules(frontends)
  const nameOf = ({ name }: Frontend) => `site:${name}`
  const forAll = frontends.find(answersUnknownHosts)
  return {
    acls: [
      ...hosts.map(({ acl }) => acl),
      ...frontends.map((frontend) => ({
        name: nameOf(frontend),
        sample: 'var(txn.site)',
        method: 'str',
        isCaseless: false,
        patterns: [frontend.name],
      })),
    ],
    rules: [
      ...hostRule,
      ...(forAll ? [setVariable('txn.site', `str(${forAll.name})`)] : []),
      ...hosts.map(({ frontend, acl }) =>
        setVariable('txn.site', `str(${frontend.name})`, [acl.name]),
      ),
      ...(forAll ? [] : refusal('!{', 'var(txn.site)', '-m', 'found', '}')),
    ],
    conditionOf: (frontend) => [nameOf(frontend)],
  }
}

/** Without configured headers and trusted proxies, all frontends set the same headers. */
const isAlike = ({ frontends }: Site): boolean =>
  frontends.every(
    (frontend) => allHeaders(frontend).length === 0 && frontend.clientAddress === null,
  )

const under = <Conditional extends { readonly conditions: readonly string[] }>(
  conditions: readonly string[],
  list: readonly Conditional[],
): readonly Conditional[] =>
  list.map((each) => ({ ...each, conditions: [...conditions, ...each.conditions] }))

interface Part {
  readonly client: Requests
  readonly routing: Routing
  readonly frontend: Frontend
}

const partOf = (frontend: Frontend, context: Context): Part => {
  checkExpressions(frontend, context)
  checkServerNames(frontend, context)
  checkAccessLog(frontend, context)
  noteChunkedBodies(frontend, context)
  noteErrorPages(frontend, context)
  noteCompression(frontend, context)
  noteBuffering(frontend, 'HAProxy', context.findings)
  return { client: clientAddressOf(frontend), routing: routingOf(frontend, context), frontend }
}

const frontendOf = (
  site: Site,
  partsOf: ReadonlyMap<Frontend, Part>,
  context: Context,
): FrontendView => {
  checkClientCertificates(site.frontends, context)
  const shares = sharesOf(site)
  const parts = site.frontends.flatMap((frontend) => {
    const part = partsOf.get(frontend)
    return part ? [{ ...part, conditions: shares.conditionOf(frontend) }] : []
  })
  const rulesOf = (pick: (part: Part) => readonly Rule[]) =>
    parts.flatMap((part) => under(part.conditions, pick(part)))
  const uses = parts.flatMap(({ conditions, routing }) => under(conditions, routing.uses))
  const last = uses.at(-1)
  const isDecided = last?.conditions.length === 0
  const acls = [
    ...shares.acls,
    ...parts.flatMap(({ client, routing }) => [...client.acls, ...routing.acls]),
  ]
  const headers = isAlike(site)
    ? site.frontends.slice(0, 1).flatMap(headerRules)
    : rulesOf(({ frontend }) => headerRules(frontend))
  const looksAtPeer = acls.some(({ sample }) => sample === `var(${peerVariable})`)
  const resetsSource =
    !context.features.setsSourcePerRequest && parts.some(({ client }) => client.acls.length > 0)
  const restricting = parts.filter(({ frontend }) => restrictsPaths(frontend))
  const looksAtPath =
    site.frontends.some(routesByPath) || acls.some(({ sample }) => sample === pathVariable)
  return {
    name: frontendName(
      site.frontends.map(({ name }) => name),
      context.upstreamNames,
    ),
    binds: [...site.listeners].map(([address, listeners]) =>
      bindOf(address, listeners, site.frontends, context),
    ),
    senders: sendersOf(site),
    timeouts: clientTimeoutsOf(site, context),
    errors: errorsOfSite(site, context).map(errorLine),
    log: logView(site, context),
    peer: resetsSource || looksAtPeer ? peerVariable : null,
    resetsSource,
    acls: [...(looksAtPath ? [hidden] : []), ...(restricting.length > 0 ? [inner] : []), ...acls]
      .flatMap(aclLines)
      .map(aclLine),
    rules: [
      noTunnels,
      ...shares.rules,
      ...rulesOf(({ frontend }) => certificateRules(frontend, site.frontends)),
      ...rulesOf(({ frontend }) => requestVariableRules(frontend, context.features)),
      ...rulesOf(({ client }) => client.rules),
      ...(looksAtPath ? pathRules : []),
      ...restricting.map(({ conditions }) =>
        rule({ denyStatus: 400 }, [...conditions, inner.name]),
      ),
      ...rulesOf(({ routing }) => routing.rules),
      ...headers,
      ...rulesOf(({ routing }) => routing.headers),
    ].map(ruleLine),
    uses: isDecided ? uses.slice(0, -1) : uses,
    defaultBackend: isDecided && last ? last.backend : notFound,
    snippets: siteSnippets(site, context),
  }
}

/**
 * HAProxy would bind an address twice and let the kernel share connections out at random, where nginx
 * chooses by host name: so all that listen on an address are one frontend.
 */
export const frontendViews = (context: Context): readonly FrontendView[] => {
  const { cluster } = context
  // Once for each frontend, also when it is part of several sites.
  const parts = new Map(cluster.frontends.map((frontend) => [frontend, partOf(frontend, context)]))
  return sitesOf(cluster.frontends, ({ address }) => bindAddress(address)).map((site) =>
    frontendOf(site, parts, context),
  )
}
