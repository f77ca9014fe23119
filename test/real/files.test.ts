import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor } from './support/proxies.ts'
import { withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const files = [
  ...['app/index.html', 'app/about.html', 'app/main.js', 'app/sub/index.html'],
  ...['docs/a.html', 'docs/x', 'etc/index.html', 'plain/a.html', 'list/b.html'],
]

/** A folder in which each file contains its own path. */
const makeRoot = (): string => {
  const root = tempDir()
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), file)
  }
  // The workers of httpd run as another user.
  chmodSync(root, 0o755)
  return root
}

/** The httpd of the tests has no media types. */
const html = 'snippets: { httpd: { location: ForceType text/html } }'

const specOf = (port: number, root: string, backend: number): string => `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    locations:
      - { match: /, upstream: app }
      - { match: /app/, root: ${root}, index: [index.html], tryFiles: ["{request.path}.html", /app/index.html] }
      - { match: [/docs/, /manual/], root: ${root}, tryFiles: ["{request.path}.html"] }
      - { match: /etc/, root: ${root}, tryFiles: [/etc/index.html] }
      - { match: /plain/, root: ${root}, expires: 2h, charset: utf-8, ${html} }
      - { match: [/pages/, ^~ /texts/], alias: ${root}/docs, expires: 1h }
      - { match: /pages/own/, upstream: app }
      - { match: '~ ^/pages/(x)(y)$', upstream: app }
      - { match: /list/, root: ${root}, listing: true, ${html} }
upstreams:
  app: { servers: { app: "127.0.0.1:${backend}" } }
`

const servesFiles = allProxies.filter(({ title }) => !title.startsWith('HAProxy'))

describe.each(servesFiles)('$title', (proxy) => {
  withServers(
    { server: proxy.server },
    'tries files in the order of the spec, and says how long they can be used',
    async ({ server }) => {
      const { port: backend } = await startBackend('app')
      const port = await freePort()
      await proxy.start(server, artifactsFor(proxy, server, specOf(port, makeRoot(), backend)), [
        port,
      ])
      const answers: [path: string, answer: string | number][] = [
        ['/app/main.js', 'app/main.js'],
        ['/app/about', 'app/about.html'],
        ['/app/about?x=1', 'app/about.html'],
        ['/app/', 'app/index.html'],
        ['/app/sub/', 'app/sub/index.html'],
        ['/app/users/7', 'app/index.html'],
        ['/docs/a', 'docs/a.html'],
        ['/docs/x', 'docs/x'],
        ['/docs/none', 404],
        ['/manual/none', 404],
        // Not the file of the host.
        ['/etc/passwd', 'etc/index.html'],
        ['/plain/a', 404],
        ['/pages/a.html', 'docs/a.html'],
        ['/texts/a.html', 'docs/a.html'],
        ['/pages/none', 404],
        // The location of the longer prefix, and that of the expression.
        ['/pages/own/a.html', 'app'],
        ['/pages/xy', 'app'],
        // Outside of the folder.
        ['/pages../etc/index.html', 'app'],
        ['/pages/%2e%2e/etc/index.html', 'etc/index.html'],
      ]
      const seen = await Promise.all(
        answers.map(async ([path]) => {
          const { status, body } = await get(`http://127.0.0.1:${port}${path}`)
          const name = /"name":"(\w+)"/.exec(body)?.[1]
          return [path, status === 200 ? (name ?? body) : status]
        }),
      )
      expect(seen).toEqual(answers)
      const cacheOf = async (path: string) => {
        const { headers, status } = await get(`http://127.0.0.1:${port}${path}`)
        const until = Date.parse(headers.expires ?? '') - Date.parse(headers.date ?? '')
        return [status, headers['cache-control'], until]
      }
      expect(await cacheOf('/plain/a.html')).toEqual([200, 'max-age=7200', 7_200_000])
      expect(await cacheOf('/plain/none')).toEqual([404, undefined, Number.NaN])
      expect(await cacheOf('/app/main.js')).toEqual([200, undefined, Number.NaN])
      const typeOf = async (path: string) =>
        (await get(`http://127.0.0.1:${port}${path}`)).headers['content-type']
      expect(await typeOf('/plain/a.html')).toBe('text/html; charset=utf-8')
      expect(await typeOf('/list/b.html')).toBe('text/html')
      const list = await get(`http://127.0.0.1:${port}/list/`)
      expect(list.body).toContain('href="b.html"')
      expect((await get(`http://127.0.0.1:${port}/plain/`)).status).toBe(403)
      expect((await get(`http://127.0.0.1:${port}/other`)).body).toContain('"app"')
    },
  )
})
