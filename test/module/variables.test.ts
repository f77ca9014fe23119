import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { overVariants } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { until } from './support/until.ts'
import { members, named } from './support/upstream.ts'

overVariants('some', (variant) => {
  describe('$jvm_route and $jvm_route_status', () => {
    test('in the access log', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const app = [...members(variant, [a, named(b, 'max_fails=0')]), route]
      const forward = [...members(variant, [a, b]), 'jvm_route $cookie_JSESSIONID;']
      const balancer = await startBalancer(variant, { stubs, upstreams: { app, forward } })
      await balancer.ask('app', { path: '/1' })
      await balancer.ask('app', { ...pinned('b'), path: '/2' })
      await balancer.ask('app', { ...pinned('z'), path: '/3' })
      await balancer.ask('app', { session: 'ABC', path: '/4' })
      await b.kill()
      await balancer.ask('app', { ...pinned('b'), path: '/5' })
      await balancer.ask('app', { session: '', path: '/6' })
      await balancer.ask('forward', { session: 'aABC', path: '/7' })
      await balancer.ask('forward', { session: 'xABC', path: '/8' })
      await until('the log is written', () => balancer.access().length >= 8)
      const rows = balancer
        .access()
        .map((line) => /^(\d+ \[[^\]]*\] \[[^\]]*\]).* (\/\d)$/.exec(line)?.slice(1).join(' '))
      expect(rows).toEqual([
        '200 [] [NEW] /1',
        '200 [b] [HIT] /2',
        '200 [z] [MISS] /3',
        '200 [] [MISS] /4',
        '200 [b] [FAILOVER] /5',
        '200 [] [NEW] /6',
        '200 [a] [HIT] /7',
        '200 [] [MISS] /8',
      ])
    })

    test('are empty without such an upstream', async () => {
      const stubs = await startStubs('a')
      const server = `
        location = /here { return 200 "<$jvm_route><$jvm_route_status>"; }
        location = /plain { proxy_pass http://${stubs[0].address}; }
        location = /other { proxy_pass http://plain; }`
      const http = `upstream plain { server ${stubs[0].address}; }`
      const app = [...members(variant, stubs), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app }, server, http })
      const here = await balancer.ask('app', { ...pinned('a'), path: '/here' })
      expect(here.body).toBe('<><>')
      for (const path of ['/plain', '/other']) {
        const answer = await balancer.ask('app', { ...pinned('a'), path })
        expect(answer).toMatchObject({ status: 200, route: '', verdict: '' })
      }
    })

    test('in a map, and in a response header', async () => {
      const stubs = await startStubs('a', 'b')
      const http = 'map $jvm_route_status $moved { default 0; FAILOVER 1; MISS 1; }'
      const location = 'add_header X-Moved $moved$jvm_route;'
      const app = [...members(variant, [stubs[0], named(stubs[1], 'down')]), route]
      const setup = { stubs, upstreams: { app }, http, location }
      const balancer = await startBalancer(variant, setup)
      const moved = async (id: string) => (await balancer.ask('app', pinned(id))).headers['x-moved']
      expect([await moved('a'), await moved('b'), await moved('z')]).toEqual(['0a', '1b', '1z'])
    })

    test('of the last of several upstreams', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const first = [...members(variant, [a]), 'jvm_route $cookie_FIRST reverse;']
      const server = 'error_page 502 = @second; location @second { proxy_pass http://second; }'
      const second = [...members(variant, [b]), route]
      const setup = { stubs, upstreams: { first, second }, server }
      const balancer = await startBalancer(variant, setup)
      await a.kill()
      const headers = { Cookie: 'FIRST=X.a; JSESSIONID=Y.b' }
      const answer = await balancer.ask('first', { headers })
      expect(answer).toMatchObject({ status: 200, by: 'b', route: 'b', verdict: 'HIT' })
    })
  })
})
