import { once } from 'node:events'
import { connect } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { isFrom, overVariants } from './support/over-variants.ts'
import { route } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members } from './support/upstream.ts'

overVariants('some', (variant) => {
  describe('HTTP/2 to nginx', () => {
    test('each stream of a connection uses the server of its session', async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const isDirective = isFrom(variant, '1.25.1')
      const balancer = await startBalancer(variant, {
        stubs,
        upstreams: { app: [...members(variant, stubs), 'keepalive 16;', route] },
        listen: isDirective ? '' : 'http2',
        server: isDirective ? 'http2 on;' : '',
      })
      const client = connect(`http://127.0.0.1:${balancer.port}`)
      const ask = async (path: string, cookie?: string | string[]): Promise<string> => {
        const stream = client.request({
          ':path': path,
          ':authority': 'app',
          ...(cookie === undefined ? {} : { cookie }),
        })
        const [headers] = (await once(stream, 'response')) as [Record<string, unknown>]
        stream.resume()
        await once(stream, 'end')
        return `${headers[':status']} ${headers['x-served-by']} ${headers['x-route-status']}`
      }
      const names = ['a', 'b', 'c', 'b', 'a', 'c']
      const streams = Array.from({ length: 90 }, (_, index) => names[index % names.length] ?? 'a')
      const byCookie = streams.map((name) => ask('/', `JSESSIONID=ABC.${name}`))
      const byUrl = streams.map((name) => ask(`/x;jsessionid=ABC.${name}?q=1`))
      const crumbs = streams.map((name) => ask('/', ['x=1', `JSESSIONID=ABC.${name}`, 'y=2']))
      const expected = streams.map((name) => `200 ${name} HIT`)
      expect(await Promise.all(byCookie)).toEqual(expected)
      expect(await Promise.all(byUrl)).toEqual(expected)
      expect(await Promise.all(crumbs)).toEqual(expected)
      expect(await ask('/')).toMatch(/^200 [abc] NEW$/)
      client.close()
      await once(client, 'close')
    })
  })
})
