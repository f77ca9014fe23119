import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { makeCertificate, placeCertificate } from '../support/certificate.ts'
import { run } from '../support/process.ts'
import { findServer, type Server, withServers } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { writtenFor } from './app-pair.ts'
import { startRedis, startRedisCluster, startRedisOverTls } from './data-stores.ts'
import { oddPassword, oddUser } from './odd-user.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

/** The extensions, in load order: the others need those of the first line. */
const extensions = ['igbinary', 'msgpack', 'redis', 'memcached', 'memcache']

type Env = Readonly<Record<string, string>>

/** The output of a script with a generated .ini file and all extensions. */
const says = async (
  { command }: Server,
  code: string,
  ini: string,
  env: Env = {},
  options: readonly string[] = [],
) => {
  const dir = tempDir()
  writeFileSync(join(dir, '10.ini'), extensions.map((name) => `extension=${name}.so\n`).join(''))
  const scanned = { PHP_INI_SCAN_DIR: `${dir}:${ini}`, ...env }
  const { output } = await run([command, '-c', dir, ...options, '-r', code], dir, 60_000, scanned)
  return output
}

const php = findServer('php', '8.2')
const runtime = 'runtime: php, version: "8.2"'

/** Increments the counter of one session. */
const countingOf = (id: string): string =>
  `session_id('${id}'); session_start(); $_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1; echo $_SESSION['count'];`

/** A certificate for loopback, for Redis and PHP. */
const certified = async () => {
  const dir = tempDir()
  const [certificate, key] = [join(dir, 'redis.crt'), join(dir, 'redis.key')]
  placeCertificate(await makeCertificate(['IP:127.0.0.1']), { certificate, key })
  const config = [
    `tls-cert-file ${certificate}`,
    `tls-key-file ${key}`,
    `tls-ca-cert-file ${certificate}`,
    'tls-auth-clients no',
  ]
  return { config, trusted: ['-d', `openssl.cafile=${certificate}`] }
}

/** Sharing between several servers is tested in ../lab-table/. */
describe('PHP 8.2', () => {
  withServers(
    { php, redis: findServer('redis', '7.0') },
    'logs in to Redis as a user with a password of any characters',
    async (servers) => {
      const redis = await startRedis(servers.redis, oddUser)
      const password = 'password: { env: REDIS_PASSWORD }'
      const written = writtenFor(
        `{ ${runtime}, sessions: { store: redis, use: store, keyPrefix: shop } }`,
        `{ kind: redis, addresses: ["127.0.0.1:${redis.port}"], username: shop, ${password}, database: 3 }`,
      )
      const code = countingOf('abcdefghijklmnopqrstuvwxyz')
      const env = { REDIS_PASSWORD: encodeURIComponent(oddPassword) }
      expect(await says(servers.php, code, written, env)).toBe('1')
      expect(await says(servers.php, code, written, env)).toBe('2')
      const wrong = { REDIS_PASSWORD: 'another' }
      expect(await says(servers.php, code, written, wrong)).toContain('Warning')
      await redis.stop()
    },
  )

  for (const mode of ['single', 'cluster'] as const) {
    withServers(
      { php, redis: findServer('redis', '7.0') },
      `uses Redis in mode ${mode} over TLS and verifies its certificate`,
      async (servers) => {
        const { config, trusted } = await certified()
        const nodes =
          mode === 'single'
            ? [await startRedisOverTls(servers.redis, [...config, ...oddUser])]
            : await startRedisCluster(servers.redis, {
                config,
                isTls: true,
                last: oddUser.map((line) => line.replace(/^user/, 'ACL SETUSER')),
              })
        const addresses = nodes.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
        const store = mode === 'single' ? 'redis' : 'rediscluster'
        const login = 'username: shop, password: { env: REDIS_PASSWORD }, tls: true'
        const written = writtenFor(
          `{ ${runtime}, sessions: { store: ${store}, use: store, keyPrefix: shop } }`,
          `{ kind: redis, mode: ${mode}, addresses: [${addresses}], ${login} }`,
        )
        const env = { REDIS_PASSWORD: encodeURIComponent(oddPassword) }
        // Sessions on different masters of a cluster.
        const codes = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => countingOf(id.repeat(26)))
        for (const count of ['1', '2'])
          for (const code of codes)
            expect(await says(servers.php, code, written, env, trusted)).toBe(count)
        const [code = ''] = codes
        expect(await says(servers.php, code, written, env)).toContain('certificate verify failed')
        const wrong = { REDIS_PASSWORD: 'another' }
        expect(await says(servers.php, code, written, wrong, trusted)).not.toBe('3')
        for (const node of nodes) await node.stop()
      },
    )
  }

  withServers({ php }, 'supports every generated setting', async (servers) => {
    const folders = [
      writtenFor(
        `{ ${runtime}, sessions: { store: redis, use: store } }`,
        '{ kind: redis, addresses: ["127.0.0.1:1"] }',
      ),
      writtenFor(
        `{ ${runtime}, sessions: { store: rediscluster, use: store } }`,
        '{ kind: redis, mode: cluster, addresses: ["127.0.0.1:1"], tls: true }',
      ),
      writtenFor(
        `{ ${runtime}, sessions: { store: memcached, use: store, keyPrefix: shop } }`,
        '{ kind: memcached, servers: { n1: "127.0.0.1:1" } }',
      ),
      writtenFor(
        `{ ${runtime}, sessions: { store: memcache, use: store, keyPrefix: shop } }`,
        '{ kind: memcached, servers: { n1: "127.0.0.1:1", n2: "127.0.0.1:2" } }',
      ),
    ]
    for (const folder of folders) {
      const code = `foreach (parse_ini_file('${folder}/sessions.ini', false, INI_SCANNER_RAW) as $k => $v) echo $k, ini_get($k) === false ? ' unknown' : '', "\\n";`
      const output = await says(servers.php, code, folder)
      expect(output).toContain('session.save_handler\n')
      expect(output).not.toMatch(/unknown|Warning/)
    }
  })
})
