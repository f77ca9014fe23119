import type { UpstreamPair } from '../match.ts'
import { asked, type Modelled } from './ask.ts'
import { bindingOf } from './binding.ts'
import { isConsistent, newHash, sameHash } from './by-hash.ts'
import { byRoute } from './by-route.ts'
import { byTable } from './by-table.ts'
import { balanced, type Expected, unbound } from './expected.ts'
import { type Flow, flowsAtLeast, flowsThatStay, isUnbound, movedIn } from './flow.ts'
import { decisive, type Question } from './question.ts'

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
  /** What the models say besides; null: they were not asked. */
  readonly model: Pick<Modelled, 'failed' | 'spread'> | null
}

const stay = (pair: UpstreamPair, reason: string, model: Modelled | null = null): Routing => ({
  flows: flowsThatStay(pair),
  reason,
  isBroken: false,
  cause: null,
  by: model === null ? 'rule' : 'model',
  model,
})

/** Above, the tables of a hash cost more than the whole output, and a sample of clients misses servers. */
const mostModelled = 1000

const isLarge = ({ before, after }: UpstreamPair): boolean =>
  Math.max(before.servers.length, after.servers.length) > mostModelled

/** A sample can miss the few clients of one server among thousands. */
const completed = (
  { flows }: Modelled,
  { flows: expected, isComputed }: Expected,
  pair: UpstreamPair,
): readonly Flow[] => {
  if (isComputed) return movedIn(flows) === 0 ? flowsAtLeast(pair) : flows
  const seen = new Set(flows.map(({ server }) => server))
  return [...flows, ...expected.filter(({ server }) => !seen.has(server))]
}

const allStay = (flows: readonly Flow[]): boolean => flows.every(({ keeps }) => keeps === 1)

/** What the models say; what is expected where they are not asked. */
const answered = (question: Question, expected: Expected): Routing => {
  const { pair, targets } = question
  const model = isLarge(pair) ? null : asked(question, expected)
  const found = model === null ? expected.flows : completed(model, expected, pair)
  const flows = expected.isUnbound ? found.map((flow) => ({ ...flow, keeps: 0 })) : found
  if (allStay(flows)) {
    if (expected.isComputed) return stay(pair, 'the hash gives each client the same server', model)
    // By their turns, all clients can get to their servers again without naming them.
    if (allStay(expected.flows)) return stay(pair, 'each request names its server', model)
  }
  const method = isConsistent(pair.after, targets.after) ? 'a consistent hash' : 'a hash'
  return {
    flows,
    reason: expected.reason({ title: model?.title ?? method, flows }),
    isBroken: isUnbound(flows),
    cause: expected.cause,
    by: model === null ? 'rule' : 'model',
    model,
  }
}

const isOneServer = ({ before, after }: UpstreamPair): boolean =>
  before.servers.length === 1 && after.servers.length === 1

/** What becomes of the clients of an upstream behind one proxy. */
export const routingOf = (question: Question): Routing => {
  const { pair, targets } = question
  if (isOneServer(pair) && decisive(pair.before) === decisive(pair.after))
    return stay(pair, 'the upstream has one server')
  const after = bindingOf(pair.after, targets.after)
  const before = bindingOf(pair.before, targets.before)
  const answerTo = (expected: Expected | null, unchanged: string): Routing =>
    expected === null ? stay(pair, unchanged) : answered(question, expected)
  switch (after.kind) {
    case 'route':
      return answerTo(byRoute(before, after, question), 'each request names its server')
    case 'table':
      return answerTo(byTable(before, after, question), 'the proxy keeps its table of sessions')
    case 'hash':
      return before.kind === 'hash' && before.title === after.title
        ? answerTo(sameHash(question), 'nothing that the hash is computed from has changed')
        : answered(question, newHash(question))
    default:
      if (before.kind === 'none') return stay(pair, 'requests are not bound to servers')
      return answered(
        question,
        unbound(balanced(pair, 'affinity-removed', 'requests are no longer bound to servers')),
      )
  }
}
