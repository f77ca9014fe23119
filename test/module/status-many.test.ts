import { beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { type Load, startLoad } from './support/load.ts'
import { overVariant, type Variant } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { parsePrometheus } from './support/prometheus.ts'
import { readStatus, statusOf } from './support/status.ts'
import { parseStatusText } from './support/status-text.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

const count = 10_000

/** The numbers that an upstream has as a whole; all others are there for each server. */
const ofUpstream: readonly string[] = ['generation', 'current_peer', 'uncounted'].map(
  (name) => `nginx_jvm_route_${name}`,
)

/** Addresses without a server, all different. */
const nowhere = Array.from({ length: count - 3 }, (_, index) => ({
  at: `127.${100 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}:1`,
  id: `server-with-a-rather-long-name-${index}`,
  more: 'backup',
}))

const manyServers = (variant: Variant): void => {
  describe(`${count} servers`, () => {
    let balancer: Balancer
    let load: Load
    let expected: readonly { readonly address: string; readonly id: string }[]

    beforeAll(async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const [a, b, c] = stubs
      const all = [named(a), named(b), named(c), ...nowhere]
      expected = all.map(({ at, id = '' }) => ({
        address: typeof at === 'string' ? at : at.address,
        id,
      }))
      const app = [...members(variant, all), route]
      balancer = await startBalancer(variant, { stubs, upstreams: { app }, workers: 2 })
      load = startLoad(4, (turn) => balancer.ask('app', pinned(['a', 'b', 'c'][turn % 3] ?? 'a')))
      return async () => {
        await load.stop()
      }
    }, 300_000)

    const times = 3
    /** Reads it while requests arrive; its values cannot be from an earlier or later time. */
    const duringRequests = async <T>(
      read: () => Promise<T>,
      requestsIn: (status: T) => number,
    ): Promise<readonly T[]> => {
      const all: T[] = []
      for (let time = 0; time < times; time++) {
        const before = load.answers()
        const status = await read()
        // Four may have been sent and not be answered yet.
        expect(requestsIn(status)).toBeGreaterThanOrEqual(before)
        expect(requestsIn(status)).toBeLessThanOrEqual(load.answers() + 4)
        all.push(status)
      }
      return all
    }

    test('json', async () => {
      const pages = await duringRequests(
        () => statusOf(balancer, 'app'),
        ({ requests }) => requests,
      )
      for (const { servers } of pages) {
        expect(servers.map(({ address, srun_id: id }) => ({ address, id }))).toEqual(expected)
      }
    })

    test('text', async () => {
      const pages = await duringRequests(
        async () => parseStatusText(await readStatus(balancer, 'app', 'text')),
        ({ requests }) => requests,
      )
      for (const { servers } of pages) {
        expect(servers.map(({ address, srun_id: id }) => ({ address, id }))).toEqual(expected)
      }
    })

    test('prometheus', async () => {
      const name = 'nginx_jvm_route_requests_total'
      const pages = await duringRequests(
        async () => parsePrometheus(await readStatus(balancer, 'app', 'prometheus')),
        (families) =>
          families.get(name)?.samples.reduce((sum, { value }) => sum + value, 0) ?? Number.NaN,
      )
      for (const families of pages) {
        const ofServers = [...families].filter(([family]) => !ofUpstream.includes(family))
        expect(ofServers.length).toBe(families.size - ofUpstream.length)
        for (const [, { samples }] of ofServers) {
          const servers = samples.map(({ labels }) => ({
            address: labels['server'],
            id: labels['srun_id'],
          }))
          expect(servers).toEqual(expected)
        }
      }
    })

    test('several requests at once, and a client that disconnects during the response', {}, async () => {
      const formats = ['json', 'text', 'prometheus', 'json'] as const
      const leaving = balancer
        .ask('status', { path: '/app/prometheus', patience: 30 })
        .catch((error: Error) => error.name)
      const pages = await Promise.all(formats.map((format) => readStatus(balancer, 'app', format)))
      for (const page of pages)
        expect(page).toContain(`server-with-a-rather-long-name-${count - 4}`)
      await leaving
      expect(load.failures()).toEqual({})
    })
  })
}

overVariant('1.22', 'sanitized', manyServers)
overVariant('1.28', 'dynamic', manyServers)
