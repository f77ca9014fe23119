import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor } from './support/proxies.ts'
import { withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

/** Of "anna" with the password "secret", made by `openssl passwd -apr1`. */
const passwordLine = 'anna:$apr1$mVZQAxnn$DX/84.7Ws2wYWABKl17ny/'

const inBoth = [
  '- { match: /, upstream: app }',
  '- { match: ["~ /\\\\.", "~* \\\\.(bak|sql)$"], deny: [all] }',
  '- { match: [/admin/, = /metrics, "^~ /reports/"], upstream: app, allow: [127.0.0.0/8], deny: [127.0.0.9] }',
  '- { match: /crawlers/, upstream: app, deny: [127.0.0.2, 127.0.0.8/30] }',
]

const withPasswords = (file: string): readonly string[] => [
  `- { match: /staging/, upstream: app, basicAuth: ${file} }`,
  `- { match: /internal/, upstream: app, basicAuth: { file: ${file}, realm: Internal pages }, allow: [127.0.0.2], deny: [127.0.0.9] }`,
]

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`

describe.each(allProxies)('$title', (proxy) => {
  withServers(
    { server: proxy.server },
    'gives access to the clients and passwords of each location',
    async ({ server }) => {
      const { port: backend } = await startBackend('app')
      const port = await freePort()
      const folder = tempDir()
      // The workers of httpd run as another user.
      chmodSync(folder, 0o755)
      const file = join(folder, 'users')
      writeFileSync(file, `${passwordLine}\n`)
      const hasPasswords = !proxy.title.startsWith('HAProxy')
      const locations = [...inBoth, ...(hasPasswords ? withPasswords(file) : [])]
      const rest = `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    locations:
${locations.map((each) => `      ${each}`).join('\n')}
upstreams:
  app: { servers: { app: "127.0.0.1:${backend}" } }
`
      await proxy.start(server, artifactsFor(proxy, server, rest), [port])

      const statusOf = async (path: string, from = '127.0.0.1', login?: string) => {
        const headers = login === undefined ? {} : { Authorization: basic(login) }
        return (await get(`http://127.0.0.1:${port}${path}`, { from, headers })).status
      }
      const statuses = async (paths: readonly string[], from?: string) =>
        Promise.all(paths.map(async (path) => [path, await statusOf(path, from)]))
      const all = (paths: readonly string[], status: number) => paths.map((path) => [path, status])

      const rejected = ['/.git/config', '/shop/.env', '/dump.SQL', '/a/site.bak']
      expect(await statuses(rejected)).toEqual(all(rejected, 403))
      const open = ['/', '/gitconfig', '/dump.sqlx', '/metrics/x']
      expect(await statuses(open, '127.0.0.9')).toEqual(all(open, 200))
      const restricted = ['/admin/', '/metrics', '/reports/x']
      expect(await statuses(restricted, '127.0.0.8')).toEqual(all(restricted, 200))
      expect(await statuses(restricted, '127.0.0.9')).toEqual(all(restricted, 403))
      expect({
        listed: await statusOf('/crawlers/', '127.0.0.2'),
        'in a listed network': await statusOf('/crawlers/', '127.0.0.10'),
        'in no listed network': await statusOf('/crawlers/', '127.0.0.12'),
      }).toEqual({ listed: 403, 'in a listed network': 403, 'in no listed network': 200 })
      if (!hasPasswords) return

      const right = 'anna:secret'
      expect({
        'no password': await statusOf('/staging/'),
        'a wrong password': await statusOf('/staging/', '127.0.0.1', 'anna:Secret'),
        'another user': await statusOf('/staging/', '127.0.0.1', 'bob:secret'),
        'the password': await statusOf('/staging/', '127.0.0.1', right),
        'the password and an address': await statusOf('/internal/', '127.0.0.2', right),
        'an address': await statusOf('/internal/', '127.0.0.2'),
        'the password, another address': await statusOf('/internal/', '127.0.0.3', right),
      }).toEqual({
        'no password': 401,
        'a wrong password': 401,
        'another user': 401,
        'the password': 200,
        'the password and an address': 200,
        'an address': 401,
        'the password, another address': 403,
      })
      const asked = await get(`http://127.0.0.1:${port}/internal/`, { from: '127.0.0.2' })
      expect(asked.headers['www-authenticate']).toMatch(/^Basic realm="Internal pages"/)
    },
  )
})
