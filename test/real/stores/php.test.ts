import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { run } from '../support/process.ts'
import { findServer, type Server, withServers } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { writtenFor } from './app-pair.ts'
import { startRedis } from './data-stores.ts'
import { oddPassword, oddUser } from './odd-user.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

/** As a package of each extension would have it; those of the first line are needed by the others. */
const extensions = ['igbinary', 'msgpack', 'redis', 'memcached', 'memcache']

type Env = Readonly<Record<string, string>>

/** What a script says with a written file, and all extensions. */
const says = async ({ command }: Server, code: string, ini: string, env: Env = {}) => {
  const dir = tempDir()
  writeFileSync(join(dir, '10.ini'), extensions.map((name) => `extension=${name}.so\n`).join(''))
  const scanned = { PHP_INI_SCAN_DIR: `${dir}:${ini}`, ...env }
  const { output } = await run([command, '-c', dir, '-r', code], dir, 60_000, scanned)
  return output
}

const php = findServer('php', '8.2')
const runtime = 'runtime: php, version: "8.2"'

/** What the servers of a whole cluster keep of each other is in ../lab-table/. */
describe('PHP 8.2', () => {
  withServers(
    { php, redis: findServer('redis', '7.0') },
    'Redis, as a user with a password of any characters',
    async (servers) => {
      const redis = await startRedis(servers.redis, oddUser)
      const password = 'password: { env: REDIS_PASSWORD }'
      const written = writtenFor(
        `{ ${runtime}, sessions: { store: redis, use: store, keyPrefix: shop } }`,
        `{ kind: redis, addresses: ["127.0.0.1:${redis.port}"], username: shop, ${password}, database: 3 }`,
      )
      const code = `session_id('abcdefghijklmnopqrstuvwxyz'); session_start(); $_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1; echo $_SESSION['count'];`
      const env = { REDIS_PASSWORD: encodeURIComponent(oddPassword) }
      expect(await says(servers.php, code, written, env)).toBe('1')
      expect(await says(servers.php, code, written, env)).toBe('2')
      const wrong = { REDIS_PASSWORD: 'another' }
      expect(await says(servers.php, code, written, wrong)).toContain('Warning')
      await redis.stop()
    },
  )

  withServers({ php }, 'knows every setting that is written', async (servers) => {
    const folders = [
      writtenFor(
        `{ ${runtime}, sessions: { store: redis, use: store } }`,
        '{ kind: redis, addresses: ["127.0.0.1:1"] }',
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
