import { beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { checkUpstream } from './support/config-check.ts'
import { overVariants, type Variant } from './support/over-variants.ts'
import { askTimes, pinned, route } from './support/pinned.ts'
import { parsePrometheus } from './support/prometheus.ts'
import {
  type Format,
  readStatus,
  type ServerStatus,
  type Status,
  statusOf,
} from './support/status.ts'
import { parseStatusText } from './support/status-text.ts'
import { type Stub, startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

const formats: readonly Format[] = ['text', 'json', 'prometheus']
const types = {
  text: 'text/plain',
  json: 'application/json',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
}

overVariants('some', (variant) => {
  describe('the state of servers after requests', () => {
    let balancer: Balancer
    let status: Status
    let stubs: readonly Stub[]
    const start = Math.floor(Date.now() / 1000)

    beforeAll(async () => {
      stubs = await startStubs('a', 'b', 'c', 'y')
      const [a, b, c, y] = stubs as [Stub, Stub, Stub, Stub]
      const servers = [
        named(a, 'weight=5'),
        named(b, 'weight=3 max_fails=0'),
        { at: c, more: 'down' },
        named(y, 'backup max_fails=7'),
      ]
      const app = [...members(variant, servers), route]
      balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      await askTimes(balancer, 3, pinned('a'))
      await askTimes(balancer, 2, pinned('b'))
      await b.kill()
      await askTimes(balancer, 4, pinned('b'))
      await askTimes(balancer, 1, pinned('y'))
      await b.revive()
      await askTimes(balancer, 8)
      status = await statusOf(balancer, 'app')
    })

    test('json', () => {
      const known = status.servers.map(
        ({ last_request: _, last_failure: __, effective_weight: ___, ...server }) => server,
      )
      const [a, b, c, y] = stubs.map(({ address }) => address)
      const common = { drain: false, active: 0, max_busy: 0, fails: 0, max_fails: 1 }
      const nothing = { requests: 0, hits: 0, failovers: 0, failures: 0 }
      const [first, second] = known
      expect(first).toEqual({
        ...common,
        ...{ peer: 1, address: a, srun_id: 'a', backup: false, down: false, weight: 5 },
        ...{ requests: first?.requests, hits: 3, failovers: 0, failures: 0 },
      })
      // Two that it served, four that it could not.
      expect(second).toEqual({
        ...common,
        ...{ peer: 2, address: b, srun_id: 'b', backup: false, down: false, weight: 3 },
        ...{ max_fails: 0, fails: second?.fails },
        ...{ requests: second?.requests, hits: 6, failovers: 4, failures: 4 },
      })
      expect(known.slice(2)).toEqual([
        {
          ...common,
          ...nothing,
          ...{ peer: 3, address: c, srun_id: '', backup: false, down: true, weight: 1 },
        },
        {
          ...common,
          ...nothing,
          ...{ peer: 4, address: y, srun_id: 'y', backup: true, down: false, weight: 1 },
          ...{ max_fails: 7, failovers: 1 },
        },
      ])
      expect(status).toMatchObject({ upstream: 'app', active: 0, requests: 3 + 2 + 4 * 2 + 1 + 8 })
      const served = stubs.slice(0, 2).map((stub) => stub.count())
      expect([first?.requests, (second?.requests ?? 0) - 4]).toEqual(served)
      for (const { requests, last_request: last } of status.servers) {
        if (requests === 0) expect(last).toBe(0)
        else expect(last).toBeGreaterThanOrEqual(start)
      }
      expect(status.servers.map(({ last_failure: last }) => last >= start)).toEqual([
        false,
        true,
        false,
        false,
      ])
    })

    test('text: the fields of the old module, in its order, with the same numbers', async () => {
      const text = parseStatusText(await readStatus(balancer, 'app', 'text'))
      const { servers, ...totals } = status
      const { servers: rows, ...textTotals } = text
      expect(textTotals).toEqual(totals)
      expect(rows).toEqual(
        servers.map(({ backup: _, drain: __, hits: ___, failovers: ____, ...server }) => server),
      )
    })

    test('prometheus: the same numbers', async () => {
      const families = parsePrometheus(await readStatus(balancer, 'app', 'prometheus'))
      const names: Readonly<Record<string, keyof ServerStatus>> = {
        requests_total: 'requests',
        hits_total: 'hits',
        failovers_total: 'failovers',
        failures_total: 'failures',
        active: 'active',
        max_busy: 'max_busy',
        fails: 'fails',
        max_fails: 'max_fails',
        weight: 'weight',
        effective_weight: 'effective_weight',
        down: 'down',
        drain: 'drain',
        last_request_timestamp_seconds: 'last_request',
        last_failure_timestamp_seconds: 'last_failure',
      }
      for (const name of ['generation', 'current_peer', 'uncounted'] as const) {
        const labels = { upstream: 'app' }
        expect(families.get(`nginx_jvm_route_${name}`)?.samples).toEqual([
          { name: `nginx_jvm_route_${name}`, labels, value: status[name] },
        ])
      }
      expect(families.size).toBe(Object.keys(names).length + 3)
      for (const [name, field] of Object.entries(names)) {
        const family = families.get(`nginx_jvm_route_${name}`)
        expect(family?.type, name).toBe(name.endsWith('_total') ? 'counter' : 'gauge')
        expect(family?.samples).toEqual(
          status.servers.map((server) => ({
            name: `nginx_jvm_route_${name}`,
            labels: {
              upstream: 'app',
              server: server.address,
              srun_id: server.srun_id,
              backup: server.backup ? '1' : '0',
            },
            value: Number(server[field]),
          })),
        )
      }
    })

    test.for(formats)('%s: GET and HEAD', async (format) => {
      const path = `/app/${format}`
      const get = await balancer.ask('status', { path })
      const head = await balancer.ask('status', { path, method: 'HEAD' })
      expect([get.status, head.status, head.body]).toEqual([200, 200, ''])
      expect(get.headers['content-type']).toBe(types[format])
      const length = get.headers['content-length']
      expect(length).toBe(String(Buffer.byteLength(get.body)))
      for (const header of ['content-type', 'content-length']) {
        expect(head.headers[header]).toBe(get.headers[header])
      }
    })

    test.for(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])(
      '%s: 405',
      async (method) => {
        for (const format of formats) {
          const ask = { path: `/app/${format}`, method, body: 'x=1' }
          expect((await balancer.ask('status', ask)).status).toBe(405)
        }
      },
    )
  })

  describe('the status handler', () => {
    test('can be set in a server or a location; the default format is text', async () => {
      const stubs = await startStubs('a')
      const app = [...members(variant, stubs), route]
      const http = `server { listen 127.0.0.1:$port; server_name whole; jvm_route_status app; }
        server { listen 127.0.0.1:$port; server_name part; location /s { jvm_route_status app; }
          location /t { jvm_route_status app text; } location /q { jvm_route_status app json; }
          location / { return 404; } }`
      const balancer = await startBalancer(variant, { stubs, upstreams: { app }, http })
      const pages = [
        ['whole', '/'],
        ['whole', '/any/where?x=1'],
        ['part', '/s'],
        ['part', '/t'],
      ] as const
      for (const [host, path] of pages) {
        const { body, headers } = await balancer.ask(host, { path })
        expect(headers['content-type']).toBe('text/plain')
        expect(parseStatusText(body).upstream).toBe('app')
      }
      expect((await balancer.ask('part', { path: '/x' })).status).toBe(404)
    })

    test('shows one upstream only', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const upstreams = {
        one: [...members(variant, [a]), route],
        two: [...members(variant, [b]), route],
      }
      const balancer = await startBalancer(variant, { stubs, upstreams })
      await balancer.ask('one')
      const [one, two] = [await statusOf(balancer, 'one'), await statusOf(balancer, 'two')]
      expect([one.requests, two.requests]).toEqual([1, 0])
      expect([one.servers[0]?.address, two.servers[0]?.address]).toEqual([a.address, b.address])
    })

    test('ids and addresses that need escaping', async () => {
      const ids = ['quote"', 'back\\slash', 'ü', "apo'strophe", '<&>', '{}', 'a=b,c', '%s%n']
      const stubs = await startStubs('a')
      const lines = ids.flatMap((id, index) => routed(variant, id, `127.0.9.${index + 1}:1`))
      const app = [...lines, 'server unix:/nowhere/x.sock;', ...members(variant, stubs), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      const { servers } = await statusOf(balancer, 'app')
      expect(servers.map(({ srun_id: id }) => id)).toEqual([...ids, '', 'a'])
      expect(servers.at(-2)?.address).toBe('unix:/nowhere/x.sock')
      const families = parsePrometheus(await readStatus(balancer, 'app', 'prometheus'))
      const samples = families.get('nginx_jvm_route_requests_total')?.samples ?? []
      expect(samples.map(({ labels }) => labels['srun_id'])).toEqual([...ids, '', 'a'])
      const text = parseStatusText(await readStatus(balancer, 'app', 'text'))
      expect(text.servers.map(({ srun_id: id }) => id)).toEqual([...ids, '', 'a'])
    })

    test.for(['\t', '\n', '\r'])(
      'no id has a character that ends a line: %j',
      async (character) => {
        const app = [...routed(variant, `a${character}b`, '127.0.0.1:1'), route]
        const { exitCode, messages } = await checkUpstream(variant, app)
        expect(exitCode).toBe(1)
        expect(messages).toEqual([expect.stringMatching(/srun_id.* in \/nginx\.conf:\d+/)])
      },
    )

    test.skipIf(!variant.isPatched)('one address twice is two servers', async () => {
      const stubs = await startStubs('a')
      const [a] = stubs
      const twice = [
        { at: a, id: 'one' },
        { at: a, id: 'two' },
      ]
      const app = [...members(variant, twice), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      await askTimes(balancer, 3, pinned('two'))
      await askTimes(balancer, 1, pinned('one'))
      const { servers } = await statusOf(balancer, 'app')
      expect(servers.map(({ hits }) => hits)).toEqual([1, 3])
      parsePrometheus(await readStatus(balancer, 'app', 'prometheus'))
    })
  })
})

/** A server with that id, in quotes. */
const routed = (variant: Variant, id: string, address: string): readonly string[] => {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' }
  const text = id.replace(/[\\'\n\t\r]/g, (character) => escapes[character] ?? `\\${character}`)
  return variant.isPatched
    ? [`server ${address} 'srun_id=${text}';`]
    : [`server ${address};`, `srun_id '${text}' ${address};`]
}
