import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { overVariants } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members } from './support/upstream.ts'

const blocks: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['before jvm_route', ['keepalive 32;'], []],
  ['after jvm_route', [], ['keepalive 32;']],
  ['before, with zone and least_conn', ['zone app 256k;', 'least_conn;', 'keepalive 32;'], []],
  ['after, with zone and hash', ['zone app 256k;', 'hash $http_x_key;'], ['keepalive 32;']],
]

overVariants('some', (variant) => {
  describe.each(blocks)('keepalive %s', (_, before, after) => {
    test('connections are reused for their own server', async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const app = [...before, ...members(variant, stubs), route, ...after]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      for (let round = 0; round < 6; round++) {
        for (const id of ['a', 'b', 'c']) {
          expect(await balancer.ask('app', pinned(id))).toMatchObject({ by: id, verdict: 'HIT' })
        }
      }
      expect(stubs.map((stub) => stub.connections())).toEqual([1, 1, 1])

      const names = Array.from({ length: 120 }, (_, index) => ['a', 'b', 'c'][index % 3] ?? '')
      const answers = await Promise.all(names.map((id) => balancer.ask('app', pinned(id))))
      expect(answers.map(({ by }) => by)).toEqual(names)
    })

    test('a connection that the server closed is not a failure', async () => {
      const stubs = await startStubs('a', 'b')
      const app = [...before, ...members(variant, stubs), route, ...after]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      const [, b] = stubs
      await balancer.ask('app', pinned('b'))
      await b.kill()
      await b.revive()
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ by: 'b', status: 200 })
    })
  })
})
