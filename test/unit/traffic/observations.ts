import type { Observation } from '../../../src/core/traffic/exchange.ts'

/** An observation of nothing in particular, but for what is given. */
export const observed = (given: Partial<Observation> = {}): Observation => ({
  client: 0,
  phase: 'before',
  atMs: 0,
  tookMs: 1,
  status: 200,
  failure: null,
  server: null,
  session: null,
  route: null,
  count: null,
  upgrade: null,
  ...given,
})

/** One client's requests, one after another; a dash is a request that failed. */
export const visits = (
  client: number,
  servers: readonly string[],
  given: Partial<Observation> = {},
): readonly Observation[] =>
  servers.map((server, index) =>
    observed({
      client,
      atMs: index * 10,
      ...given,
      ...(server === '-' ? { status: 502, server: null } : { server }),
    }),
  )
