import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../real/support/certificate.ts'
import { startBalancer } from './support/balancer.ts'
import { overVariants } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { startTlsStub } from './support/tls-stub.ts'
import { members } from './support/upstream.ts'

const blocks: readonly (readonly [string, readonly string[]])[] = [
  ['round robin', []],
  ['with zone', ['zone app 256k;']],
  ['least_conn', ['least_conn;']],
]

overVariants('some', (variant) => {
  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('TLS to the servers, %s', (version) => {
    test.for(blocks)('the TLS session of each server is reused: %s', async ([, lines]) => {
      const certificate = await makeCertificate()
      const stubs = [
        await startTlsStub('a', certificate, version),
        await startTlsStub('b', certificate, version),
      ]
      const servers = stubs.map(({ name, address }) => ({ at: address, id: name }))
      const alone = stubs.map(({ name, address }) => [
        `plain-${name}`,
        [...lines.map((line) => line.replace('app', name)), `server ${address};`],
      ])
      const app = [...lines, 'keepalive 4;', ...members(variant, servers), route]
      const balancer = await startBalancer(variant, {
        upstreams: { app, ...Object.fromEntries(alone) },
        scheme: 'https',
        location: `proxy_ssl_protocols ${version}; proxy_set_header Connection close;`,
      })
      const handshakes = () => stubs.map((stub) => stub.handshakes())
      for (const id of ['a', 'b', 'b', 'a', 'a', 'b', 'a', 'b']) {
        expect(await balancer.ask('app', pinned(id))).toMatchObject({ by: id, verdict: 'HIT' })
      }
      const ours = handshakes()
      expect(ours.map(({ resumed }) => resumed > 0)).toEqual([true, true])
      if (version === 'TLSv1.2') expect(ours).toEqual(stubs.map(() => ({ full: 1, resumed: 3 })))
      // As many as nginx reuses where there is one server and no choice (of TLS 1.3, not all).
      for (let index = 0; index < 4; index++) {
        for (const { name } of stubs) await balancer.ask(`plain-${name}`)
      }
      const sum = ours.map(({ full, resumed }) => ({ full: 2 * full, resumed: 2 * resumed }))
      expect(handshakes()).toEqual(sum)
    })
  })
})
