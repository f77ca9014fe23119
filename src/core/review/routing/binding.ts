import { nginxForm } from '../../dialects/nginx/affinity/form.ts'
import { isSpread } from '../../lint/sessions.ts'
import { formatAddress } from '../../model/address.ts'
import type { Affinity } from '../../model/affinity.ts'
import type { Server, Upstream } from '../../model/cluster.ts'
import { sessionCookiesOf } from '../../model/session-cookie.ts'
import type { Target } from '../../model/target.ts'

/** How a proxy finds the server of a client. */
export type Binding =
  /** Any server gets any request. */
  | { readonly kind: 'none' }
  /** The request names the server. */
  | {
      readonly kind: 'route'
      /** What of the request names it: equal texts read the same values. */
      readonly from: string
      /** Session ids end with the route already: applications write it, not the proxy. */
      readonly isInSessionId: boolean
      /** By what the request names a server. */
      readonly by: 'route' | 'address'
      /** The cookie that is read, if the application sends another one; else null. */
      readonly unread: string | null
    }
  /** The server is computed from the request. */
  | { readonly kind: 'hash'; readonly title: string }
  /** The proxy stores the server of each session. */
  | {
      readonly kind: 'table'
      readonly from: string
      /** After which steps of the proxy the table is still there. */
      readonly keptOver: ReadonlySet<'reload' | 'restart'>
      /** By what the table names a server. */
      readonly by: 'route' | 'name'
    }

const sameName = (one: string, other: string, target: Target): boolean =>
  target.dialect === 'nginx' ? one.toLowerCase() === other.toLowerCase() : one === other

/** The cookie of an affinity by session ids if the application sends another one. */
const unreadCookie = (cookie: string, { app }: Upstream, target: Target): string | null => {
  const sent = sessionCookiesOf(app)
  return sent.length === 0 || sent.some((name) => sameName(name, cookie, target)) ? null : cookie
}

/** `mode: prefix` writes the route in front of the session id, where the other forms do not look. */
const jvmRoute = (
  affinity: Extract<Affinity, { readonly method: 'jvm_route' }>,
  upstream: Upstream,
  target: Target,
): Binding => {
  const isPrefixed = affinity.mode === 'prefix' && target.dialect === 'haproxy'
  return {
    kind: 'route',
    from: isPrefixed
      ? `prefix of cookie ${affinity.cookie}`
      : `session id in cookie ${affinity.cookie}, ${affinity.reverse ? 'last' : 'first'} part`,
    isInSessionId: !isPrefixed && affinity.reverse && upstream.app.runtime === 'tomcat',
    by: 'route',
    unread: unreadCookie(affinity.cookie, upstream, target),
  }
}

const stickyCookie = (
  affinity: Extract<Affinity, { readonly method: 'sticky'; readonly by: 'cookie' }>,
  upstream: Upstream,
  target: Target,
): Binding => {
  const { cookie, mode } = affinity
  if (target.dialect !== 'nginx')
    return {
      kind: 'route',
      from: `cookie ${cookie}, ${target.dialect === 'haproxy' ? mode : 'insert'}`,
      isInSessionId: false,
      by: 'route',
      unread: mode === 'prefix' ? unreadCookie(cookie, upstream, target) : null,
    }
  const form = nginxForm(upstream, target)
  if (form?.via === 'maps') return { kind: 'hash', title: 'userid' }
  const by = form?.usesRoutes === false ? 'address' : 'route'
  const from = `cookie ${cookie} of ${form?.title ?? 'nginx'}`
  return { kind: 'route', from, isInSessionId: false, by, unread: null }
}

/** A reloaded nginx keeps a zone of the same size. HAProxy learns from its peers; a process that ends is one. */
const tableSurvives = (target: Target): readonly ('reload' | 'restart')[] => {
  if (target.dialect !== 'haproxy') return ['reload']
  if (target.peers.length === 0) return []
  return target.peers.length === 1 ? ['reload'] : ['reload', 'restart']
}

const learn = (
  affinity: Extract<Affinity, { readonly method: 'sticky'; readonly by: 'learn' }>,
  { name }: Upstream,
  target: Target,
): Binding => ({
  kind: 'table',
  // nginx finds the table of the last configuration by its name and size.
  from: JSON.stringify([affinity.create, affinity.lookup, affinity.zone, name]),
  keptOver: new Set(tableSurvives(target)),
  by: target.dialect === 'haproxy' ? 'name' : 'route',
})

export const bindingOf = (upstream: Upstream, target: Target): Binding => {
  const { affinity, balance } = upstream
  switch (affinity.method) {
    case 'none':
      return balance.kind === 'hash' && !isSpread(upstream)
        ? { kind: 'hash', title: 'hash' }
        : { kind: 'none' }
    case 'ip_hash':
    case 'hash':
      return { kind: 'hash', title: affinity.method }
    case 'jvm_route':
      return jvmRoute(affinity, upstream, target)
    default:
  }
  if (affinity.by === 'cookie') return stickyCookie(affinity, upstream, target)
  if (affinity.by === 'learn') return learn(affinity, upstream, target)
  const from = `route in ${affinity.from.join(', ')}`
  return { kind: 'route', from, isInSessionId: false, by: 'route', unread: null }
}

/** What a request names a server by. */
export const idOf = (server: Server, by: 'route' | 'address' | 'name'): string =>
  by === 'address' ? formatAddress(server.address) : server[by]

/** The servers that get requests without a session; those for emergencies if there are no others. */
export const usableServers = (servers: readonly Server[]): readonly Server[] => {
  const up = servers.filter(({ state }) => state === 'up')
  return up.length > 0 ? up : servers.filter(({ state }) => state === 'backup')
}

/** The share of new clients of each server, by its weight. */
export const sharesByWeight = (servers: readonly Server[]): ReadonlyMap<Server, number> => {
  const usable = usableServers(servers)
  const total = usable.reduce((sum, { weight }) => sum + weight, 0)
  return new Map(usable.map((server) => [server, server.weight / total]))
}
