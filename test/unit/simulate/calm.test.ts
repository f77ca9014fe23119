import { expect, test } from 'vitest'
import { backendOf } from '../../../src/core/simulate/haproxy/backend.ts'
import { mapBased } from '../../../src/core/simulate/haproxy/map.ts'
import { byBusyness, byRequests, type Method } from '../../../src/core/simulate/httpd/method.ts'
import { httpdBalancer } from '../../../src/core/simulate/httpd/model.ts'
import type { Event } from '../../../src/core/simulate/model.ts'
import { jvmRoute } from '../../../src/core/simulate/nginx/jvm-route.ts'
import { leastConnections } from '../../../src/core/simulate/nginx/least-connections.ts'
import { methodOf } from '../../../src/core/simulate/nginx/method.ts'
import { nginxBlock } from '../../../src/core/simulate/nginx/model.ts'
import { nextInTurn } from '../../../src/core/simulate/nginx/round-robin.ts'
import { clientAddress } from '../../../src/core/simulate/request.ts'
import { type Open, type Run, run } from '../../../src/core/simulate/run.ts'
import { type SimulatedServer, simulatedServer } from '../../../src/core/simulate/server.ts'
import { fc } from '../../support/fast-check.ts'

/** Where thousands of servers take turns, a model must not look at each of them for every request. */

const states = ['up', 'up', 'up', 'drain', 'down', 'backup'] as const

const servers = fc
  .array(
    fc.record({
      weight: fc.integer({ min: 1, max: 5 }),
      state: fc.constantFrom(...states),
      maxFails: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 2, maxLength: 7 },
  )
  .map((given) =>
    given.map((each, index) =>
      simulatedServer(`s${index}`, `10.0.0.${index}:80`, { route: `s${index}`, ...each }),
    ),
  )

const event = fc.record({
  kind: fc.constantFrom('dies', 'returns', 'noticed'),
  server: fc.integer({ min: 0, max: 6 }).map((index) => `s${index}`),
}) satisfies fc.Arbitrary<Event>

/** A number: a session of this server, from 8 on a new client. */
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ wants: fc.integer({ min: 0, max: 11 }), isSlow: fc.boolean() }),
  },
  { weight: 2, arbitrary: event },
  { weight: 1, arbitrary: fc.record({ seconds: fc.integer({ min: 1, max: 15 }) }) },
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** Who serves each request; with `isConcurrent`, some requests end only after the next one. */
const served = (proxy: Run, steps: readonly Step[], isConcurrent: boolean): readonly unknown[] => {
  let time = 0
  let open: Open | null = null
  return steps.map((each) => {
    if ('seconds' in each) time += each.seconds
    else if ('kind' in each) proxy.happens(each)
    else {
      const cookies = each.wants < 8 ? [{ name: 'SESSION', value: `id.s${each.wants}` }] : []
      const request = { address: clientAddress('10.1.1.1'), cookies, uri: '/', time }
      const answered = proxy.begin(request)
      open?.end({ setCookies: [], bytes: 1 })
      open = null
      if (isConcurrent && each.isSlow) open = answered
      else answered.end({ setCookies: [], bytes: 1 })
      return answered.answer.server
    }
    return null
  })
}

const steps = fc.array(step, { maxLength: 80 })

const session = { cookie: 'SESSION', url: 'session', reverse: true, strict: false }

test.each([
  ['round robin', methodOf(nextInTurn)],
  ['least_conn', leastConnections],
])('nginx with jvm_route and %s: turns choose as weights that are added', (_, method) => {
  fc.assert(
    fc.property(servers, steps, fc.boolean(), (given, what, isConcurrent) => {
      const routes = new Set(given.map(({ route }) => route))
      const model = nginxBlock(method, jvmRoute({ ...session, weighted: true }, routes))
      // A limit that is never reached: the weights are added one by one.
      const limited = given.map((server) => ({ ...server, maxConns: 1000 }))
      expect(served(run(model, given), what, isConcurrent)).toEqual(
        served(run(model, limited), what, isConcurrent),
      )
    }),
    { numRuns: 400 },
  )
})

const sticky = {
  cookie: 'SESSION',
  parameter: 'session',
  endsAtSemicolon: true,
  isWhole: false,
  strict: false,
  ownCookie: null,
}

test.each<[string, Method]>([
  ['byrequests', byRequests],
  ['bybusyness', byBusyness],
])('httpd with %s: turns choose as factors that are added', (_, method) => {
  fc.assert(
    fc.property(servers, steps, fc.boolean(), (given, what, isConcurrent) => {
      const picks = (turns: Method['turns']) =>
        served(run(httpdBalancer({ ...method, turns }, sticky), given), what, isConcurrent)
      expect(picks(method.turns)).toEqual(picks('never'))
    }),
    { numRuns: 400 },
  )
})

/** As HAProxy fills the map of `hash-type map-based`: every score grows in every slot. */
const byScores = (given: readonly SimulatedServer[]): readonly string[] => {
  const usable = given.filter(({ state }) => state === 'up')
  const total = usable.reduce((sum, { weight }) => sum + weight, 0)
  const scores = usable.map(() => 0)
  return Array.from({ length: total }, () => {
    let best = 0
    let most = 0
    for (const [index, { weight }] of usable.entries()) {
      scores[index] = (scores[index] ?? 0) + weight
      const rounded = Math.trunc(((scores[index] ?? 0) + total) / total)
      if (rounded <= most) continue
      most = rounded
      best = index
    }
    scores[best] = (scores[best] ?? 0) - total
    return usable[best]?.name ?? ''
  })
}

test('HAProxy map-based: credits fill the map as scores do', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(weights, (given) => {
      // A weight of 1 keeps the divisor of all weights at 1.
      const all = [1, ...given].map((weight, index) =>
        simulatedServer(`s${index}`, `10.0.0.${index}:80`, { weight }),
      )
      const { slots } = mapBased(() => 0).start(backendOf(all, true))
      expect(slots.map(({ server }) => server.name)).toEqual(byScores(all))
    }),
    { numRuns: 400 },
  )
})
