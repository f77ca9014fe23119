import { expect } from 'vitest'
import type { Ask } from './ask.ts'
import type { Balancer } from './balancer.ts'

/**
 * What becomes of a session: the server that it is pinned to; or `NEW` and `MISS`, then with the
 * route of the request, which no server has.
 */
export type Fate = readonly [ask: Ask, fate: string, route?: string]

/** What a row is called in the report. */
export const titleOf = ([{ path = '/', session, headers }, fate]: Fate): string => {
  const cookie = headers?.['Cookie'] ?? (session === undefined ? '' : `JSESSIONID=${session}`)
  const text = `${path} ${cookie && `[${cookie}]`}`
  return `${text.length > 120 ? `${text.slice(0, 60)}…${text.slice(-30)}` : text} → ${fate}`
}

/**
 * The method below, in blocks of three servers of the same weight: it sends each of these keys to
 * another one, whatever went before, so that every server is seen when a session is not pinned.
 */
export const spread = 'hash $http_x_key;'
const keys: readonly string[] = ['user1', 'ABC123.node1', 'a']

/** Asks once with each key: a pinned session comes to its server every time. */
export const expectFate = async (
  balancer: Balancer,
  upstream: string,
  [ask, fate, route]: Fate,
): Promise<void> => {
  const answers = []
  for (const key of keys) {
    answers.push(
      await balancer.ask(upstream, { ...ask, headers: { ...ask.headers, 'X-Key': key } }),
    )
  }
  const seen = answers.map(({ status, by, verdict, route }) => ({ status, by, verdict, route }))
  const isPinned = fate !== 'NEW' && fate !== 'MISS'
  expect(seen).toEqual(
    isPinned
      ? keys.map(() => ({ status: 200, by: fate, verdict: 'HIT', route: route ?? fate }))
      : ['a', 'b', 'c'].map((by) => ({ status: 200, by, verdict: fate, route: route ?? '' })),
  )
}
