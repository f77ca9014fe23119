import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atEnd } from '../real/support/cleanup.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import type { Ask } from './support/ask.ts'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { isFrom, overPatched, overVariants, type Variant } from './support/over-variants.ts'
import { pinned, route, strictRoute } from './support/pinned.ts'
import { statusOf } from './support/status.ts'
import { type Stub, startStubs } from './support/stubs.ts'
import { until } from './support/until.ts'
import { members, named } from './support/upstream.ts'

interface Block {
  readonly before?: readonly string[]
  readonly jvmRoute?: string
  readonly after?: readonly string[]
}

const kept = ['keepalive 32;']
const blocks: readonly (readonly [string, Block])[] = [
  ['keepalive before jvm_route', { before: kept }],
  ['keepalive after jvm_route', { after: kept }],
  ['strict', { jvmRoute: strictRoute, after: kept }],
  ['zone, least_conn', { before: ['zone app 256k;', 'least_conn;'], after: kept }],
  ['zone, hash, keepalive before', { before: ['zone app 256k;', 'hash $http_x_key;', ...kept] }],
]

/** A failure that counted would keep the server aside for the whole test. */
const parameters = 'max_fails=1 fail_timeout=1h'
const post: Ask = { method: 'POST', body: 'x' }

interface Started {
  readonly a: Stub
  readonly b: Stub
  readonly balancer: Balancer
}

const start = async (variant: Variant, block: Block, location = ''): Promise<Started> => {
  const stubs = await startStubs('a', 'b')
  const servers = members(
    variant,
    stubs.map((stub) => named(stub, parameters)),
  )
  const { before = [], jvmRoute = route, after = [] } = block
  const app = [...before, ...servers, jvmRoute, ...after]
  const balancer = await startBalancer(variant, { stubs, upstreams: { app }, location })
  return { a: stubs[0], b: stubs[1], balancer }
}

/** Has nginx keep that many connections to the server. */
const keep = async (balancer: Balancer, stub: Stub, count: number): Promise<void> => {
  const held = Array.from({ length: count }, () =>
    balancer.ask('app', { ...pinned(stub.name), hold: true }),
  )
  await stub.holds(count)
  stub.release()
  await Promise.all(held)
}

const failuresOf = async (balancer: Balancer, name: string) => {
  const { servers } = await statusOf(balancer, 'app')
  const server = servers.find((each) => each.srun_id === name)
  return { fails: server?.fails, failures: server?.failures, active: server?.active }
}
const none = { fails: 0, failures: 0, active: 0 }
const one = { fails: 1, failures: 1, active: 0 }

overVariants('some', (variant) => {
  describe.each(blocks)(
    'a keepalive connection that the server closes without a response: %s',
    (_, block) => {
      test('the request is sent again to the same server on a new connection, without a failure', async () => {
        const { balancer, b } = await start(variant, block)
        for (const count of [1, 2, 5]) {
          b.onKept('serve')
          await keep(balancer, b, count)
          b.onKept('close')
          const before = b.connections()
          expect(await balancer.ask('app', pinned('b'))).toMatchObject({
            ...{ status: 200, by: 'b', verdict: 'HIT', tried: ['b', 'b'] },
          })
          expect(b.connections()).toBe(before + 1)
          expect(await failuresOf(balancer, 'b')).toEqual(none)
        }
      })

      test('a request that must not be repeated is not, and the session stays', async () => {
        const { balancer, b } = await start(variant, block)
        await keep(balancer, b, 1)
        b.onKept('close')
        const answer = await balancer.ask('app', { ...pinned('b'), ...post })
        expect(answer).toMatchObject({ status: 502, tried: ['b'] })
        expect(await failuresOf(balancer, 'b')).toEqual(none)
        const next = await balancer.ask('app', { ...pinned('b'), ...post })
        expect(next).toMatchObject({ status: 200, by: 'b', verdict: 'HIT', tried: ['b'] })
      })

      test('a POST with non_idempotent', async () => {
        const location = 'proxy_next_upstream error timeout non_idempotent;'
        const { balancer, b } = await start(variant, block, location)
        await keep(balancer, b, 3)
        b.onKept('close')
        const answer = await balancer.ask('app', { ...pinned('b'), ...post })
        expect(answer).toMatchObject({ status: 200, by: 'b', verdict: 'HIT', tried: ['b', 'b'] })
        expect(await failuresOf(balancer, 'b')).toEqual(none)
      })

      test('a new connection that is closed, too, is a failure', async () => {
        const { balancer, b } = await start(variant, block)
        await keep(balancer, b, 3)
        b.answer('close')
        const answer = await balancer.ask('app', pinned('b'))
        const isStrict = block.jvmRoute === strictRoute
        expect(answer).toMatchObject({
          status: isStrict ? 502 : 200,
          verdict: 'FAILOVER',
          tried: isStrict ? ['b', 'b'] : ['b', 'b', 'a'],
        })
        expect(await failuresOf(balancer, 'b')).toEqual(one)
        b.answer(200)
        expect((await balancer.ask('app', pinned('b'))).verdict).toBe('FAILOVER')
      })
    },
  )

  describe('a keepalive connection', () => {
    const block: Block = { after: kept }

    test.for(['cut', 'hang'] as const)('%s: a failure', async (what) => {
      const { balancer, b } = await start(variant, block, 'proxy_read_timeout 500ms;')
      await keep(balancer, b, 1)
      b.onKept(what)
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ status: 200, verdict: 'FAILOVER', tried: ['b', 'a'] })
      expect(await failuresOf(balancer, 'b')).toEqual(one)
    })

    test('to a removed server: its new connection is refused, and it has failed', async () => {
      const { balancer, b } = await start(variant, block)
      await keep(balancer, b, 3)
      await b.kill()
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ status: 200, by: 'a', verdict: 'FAILOVER' })
      expect(await failuresOf(balancer, 'b')).toEqual(one)
    })

    test('proxy_next_upstream off: 502, and the session stays', async () => {
      const { balancer, b } = await start(variant, block, 'proxy_next_upstream off;')
      await keep(balancer, b, 1)
      b.onKept('close')
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ status: 502, tried: ['b'] })
      expect(await failuresOf(balancer, 'b')).toEqual(none)
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ by: 'b', verdict: 'HIT' })
    })

    test('of a request without a session: sent again too, so that no session loses its server', async () => {
      const { balancer, a, b } = await start(variant, block)
      await keep(balancer, a, 1)
      await keep(balancer, b, 1)
      for (const stub of [a, b]) stub.onKept('close')
      const { status, tried, verdict } = await balancer.ask('app')
      expect({ status, verdict, servers: new Set(tried).size, tries: tried.length }).toEqual({
        ...{ status: 200, verdict: 'NEW', servers: 1, tries: 2 },
      })
      for (const name of ['a', 'b']) expect(await failuresOf(balancer, name)).toEqual(none)
    })

    test('of the server that a session fails over to', async () => {
      const { balancer, a, b } = await start(variant, block)
      await keep(balancer, a, 2)
      await b.kill()
      a.onKept('close')
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ by: 'a', verdict: 'FAILOVER', tried: ['b', 'a', 'a'] })
      expect(await failuresOf(balancer, 'a')).toEqual(none)
    })

    test('of both servers: each is tried once on a keepalive and once on a new connection', async () => {
      const { balancer, a, b } = await start(variant, block)
      for (const stub of [a, b]) {
        await keep(balancer, stub, 3)
        stub.answer('close')
      }
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ status: 502, tried: ['b', 'b', 'a', 'a'] })
      for (const name of ['a', 'b']) expect(await failuresOf(balancer, name)).toEqual(one)
    })

    test('of a backup', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const servers = members(variant, [named(a, parameters), named(b, `${parameters} backup`)])
      const app = [...servers, route, ...kept]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      await a.kill()
      await keep(balancer, b, 3)
      b.onKept('close')
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ status: 200, by: 'b', tried: ['b', 'b'] })
      expect(await failuresOf(balancer, 'b')).toEqual(none)
    })

    test.for([route, strictRoute])('of a single server: %s', async (jvmRoute) => {
      const stubs = await startStubs('b')
      const app = [...members(variant, stubs), jvmRoute, ...kept]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      await keep(balancer, stubs[0], 3)
      stubs[0].onKept('close')
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ status: 200, verdict: 'HIT', tried: ['b', 'b'] })
    })

    test('of a UNIX socket, which connects immediately', async () => {
      const path = join(tempDir(), 'socket')
      const seen = new WeakSet<object>()
      const server = createServer((request, response) => {
        if (seen.has(request.socket)) return void request.socket.destroy()
        seen.add(request.socket)
        response.writeHead(200, { 'x-served-by': 'u' }).end('u')
      })
      await new Promise<void>((resolve) => server.listen(path, () => resolve()))
      atEnd({ cleanUp: async () => void server.close(), abandon: () => {} })
      const [a] = await startStubs('a')
      const servers = members(variant, [a, { at: `unix:${path}`, id: 'u', more: parameters }])
      const app = [...servers, route, ...kept]
      const balancer = await startBalancer(variant, { stubs: [a], upstreams: { app } })
      for (let turn = 0; turn < 3; turn++) {
        const answer = await balancer.ask('app', pinned('u'))
        expect(answer).toMatchObject({ status: 200, by: 'u', verdict: 'HIT' })
        expect(answer.tried).toHaveLength(turn === 0 ? 1 : 2)
      }
      expect(await failuresOf(balancer, 'u')).toEqual(none)
    })

    test.skipIf(!isFrom(variant, '1.29.7'))('that nginx keeps by default', async () => {
      const { balancer, b } = await start(variant, {})
      await keep(balancer, b, 3)
      b.onKept('close')
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ status: 200, by: 'b', tried: ['b', 'b'] })
      expect(await failuresOf(balancer, 'b')).toEqual(none)
    })

    test.skipIf(!isFrom(variant, '1.29.6'))("together with nginx's own sticky", async () => {
      for (const before of [['sticky cookie SRV;'], []]) {
        const after = before.length > 0 ? kept : ['sticky cookie SRV;', ...kept]
        const { balancer, b } = await start(variant, { before, after })
        await keep(balancer, b, 3)
        b.onKept('close')
        const answer = await balancer.ask('app', pinned('b'))
        expect(answer).toMatchObject({ status: 200, by: 'b', tried: ['b', 'b'] })
        const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
        const again = await balancer.ask('app', { headers: { Cookie: cookie } })
        expect(again).toMatchObject({ status: 200, by: 'b', verdict: 'NEW' })
        expect(await failuresOf(balancer, 'b')).toEqual(none)
      }
    })

    test('hundreds of requests at once', async () => {
      const { balancer, a, b } = await start(variant, { after: ['keepalive 200;'] })
      for (let round = 0; round < 3; round++) {
        for (const stub of [a, b]) {
          stub.onKept('serve')
          await keep(balancer, stub, 80)
          stub.onKept('close')
        }
        const names = Array.from({ length: 160 }, (_, index) => (index % 2 === 0 ? 'a' : 'b'))
        const answers = await Promise.all(names.map((name) => balancer.ask('app', pinned(name))))
        expect(answers.map(({ by }) => by)).toEqual(names)
      }
      for (const name of ['a', 'b']) expect(await failuresOf(balancer, name)).toEqual(none)
    })
  })
})

overPatched('some', (variant) => {
  test('max_busy and drain count such a request once', async () => {
    const stubs = await startStubs('a', 'b', 'd')
    const [a, b, d] = stubs
    const servers = members(variant, [
      a,
      { ...named(b, parameters), patched: 'max_busy=1' },
      { ...named(d, parameters), patched: 'drain' },
    ])
    const app = [...servers, route, ...kept]
    const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
    for (const stub of [b, d]) {
      await keep(balancer, stub, 1)
      stub.onKept('close')
      const answer = await balancer.ask('app', pinned(stub.name))
      expect(answer).toMatchObject({ by: stub.name, verdict: 'HIT', tried: [stub.name, stub.name] })
      await until('nothing is active', async () => {
        const { active } = await statusOf(balancer, 'app')
        return active === 0
      })
      expect(await failuresOf(balancer, stub.name)).toEqual(none)
    }
  })
})
