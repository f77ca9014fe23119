import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { beforeAll, describe, expect } from 'vitest'
import { atEnd } from '../support/cleanup.ts'
import { freePort, freePorts } from '../support/free-port.ts'
import { artifactsFor, haproxyOf, httpd, nginxOf, type RealProxy } from '../support/proxies.ts'
import { type Server, withServers } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { type Sent, send } from './send.ts'

/** Answers the status in the path, in its own words; a page for errors at /errors/. */
const startApp = async (): Promise<number> => {
  const server = createServer({ keepAliveTimeout: 0 }, ({ method, url = '' }, response) => {
    response.writeHead(Number(/\/(\d{3})$/.exec(url)?.[1] ?? 200), { 'Content-Type': 'text/x-app' })
    response.end(`app: ${method} ${url}`)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  atEnd({
    cleanUp: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
    abandon: () => server.closeAllConnections(),
  })
  return port
}

const pages = {
  'down.html': '<p>down</p>',
  'missing.html': '<p>missing</p>',
  'api.json': '{"a":1}',
  'works.html': '<p>works</p>',
} // prettier-ignore

const writePages = (): string => {
  const folder = tempDir()
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text)
  // The workers of httpd run as another user.
  chmodSync(folder, 0o755)
  return folder
}

let app: number
let folder: string
/** No server listens on this port. */
const dead = 1

beforeAll(async () => {
  app = await startApp()
  folder = writePages()
})

interface Ports {
  readonly site: number
  readonly works: number
  readonly some: number
}

const specOf = ({ site, works, some }: Ports, usesPath: boolean): string => `frontends:
  site:
    listen: ["127.0.0.1:${site}"]
    errorPages:
      "502 503 504": { file: ${folder}/down.html }
      "404 413": { file: ${folder}/missing.html }
    maxBodySize: 1k
    locations:
      - { match: /, upstream: app }
      - { match: /dead/, upstream: dead }
      - { match: /shop/, upstream: app, interceptErrors: true }
      - match: /api/
        upstream: api
        interceptErrors: true
        errorPages: { "503 502": { file: ${folder}/api.json } }
      - { match: /gone, respond: { status: 404 } }
${usesPath ? '      - { match: /custom/, upstream: app, interceptErrors: true, errorPages: { "404": { path: /errors/missing } } }' : ''}
  works:
    listen: ["127.0.0.1:${works}"]
    maintenance: { page: { file: ${folder}/works.html }, except: [127.0.0.2, 10.1.0.0/16] }
    locations:
      - { match: /, upstream: app }
      - { match: /old, redirect: { to: /new } }
      - { match: = /health, respond: { body: ok }, maintenance: false }
  some:
    listen: ["127.0.0.1:${some}"]
    locations:
      - { match: /, upstream: app }
      - { match: /shop/, upstream: app, maintenance: true, errorPages: { "503": { file: ${folder}/works.html } } }
upstreams:
  app: { servers: { app: "127.0.0.1:${app}" } }
  api: { servers: { app: "127.0.0.1:${dead}" } }
  dead: { servers: { app: "127.0.0.1:${dead}" } }
`

const startSite = async (proxy: RealProxy, server: Server): Promise<Ports> => {
  const [site = 0, works = 0, some = 0] = await freePorts(3)
  const ports = { site, works, some }
  const spec = specOf(ports, !proxy.title.startsWith('HAProxy'))
  await proxy.start(server, artifactsFor(proxy, server, spec), Object.values(ports))
  return ports
}

/** `503 <p>down</p>`: the status, the body and the type of a file. */
const seen = async (sent: Sent): Promise<string> => {
  const { body, headers, status } = await send(sent)
  const type = headers['content-type']?.split(';')[0]
  return `${status} ${body.toString()} ${type}`
}

const html = (page: keyof typeof pages): string => `${pages[page]} text/html`

const proxies: readonly RealProxy[] = [
  nginxOf('1.18'),
  nginxOf('1.30'),
  haproxyOf('2.2'),
  haproxyOf('3.2'),
  httpd,
]

describe.each(proxies)(
  'pages for errors of the proxy and of the application, and for maintenance',
  (proxy) => {
    const isNginx = proxy.title.startsWith('nginx')
    /** The status for a server that accepts no connection. */
    const down = isNginx ? 502 : 503
    withServers({ server: proxy.server }, proxy.title, async ({ server }) => {
      const { site, some, works } = await startSite(proxy, server)
      const at = (port: number, path: string, more: Partial<Sent> = {}) =>
        seen({ port, path, ...more })
      const served = { from: '127.0.0.2' }
      expect({
        served: await at(site, '/'),
        dead: await at(site, '/dead/'),
        'dead for a form': await at(site, '/dead/', { method: 'POST', body: 'a=b' }),
        'own words of the application': await at(site, '/503'),
        intercepted: await at(site, '/shop/503'),
        'an error without a page': await at(site, '/shop/500'),
        'page of a location': await at(site, '/api/'),
        'page of the frontend in this location': await at(site, '/gone'),
        'too large': await at(site, '/', { method: 'POST', body: 'x'.repeat(1025) }),
        'page as a path': (await at(site, '/.sessctl/page-1')).slice(0, 3),
        maintenance: await at(works, '/'),
        'maintenance of a redirect': await at(works, '/old'),
        'location without maintenance': await at(works, '/health'),
        'client without maintenance': await at(works, '/', served),
        'maintenance of a location': await at(some, '/shop/'),
        'other location': await at(some, '/'),
      }).toEqual({
        served: '200 app: GET / text/x-app',
        dead: `${down} ${html('down.html')}`,
        'dead for a form': `${down} ${html('down.html')}`,
        'own words of the application': '503 app: GET /503 text/x-app',
        intercepted: `503 ${html('down.html')}`,
        'an error without a page': '500 app: GET /shop/500 text/x-app',
        'page of a location': `${down} ${pages['api.json']} application/json`,
        'page of the frontend in this location': `404 ${html('missing.html')}`,
        'too large': `413 ${html('missing.html')}`,
        // HAProxy has no such path and sends it to the application.
        'page as a path': proxy.title.startsWith('HAProxy') ? '200' : '404',
        maintenance: `503 ${html('works.html')}`,
        'maintenance of a redirect': `503 ${html('works.html')}`,
        'location without maintenance': '200 ok text/plain',
        'client without maintenance': '200 app: GET / text/x-app',
        'maintenance of a location': `503 ${html('works.html')}`,
        'other location': '200 app: GET / text/x-app',
      })
      if (proxy.title.startsWith('HAProxy')) return
      expect(await at(site, '/custom/404')).toBe('404 app: GET /errors/missing text/x-app')
    })
  },
)
