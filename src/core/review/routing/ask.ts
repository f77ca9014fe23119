import { formatAddress } from '../../model/address.ts'
import { type App, storeOf } from '../../model/app.ts'
import type { Upstream } from '../../model/cluster.ts'
import { sessionCookiesOf } from '../../model/session-cookie.ts'
import { sessionsIn } from '../../model/size.ts'
import { type Audience, type Rollout, rollOut } from '../../simulate/rollout.ts'
import { type Simulated, simulatedUpstream } from '../../simulate/upstream/simulated.ts'
import type { UpstreamPair } from '../match.ts'
import type { Expected } from './expected.ts'
import type { Flow } from './flow.ts'
import type { Answer } from './models.ts'
import type { Question } from './question.ts'

/** What the models of `simulate` say about the clients of an upstream. */
export interface Modelled {
  readonly flows: readonly Flow[]
  readonly failed: number
  readonly spread: Rollout['spread']
  /** As the target writes the method after the change: `ip_hash`. */
  readonly title: string
}

interface Count {
  clients: number
  stay: number
  /** A client that stayed has gone on to another server. */
  isLeft: boolean
}

const flowsIn = ({ before }: UpstreamPair, { journeys }: Rollout): Answer['flows'] => {
  const numbers = new Map(
    before.servers.map(({ address }, number) => [formatAddress(address), number] as const),
  )
  const counts = new Map<number, Count>()
  for (const { before: home, next, again } of journeys) {
    const server = home === null ? undefined : numbers.get(home)
    if (server === undefined) continue
    const count = counts.get(server) ?? { clients: 0, stay: 0, isLeft: false }
    counts.set(server, count)
    count.clients += 1
    if (next !== home) continue
    count.stay += 1
    if (again !== home) count.isLeft = true
  }
  return [...counts].map(([server, { clients, stay, isLeft }]) => ({
    server,
    share: clients / journeys.length,
    stays: stay / clients,
    keeps: isLeft ? 0 : stay / clients,
  }))
}

const cookiesAndStore = (app: App): unknown => [
  app.runtime,
  sessionCookiesOf(app),
  app.runtime === 'none' ? null : [app.sessions.store, storeOf(app)?.name],
]

/** What the routing of an upstream depends on, but for the names and addresses of its servers. */
const formOf = ({ pair, targets, step, restarted }: Question): string => {
  const { before, after, servers } = pair
  const numbers = new Map(before.servers.map((server, number) => [server, number]))
  const routes = new Map(before.servers.map(({ route }, number) => [route, number]))
  const sameAs = new Map(servers.map((match) => [match.after, match.before]))
  const restarts = new Set(restarted)
  const sideOf = ({ affinity, app, balance, servers: own }: Upstream): unknown => [
    { ...affinity, path: null },
    balance,
    cookiesAndStore(app),
    own.map((server) => {
      const origin = sameAs.get(server) ?? null
      return [
        server.weight,
        server.state,
        routes.get(server.route) ?? null,
        origin === null ? null : (numbers.get(origin) ?? null),
        origin !== null && formatAddress(origin.address) === formatAddress(server.address),
        restarts.has(server.name),
      ]
    }),
  ]
  return JSON.stringify([
    targets.before.version.text,
    targets.after.version.text,
    targets.after.dialect,
    step,
    sideOf(before),
    sideOf(after),
  ])
}

const capacityOf = ({ affinity }: Upstream): number =>
  affinity.method === 'sticky' && affinity.by === 'learn'
    ? sessionsIn(affinity.zone)
    : Number.POSITIVE_INFINITY

/** A process that ends takes with it what it has learned. */
const restartedProxy = (simulated: Simulated): Simulated => ({
  ...simulated,
  start: () => simulated.start(),
})

const answer = (question: Question, audience: Audience): Answer | null => {
  const { pair, targets, clusters, step, restarted } = question
  const before = simulatedUpstream(clusters.before, pair.before, targets.before)
  const after = simulatedUpstream(clusters.after, pair.after, targets.after)
  if (before === null || after === null) return null
  const next = step === 'restart' ? restartedProxy(after) : after
  const found = rollOut(before, next, audience, restarted)
  const sharesOf = (
    { servers }: Upstream,
    spread: Readonly<Record<string, number>>,
  ): readonly number[] => servers.map(({ name }) => spread[name] ?? 0)
  return {
    flows: flowsIn(pair, found),
    failed: found.failed,
    spread: {
      before: sharesOf(pair.before, found.spread.before),
      after: sharesOf(pair.after, found.spread.after),
    },
    title: after.title,
  }
}

/**
 * Sends clients to both configurations of an upstream.
 * @returns null: a target refuses the upstream.
 */
export const asked = (
  question: Question,
  { shape, isComputed }: Pick<Expected, 'shape' | 'isComputed'>,
): Modelled | null => {
  const { before, after } = question.pair
  const { answerOf, audienceOf } = question.models
  const servers = Math.max(before.servers.length, after.servers.length)
  const capacity = Math.min(capacityOf(before), capacityOf(after))
  const found = answerOf(`${shape} ${formOf(question)}`, !isComputed, () =>
    answer(question, audienceOf({ shape, servers, hasBusy: !isComputed, capacity })),
  )
  if (found === null) return null
  const named = (upstream: Upstream, shares: readonly number[]): Record<string, number> =>
    Object.fromEntries(upstream.servers.map(({ name }, number) => [name, shares[number] ?? 0]))
  return {
    flows: found.flows.flatMap((flow) => {
      const server = before.servers[flow.server]
      return server === undefined ? [] : [{ ...flow, server }]
    }),
    failed: found.failed,
    spread: {
      before: named(before, found.spread.before),
      after: named(after, found.spread.after),
    },
    title: found.title,
  }
}
