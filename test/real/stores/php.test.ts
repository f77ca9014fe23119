import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { run, startServer } from '../support/process.ts'
import { findServer, type Server, withServers } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { type AppServer, expectShared, visit, writtenFor } from './app-pair.ts'
import { startMemcached, startRedis, startRedisCluster } from './data-stores.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

const page = `<?php
session_start();
$_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1;
if (isset($_GET['wait'])) usleep(300000);
header('Content-Type: application/json');
echo json_encode(['count' => $_SESSION['count'], 'server' => $_SERVER['SERVER_PORT']]);
`

/** As a package of each extension would have it; those of the first line are needed by the others. */
const extensions = ['igbinary', 'msgpack', 'redis', 'memcached', 'memcache']

type Env = Readonly<Record<string, string>>

/** PHP's own server, with the written file in the folder that it scans. */
const startPhp = async ({ command }: Server, ini: string, env: Env): Promise<AppServer> => {
  const dir = tempDir()
  mkdirSync(join(dir, 'www'))
  writeFileSync(join(dir, 'www', 'index.php'), page)
  const loaded = extensions.map((name) => `extension=${name}.so\n`).join('')
  writeFileSync(join(dir, '10-extensions.ini'), loaded)
  const port = await freePort()
  const server = ['-S', `127.0.0.1:${port}`, '-t', join(dir, 'www')]
  const running = await startServer([command, '-c', dir, ...server], {
    cwd: dir,
    ports: [port],
    env: { PHP_INI_SCAN_DIR: `${dir}:${ini}`, PHP_CLI_SERVER_WORKERS: '4', ...env },
  })
  return { running, port }
}

const php = findServer('php', '8.2')
const runtime = 'runtime: php, version: "8.2"'

/** Both servers with what sessctl writes for that store. */
const startBoth = async (server: Server, store: string, stores: string | null, env: Env = {}) => {
  const ini = writtenFor(`{ ${runtime}, sessions: ${store} }`, stores)
  return Promise.all([startPhp(server, ini, env), startPhp(server, ini, env)])
}

const said = ({ running }: AppServer): readonly string[] =>
  running
    .output()
    .split('\n')
    .filter((line) => /warning|error|notice|deprecated/i.test(line))

describe('PHP 8.2', () => {
  withServers(
    { php, redis: findServer('redis', '7.0') },
    'redis, as a user with a password',
    async (servers) => {
      const redis = await startRedis(servers.redis, [
        'user shop on >p@ss/w%rd~&1 ~* +@all',
        'user default off',
      ])
      const password = 'password: { env: REDIS_PASSWORD }'
      const stores = `{ kind: redis, addresses: ["127.0.0.1:${redis.port}"], username: shop, ${password}, database: 3 }`
      const env = { REDIS_PASSWORD: encodeURIComponent('p@ss/w%rd~&1') }
      const sessions = '{ store: redis, use: store, keyPrefix: shop }'
      const [first, second] = await startBoth(servers.php, sessions, stores, env)
      await expectShared(first, second)
      expect([...said(first), ...said(second)]).toEqual([])
      await redis.stop()
    },
  )

  withServers(
    { php, redis: findServer('redis', '7.0') },
    'redis: parallel requests wait for each other',
    async (servers) => {
      const redis = await startRedis(servers.redis)
      const stores = `{ kind: redis, addresses: ["127.0.0.1:${redis.port}"] }`
      const [first, second] = await startBoth(servers.php, '{ store: redis, use: store }', stores)
      const cookies = new Map<string, string>()
      await visit(first, cookies)
      const both = [first, second, first, second].map((server) => visit(server, new Map(cookies)))
      const counts = (await Promise.all(both)).map(({ count }) => count).sort()
      expect(counts).toEqual([2, 3, 4, 5])
      await Promise.all([first.running.stop(), second.running.stop(), redis.stop()])
    },
  )

  withServers({ php, redis: findServer('redis', '7.0') }, 'rediscluster', async (servers) => {
    const nodes = await startRedisCluster(servers.redis)
    const addresses = nodes.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
    const stores = `{ kind: redis, mode: cluster, addresses: [${addresses}] }`
    const [first, second] = await startBoth(
      servers.php,
      '{ store: rediscluster, use: store }',
      stores,
    )
    await expectShared(first, second)
    expect([...said(first), ...said(second)]).toEqual([])
    await Promise.all(nodes.map((node) => node.stop()))
  })

  for (const store of ['memcached', 'memcache']) {
    withServers({ php, memcached: findServer('memcached', '1.6') }, store, async (servers) => {
      const [one, two] = [
        await startMemcached(servers.memcached),
        await startMemcached(servers.memcached),
      ]
      const nodes = `{ n1: "127.0.0.1:${one.port}", n2: "127.0.0.1:${two.port}" }`
      const stores = `{ kind: memcached, servers: ${nodes} }`
      const sessions = `{ store: ${store}, use: store, keyPrefix: shop }`
      const [first, second] = await startBoth(servers.php, sessions, stores)
      await expectShared(first, second)
      expect([...said(first), ...said(second)]).toEqual([])
      await Promise.all([one.stop(), two.stop()])
    })
  }

  withServers({ php }, 'files of a folder that both share', async (servers) => {
    const sessions = `{ store: files, directory: ${tempDir()} }`
    const [first, second] = await startBoth(servers.php, sessions, null)
    await expectShared(first, second)
  })

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
    const dir = tempDir()
    writeFileSync(join(dir, '10.ini'), extensions.map((name) => `extension=${name}.so\n`).join(''))
    for (const folder of folders) {
      const code = `foreach (parse_ini_file('${folder}/sessions.ini', false, INI_SCANNER_RAW) as $k => $v) echo $k, ini_get($k) === false ? ' unknown' : '', "\\n";`
      const env = { PHP_INI_SCAN_DIR: `${dir}:${folder}` }
      const { output } = await run([servers.php.command, '-c', dir, '-r', code], dir, 20_000, env)
      expect(output).toContain('session.save_handler\n')
      expect(output).not.toContain('unknown')
    }
  })
})
