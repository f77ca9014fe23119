import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { overVariantsFrom } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

const both = (id: string, cookie: string) => ({
  headers: { Cookie: `JSESSIONID=X.${id}; SRV=${cookie}` },
})
const only = (cookie: string) => ({ headers: { Cookie: `SRV=${cookie}` } })

const methods: readonly (readonly string[])[] = [[], ['zone $name 128k;'], ['least_conn;']]

/** On 1.30, Debian's own, and on releases that are added by hand. */
overVariantsFrom('1.29.6', (variant) => {
  describe("together with nginx's own sticky", () => {
    const start = async (lines: readonly (readonly [string, readonly string[]])[]) => {
      const stubs = await startStubs('a', 'b', 'c')
      const servers = stubs.map((stub) => named(stub, `route=${stub.name}`))
      const upstreams = Object.fromEntries(
        lines.map(([name, rest]) => [
          name,
          rest.flatMap((line) =>
            line === 'servers' ? members(variant, servers) : [line.replace('$name', name)],
          ),
        ]),
      )
      const balancer = await startBalancer(variant, { stubs, upstreams })
      return { balancer, stubs }
    }

    test('the session is used first, then sticky, in any order of the directives', async () => {
      const sticky = 'sticky cookie SRV;'
      const orders = [
        ['servers', route, sticky],
        ['servers', sticky, route],
        [sticky, route, 'servers'],
        ['servers', 'keepalive 4;', sticky, route],
        ['servers', sticky, 'keepalive 4;', route],
      ]
      const lines = methods.flatMap((method, m) =>
        orders.map((order, o) => [`m${m}o${o}`, [...method, ...order]] as const),
      )
      const { balancer, stubs } = await start(lines)
      for (const [name] of lines) {
        for (const id of ['a', 'b', 'c', 'b']) {
          expect(await balancer.ask(name, pinned(id))).toMatchObject({ by: id, verdict: 'HIT' })
          expect(await balancer.ask(name, only(id))).toMatchObject({ by: id, verdict: 'NEW' })
        }
        expect(await balancer.ask(name, both('a', 'b'))).toMatchObject({ by: 'a', verdict: 'HIT' })
        expect(await balancer.ask(name, both('z', 'b'))).toMatchObject({ by: 'b', verdict: 'MISS' })
        const first = await balancer.ask(name)
        expect(first.headers['set-cookie']?.[0]).toBe(`SRV=${first.by}`)
      }
      await stubs[1].kill()
      for (const [name] of lines) {
        const answer = await balancer.ask(name, both('b', 'c'))
        expect(answer).toMatchObject({ status: 200, verdict: 'FAILOVER', tried: ['b', answer.by] })
      }
    })

    test('a drained server keeps both kinds of sessions, and takes no new ones', async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const servers = stubs.map((stub) =>
        named(stub, stub.name === 'b' ? 'route=b drain' : `route=${stub.name}`),
      )
      const app = [...members(variant, servers), route, 'sticky cookie SRV;']
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ by: 'b', verdict: 'HIT' })
      expect(await balancer.ask('app', only('b'))).toMatchObject({ by: 'b', verdict: 'NEW' })
      for (let index = 0; index < 6; index++) {
        expect((await balancer.ask('app')).by).not.toBe('b')
        expect((await balancer.ask('app', pinned('z'))).by).not.toBe('b')
      }
    })

    test('with sticky route and learn', async () => {
      const learn = 'sticky learn create=$upstream_http_x_new lookup=$cookie_SRV zone=learnt:64k;'
      const { balancer } = await start([
        ['route', ['servers', 'sticky route $cookie_SRV;', route]],
        ['learn', ['servers', learn, route]],
      ])
      expect(await balancer.ask('route', only('c'))).toMatchObject({ by: 'c', verdict: 'NEW' })
      expect(await balancer.ask('route', both('a', 'c'))).toMatchObject({ by: 'a', verdict: 'HIT' })
      expect(await balancer.ask('learn', both('b', 'x'))).toMatchObject({ by: 'b', verdict: 'HIT' })
    })
  })
})
