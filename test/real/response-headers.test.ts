import { describe, expect } from 'vitest'
import { startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor } from './support/proxies.ts'
import { withServers } from './support/servers.ts'

interface Ports {
  readonly web: number
  readonly app: number
  readonly failing: number
}

const frontends = ({ web, app, failing }: Ports): string => `frontends:
  web:
    listen: ["127.0.0.1:${web}"]
    clientAddress: { trust: [127.0.0.2] }
    hsts: { maxAge: 30d, includeSubDomains: true }
    responseHeaders:
      set: { X-Frame-Options: DENY, X-Note: 'a "b"; 100% \\ #1' }
      add: { Link: '</x>; rel=next' }
      remove: [X-Powered-By]
    locations:
      - { match: /, upstream: app }
      - { match: /failing, upstream: failing }
      - { match: /dead, upstream: dead }
      - { match: /moved, redirect: { to: /x } }
      - { match: /gone, respond: { status: 410, body: gone } }
      - { match: /embedded, upstream: app, responseHeaders: { set: { X-Frame-Options: SAMEORIGIN } } }
      - { match: /bare, upstream: app, responseHeaders: {} }
upstreams:
  app: { servers: { app: "127.0.0.1:${app}" } }
  failing: { servers: { failing: "127.0.0.1:${failing}" } }
  dead: { servers: { dead: "127.0.0.1:1" } }
`

const headers = { 'X-Frame-Options': 'ALLOWALL', 'X-Powered-By': 'Old/1.0', Link: '</app>' }

describe.each(allProxies)('$title', (proxy) => {
  withServers(
    { server: proxy.server },
    'sets and removes response headers, also of errors',
    async ({ server }) => {
      const app = await startBackend('app', { headers })
      const failing = await startBackend('failing', { headers, status: 500 })
      const web = await freePort()
      const spec = frontends({ web, app: app.port, failing: failing.port })
      await proxy.start(server, artifactsFor(proxy, server, spec), [web])

      const seen = async (path: string, from = '127.0.0.1') => {
        const sent = { headers: { 'X-Forwarded-Proto': 'https' }, from }
        const { status, headers: received } = await get(`http://127.0.0.1:${web}${path}`, sent)
        return {
          status,
          frame: received['x-frame-options'],
          note: received['x-note'],
          link: received['link'],
          powered: received['x-powered-by'],
          hsts: received['strict-transport-security'],
        }
      }
      const set = { frame: 'DENY', note: 'a "b"; 100% \\ #1', powered: undefined, hsts: undefined }
      const own = { ...set, link: '</x>; rel=next' }
      const ofApp = await seen('/')
      expect({ ...ofApp, link: '' }).toEqual({ ...set, link: '', status: 200 })
      expect(String(ofApp.link).split(', ').sort()).toEqual(['</app>', '</x>; rel=next'])
      expect(await seen('/failing')).toMatchObject({ ...set, status: 500 })
      const dead = await seen('/dead')
      expect([502, 503]).toContain(dead.status)
      expect(dead).toEqual({ ...own, status: dead.status })
      expect(await seen('/moved')).toEqual({ ...own, status: 302 })
      expect(await seen('/gone')).toEqual({ ...own, status: 410 })
      const app2 = { note: undefined, link: '</app>', powered: 'Old/1.0', hsts: undefined }
      expect(await seen('/embedded')).toEqual({ ...app2, frame: 'SAMEORIGIN', status: 200 })
      expect(await seen('/bare')).toEqual({ ...app2, frame: 'ALLOWALL', status: 200 })
      const hsts = 'max-age=2592000; includeSubDomains'
      expect(await seen('/', '127.0.0.2')).toMatchObject({ hsts, frame: 'DENY' })
      expect(await seen('/gone', '127.0.0.2')).toMatchObject({ hsts, frame: 'DENY' })
      expect(await seen('/bare', '127.0.0.2')).toMatchObject({ hsts, frame: 'ALLOWALL' })
    },
  )
})
