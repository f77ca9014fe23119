import { formatAddress } from '../../model/address.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import type { UpstreamPair } from '../match.ts'
import { named } from '../shares.ts'
import type { Pair } from '../side.ts'
import { type Binding, bindingOf } from './binding.ts'
import {
  type Flow,
  flowsAtLeast,
  flowsAtRandom,
  flowsByRoute,
  flowsThatStay,
  movedIn,
} from './flow.ts'
import { type Modelled, type Models, modelled, type PopulationShape } from './model.ts'

/** What becomes of the clients of an upstream on their next request. */
export interface Routing {
  readonly flows: readonly Flow[]
  /** One sentence. */
  readonly reason: string
  /** The affinity does not find the servers of sessions at all: each request may go to another server. */
  readonly isBroken: boolean
  /** The cause, as the code of a risk; null: every client stays. */
  readonly cause: string | null
  readonly by: 'model' | 'rule'
  /** What the models say besides; null: a rule decides. */
  readonly model: Pick<Modelled, 'failed' | 'spread'> | null
}

/** Everything of an upstream that decides which server gets a request; names are not part of it. */
const decisive = ({ affinity, balance, servers }: Upstream): string =>
  JSON.stringify([
    { ...affinity, path: null, via: null, onFailure: null },
    balance,
    servers.map(({ address, route, state, weight }) => [
      formatAddress(address),
      route,
      state,
      weight,
    ]),
  ])

const stay = (pair: UpstreamPair, reason: string): Routing => ({
  flows: flowsThatStay(pair),
  reason,
  isBroken: false,
  cause: null,
  by: 'rule',
  model: null,
})

const atRandom = (pair: UpstreamPair, cause: string, reason: string): Routing => ({
  flows: flowsAtRandom(pair),
  reason,
  isBroken: false,
  cause,
  by: 'rule',
  model: null,
})

const isOneServer = ({ before, after }: UpstreamPair): boolean =>
  before.servers.length === 1 && after.servers.length === 1

/** Where the client address comes from, for the frontends that lead to an upstream. */
const addressSources = ({ frontends }: Cluster, upstream: Upstream): string =>
  JSON.stringify(
    frontends
      .filter(({ locations }) =>
        locations.some(({ action }) => action.kind === 'proxy' && action.upstream === upstream),
      )
      .map(({ clientAddress, proxyProtocol }) => [
        clientAddress?.trust ?? null,
        clientAddress?.header ?? null,
        proxyProtocol?.trust ?? null,
      ]),
  )

/** Releases can compute the same hash in another way. */
const isSameRelease = ({ before, after }: Pair<Target>): boolean =>
  before.version.text === after.version.text

/** Whether the server of a request follows from the address of its client. */
export const readsAddress = ({ affinity, balance }: Upstream): boolean => {
  if (affinity.method === 'ip_hash') return true
  const key = affinity.method === 'hash' ? affinity.key : balance.kind === 'hash' ? balance.key : ''
  return /\$\{?(?:binary_)?remote_addr/.test(key)
}

const products = { nginx: 'nginx', haproxy: 'HAProxy', httpd: 'httpd' } as const

/** Whether a proxy that chooses servers by client address takes another address for it than before. */
export const hasOtherAddresses = (
  { before, after }: UpstreamPair,
  clusters: Pair<Cluster>,
): boolean =>
  readsAddress(after) &&
  addressSources(clusters.before, before) !== addressSources(clusters.after, after)

/** What a hash does with a changed list of servers. */
const hashReason = (target: Target, title: string): string =>
  title.includes('consistent')
    ? `${products[target.dialect]} uses ${title}, with which only clients of changed servers move`
    : `${products[target.dialect]} uses ${title}: the server follows from the hash and the list of servers with their weights, which changes`

/** What the parts of a review about routing have in common. */
interface Question {
  readonly pair: UpstreamPair
  readonly targets: Pair<Target>
  readonly clusters: Pair<Cluster>
  /** The proxy reads its configuration again. */
  readonly isReloaded: boolean
  readonly models: Models
}

/** Above, the tables of a hash cost more than the whole output, and a sample of clients misses servers. */
const mostModelled = 1000

const isLarge = ({ before, after }: UpstreamPair): boolean =>
  Math.max(before.servers.length, after.servers.length) > mostModelled

const isConsistent = ({ affinity, balance }: Upstream, { dialect }: Target): boolean => {
  if (affinity.method === 'hash') return affinity.consistent
  if (affinity.method === 'ip_hash') return dialect === 'haproxy'
  return balance.kind === 'hash' && balance.consistent
}

/** What a hash does with very many servers: a consistent one moves as few clients as possible. */
const expected = ({ pair, targets }: Question, cause: string, reason: string): Routing => {
  const routing = atRandom(pair, cause, reason)
  return cause === 'hash-changed' && isConsistent(pair.after, targets.after)
    ? { ...routing, flows: flowsAtLeast(pair) }
    : routing
}

/** What the models say; what is expected where they are not asked. */
const byModel = (
  question: Question,
  shape: PopulationShape,
  cause: string,
  reasonFor: (title: string) => string,
): Routing => {
  const { pair, targets, clusters, models } = question
  const model = isLarge(pair) ? null : modelled(pair, targets, clusters, shape, models)
  if (model === null) {
    const method = isConsistent(pair.after, targets.after) ? 'a consistent hash' : 'a hash'
    return expected(question, cause, reasonFor(method))
  }
  // A sample can miss the few clients of one server among thousands.
  const flows = movedIn(model.flows) === 0 ? flowsAtLeast(pair) : model.flows
  if (movedIn(flows) === 0)
    return { ...stay(pair, 'the hash gives each client the same server'), by: 'model', model }
  return {
    flows,
    reason: reasonFor(model.title),
    isBroken: false,
    cause,
    by: 'model',
    model,
  }
}

/** A hash of the same kind: its method, key or servers may have changed. */
const byHash = (question: Question): Routing => {
  const { pair, clusters, targets } = question
  const { before, after } = pair
  if (hasOtherAddresses(pair, clusters))
    return byModel(
      question,
      'cdn',
      'client-address-changed',
      (title) =>
        `${title} is computed from the client address, and ${products[targets.after.dialect]} takes another address for it`,
    )
  if (decisive(before) === decisive(after) && isSameRelease(targets))
    return stay(pair, 'nothing that the hash is computed from has changed')
  return byModel(question, 'internet', 'hash-changed', (title) => hashReason(targets.after, title))
}

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

const routeReason = (flows: readonly Flow[]): string => {
  const away = flows.filter(({ stays }) => stays < 1).map(({ server }) => server.name)
  return away.length === 0
    ? 'each request names its server'
    : `requests name their server, and those that name ${named(away)} go to other servers`
}

const byRoute = (before: Binding, after: RouteBinding, pair: UpstreamPair): Routing => {
  if (after.unread !== null)
    return {
      ...atRandom(
        pair,
        'routes-unreadable',
        `the proxy reads the cookie ${after.unread}, which the application does not send`,
      ),
      isBroken: true,
    }
  if (!isRead(before, after, pair)) {
    const routing = atRandom(
      pair,
      before.kind === 'route' ? 'affinity-cookie-renamed' : 'method-changed',
      'requests of existing sessions do not name their server in the way that the proxy reads now',
    )
    return { ...routing, isBroken: hasOtherSessionCookie(pair) }
  }
  const by = before.kind === 'route' ? before.by : 'route'
  const flows = flowsByRoute(pair, by, after.by)
  return {
    flows,
    reason: routeReason(flows),
    isBroken: false,
    cause: 'route-lost',
    by: 'rule',
    model: null,
  }
}

const byTable = (
  before: Binding,
  after: Extract<Binding, { readonly kind: 'table' }>,
  pair: UpstreamPair,
  isReloaded: boolean,
): Routing => {
  if (before.kind !== 'table')
    return atRandom(pair, 'method-changed', 'the table of the proxy has no existing session yet')
  if (before.from !== after.from)
    return atRandom(pair, 'table-lost', 'the proxy begins a new table of sessions')
  if (isReloaded && !after.keptOverReload)
    return atRandom(pair, 'table-lost', 'HAProxy loses its table of sessions with a reload')
  return {
    flows: flowsByRoute(pair, before.by, after.by),
    reason: 'the proxy keeps its table of sessions over a reload',
    isBroken: false,
    cause: 'route-lost',
    by: 'rule',
    model: null,
  }
}

const methodReason = 'clients are distributed by a hash that did not decide before'

/** What becomes of the clients of an upstream behind one proxy. */
export const routingOf = (question: Question): Routing => {
  const { pair, targets, isReloaded } = question
  if (isOneServer(pair) && decisive(pair.before) === decisive(pair.after))
    return stay(pair, 'the upstream has one server')
  const after = bindingOf(pair.after, targets.after)
  const before = bindingOf(pair.before, targets.before)
  switch (after.kind) {
    case 'route':
      return byRoute(before, after, pair)
    case 'table':
      return byTable(before, after, pair, isReloaded)
    case 'hash':
      return before.kind === 'hash' && before.title === after.title
        ? byHash(question)
        : byModel(question, 'internet', 'method-changed', () => methodReason)
    default:
      return before.kind === 'none'
        ? stay(pair, 'requests are not bound to servers')
        : {
            ...atRandom(pair, 'affinity-removed', 'requests are no longer bound to servers'),
            isBroken: pair.after.servers.length > 1,
          }
  }
}
