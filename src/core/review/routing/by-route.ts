import type { UpstreamPair } from '../match.ts'
import { named } from '../shares.ts'
import type { Binding } from './binding.ts'
import { balanced, type Expected, unbound } from './expected.ts'
import { type Flow, flowsByRoute } from './flow.ts'
import { decisive, type Question } from './question.ts'

type RouteBinding = Extract<Binding, { readonly kind: 'route' }>

/** Whether requests that were served before name their server in a way that is read after the change. */
const isRead = (before: Binding, after: RouteBinding, pair: UpstreamPair): boolean =>
  (before.kind === 'route' && before.from === after.from) ||
  // Tomcat writes its route into session ids, whatever the proxy reads.
  (after.isInSessionId && pair.before.app.runtime === 'tomcat')

/**
 * Whether the affinity by session ids reads another cookie, of an application that the spec does not name: it
 * sends the old one and is never found, or a new one and does not find its sessions.
 */
const hasOtherSessionCookie = ({ before, after }: UpstreamPair): boolean =>
  before.affinity.method === 'jvm_route' &&
  after.affinity.method === 'jvm_route' &&
  before.affinity.cookie !== after.affinity.cookie &&
  before.app.runtime === 'none' &&
  after.app.runtime === 'none'

/** @param flows as expected: those of clients that name no server depend on what others do. */
const routeReason = (flows: readonly Flow[]): string => {
  const away = flows.filter(({ stays }) => stays < 1)
  if (away.length === 0) return 'each request names its server'
  const names = named(away.map(({ server }) => server.name))
  return away.every(({ stays }) => stays === 0)
    ? `requests name their server, and those that name ${names} go to other servers`
    : `requests name their server, and those of clients of ${names} name none that exists: they are balanced as those of new clients`
}

/** Requests name their server; null: they do so as before, and no server has changed. */
export const byRoute = (
  before: Binding,
  after: RouteBinding,
  { pair }: Question,
): Expected | null => {
  if (after.unread !== null)
    return unbound(
      balanced(
        pair,
        'routes-unreadable',
        `the proxy reads the cookie ${after.unread}, which the application does not send`,
      ),
    )
  if (!isRead(before, after, pair)) {
    const expected = balanced(
      pair,
      before.kind === 'route' ? 'affinity-cookie-renamed' : 'method-changed',
      'requests of existing sessions do not name their server in the way that the proxy reads now',
    )
    return hasOtherSessionCookie(pair) ? unbound(expected) : expected
  }
  const by = before.kind === 'route' ? before.by : 'route'
  if (by === after.by && decisive(pair.before) === decisive(pair.after)) return null
  const flows = flowsByRoute(pair, by, after.by)
  return {
    cause: 'route-lost',
    reason: () => routeReason(flows),
    flows,
    shape: 'internet',
    isComputed: false,
    isUnbound: false,
  }
}
