import type { Upstream } from '../../../model/cluster.ts'
import type { SnippetView } from '../../../snippets/marked.ts'
import { isPrefix } from '../../location-order.ts'
import { affinityView } from '../affinity/index.ts'
import type { CookiePathView, CookieView, StickView } from '../affinity/view.ts'
import type { Context } from '../context.ts'
import { type ErrorView, errorsOfUpstream } from '../error-pages.ts'
import { statusBackendName, userlistName } from '../names.ts'
import { type Acl, aclLines, type Rule } from '../rules.ts'
import { haproxySnippetViews } from '../snippets/views.ts'
import { balanceOf, serverIds } from './balance.ts'
import { type CheckView, checkHosts, checkOf, type HttpCheckView, httpCheckOf } from './checks.ts'
import { compressedTypes } from './compression.ts'
import { type ConnectionsView, connectionsOf } from './connections.ts'
import { type FailoverView, failoverOf, noteFails } from './failures.ts'
import { noteServers, type ServerView, serverViews } from './servers.ts'
import { type TimeoutsView, timeoutsOf } from './timeouts.ts'

export interface BackendView {
  readonly name: string
  readonly timeouts: TimeoutsView
  readonly errors: readonly ErrorView[]
  /** Media types; empty: no compression. */
  readonly compressed: readonly string[]
  /** Words after `balance`. */
  readonly balance: readonly string[]
  readonly isConsistent: boolean
  readonly failover: FailoverView
  readonly connections: ConnectionsView
  readonly cookie: CookieView | null
  readonly cookiePath: CookiePathView | null
  readonly stick: StickView | null
  readonly usesServer: boolean
  /** HAProxy would use the first backup only. */
  readonly usesAllBackups: boolean
  readonly acls: readonly Acl[]
  readonly rules: readonly Rule[]
  readonly httpCheck: HttpCheckView | null
  readonly check: CheckView | null
  /** Idle connections kept for each server, as text because 0 is a number of them; null: HAProxy's default. */
  readonly idle: string | null
  /** The servers speak FastCGI, by the section of this name. */
  readonly fastcgi: string | null
  readonly servers: readonly ServerView[]
  readonly snippets: readonly SnippetView[]
}

/** @param hosts the Host header of checks, by upstream. */
export const backendOf = (
  upstream: Upstream,
  hosts: ReadonlyMap<string, string>,
  context: Context,
): BackendView => {
  const { balance, isConsistent, rules } = balanceOf(upstream, context)
  const affinity = affinityView(upstream, context)
  const options = {
    hasCookies: affinity.cookie !== null,
    ids: isConsistent ? serverIds(upstream.servers) : null,
  }
  const timeouts = timeoutsOf(upstream, context)
  noteServers(upstream, context)
  noteFails(upstream, context)
  return {
    name: upstream.name,
    timeouts: timeouts.view,
    errors: errorsOfUpstream(upstream, context),
    compressed: compressedTypes(upstream, context),
    balance,
    isConsistent,
    failover: failoverOf(upstream, context),
    connections: connectionsOf(upstream, context),
    cookie: affinity.cookie,
    cookiePath: affinity.cookiePath,
    stick: affinity.stick,
    usesServer: affinity.usesServer,
    usesAllBackups: upstream.servers.filter(({ state }) => state === 'backup').length > 1,
    acls: affinity.acls.flatMap(aclLines),
    rules: [...timeouts.rules, ...rules, ...affinity.rules],
    httpCheck: httpCheckOf(upstream, hosts),
    check: checkOf(upstream, context),
    fastcgi: upstream.protocol === 'fastcgi' ? upstream.name : null,
    idle: upstream.keepalive === null ? null : String(upstream.keepalive),
    servers: serverViews(upstream, options, context),
    snippets: haproxySnippetViews(upstream.snippets, 'backend'),
  }
}

export const backendViews = (context: Context): readonly BackendView[] => {
  const hosts = checkHosts(context)
  return context.cluster.upstreams.map((upstream) => backendOf(upstream, hosts, context))
}

/** HAProxy's statistics page for one upstream, in a separate backend. */
export interface StatusView {
  readonly name: string
  readonly uri: string
  readonly scope: string
  /** The list of users that can log in; null: no login. */
  readonly login: string | null
}

export const statusViews = ({ cluster: { frontends }, target }: Context): readonly StatusView[] =>
  frontends.flatMap((frontend) =>
    frontend.locations.flatMap((location) => {
      const { action, match } = location
      if (action.kind !== 'status') return []
      const isPath = isPrefix(location) || match.kind === '='
      return [
        {
          name: statusBackendName(frontend.name, location),
          // The links on the page point to this path.
          uri: isPath ? match.pattern : '/',
          scope: action.upstream.name,
          login: target.stats === null ? null : userlistName,
        },
      ]
    }),
  )
