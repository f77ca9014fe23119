import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { makeCertificate, placeCertificate } from '../support/certificate.ts'
import { run } from '../support/process.ts'
import { findServer, withServers } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { writtenFor } from './app-pair.ts'
import { startRedisCluster, startRedisOverTls } from './data-stores.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

const counting = `
import sys
sys.path.insert(0, sys.argv[1])
from django.conf import settings
import sessctl_sessions
settings.configure(SECRET_KEY="x", CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}, **sessctl_sessions.SESSION_CACHES}, SESSION_ENGINE=sessctl_sessions.SESSION_ENGINE, SESSION_CACHE_ALIAS="sessions")
import django
django.setup()
from importlib import import_module
session = import_module(settings.SESSION_ENGINE).SessionStore()
session["count"] = 1
session.save()
print("saved")
`

withServers(
  {
    php: findServer('php', '8.2'),
    django: findServer('django', '4.2'),
    redis: findServer('redis', '7.0'),
  },
  'clients verify Redis with the authorities of the spec, and show their own certificate',
  async ({ php, django, redis }) => {
    const dir = tempDir()
    const [certificate, key, both] = ['a.crt', 'a.key', 'a.pem'].map((name) => join(dir, name))
    if (!certificate || !key || !both) throw new Error('no files')
    placeCertificate(await makeCertificate(['IP:127.0.0.1', 'DNS:redis.internal']), {
      certificate,
      key,
    })
    writeFileSync(both, `${readFileSync(certificate, 'utf8')}\n${readFileSync(key, 'utf8')}`)
    const config = [
      `tls-cert-file ${certificate}`,
      `tls-key-file ${key}`,
      `tls-ca-cert-file ${certificate}`,
      'tls-auth-clients yes',
    ]
    const store = await startRedisOverTls(redis, config)
    // The redis extension 5.3.7 uses a stream context for clusters only.
    const nodes = await startRedisCluster(redis, { config, isTls: true })
    const phpStore = nodes.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
    const redisWith = (tls: string): string =>
      `{ kind: redis, addresses: ["127.0.0.1:${store.port}"], tls: ${tls} }`

    const phpSays = async (tls: string): Promise<string> => {
      const ini = writtenFor(
        '{ runtime: php, version: "8.2", sessions: { store: rediscluster, use: store } }',
        `{ kind: redis, mode: cluster, addresses: [${phpStore}], tls: ${tls} }`,
      )
      const folder = tempDir()
      const extensions = ['igbinary', 'msgpack', 'redis'].map((name) => `extension=${name}.so\n`)
      writeFileSync(join(folder, '10.ini'), extensions.join(''))
      const code = "session_id('abcdefghijklmnopqrstuvwxyz'); session_start(); echo 'saved';"
      const env = { PHP_INI_SCAN_DIR: `${folder}:${ini}` }
      return (await run([php.command, '-c', folder, '-r', code], folder, 60_000, env)).output
    }
    const djangoSays = async (tls: string): Promise<string> => {
      const folder = writtenFor(
        '{ runtime: django, version: "4.2", sessions: { store: cache, use: store } }',
        redisWith(tls),
      )
      return (await run([django.command, '-c', counting, folder], folder, 60_000)).output
    }

    const whole = `{ ca: ${certificate}, certificate: ${both} }`
    expect(await phpSays(whole)).toBe('saved')
    expect(await phpSays(whole.replace('{', '{ serverName: redis.internal,'))).toBe('saved')
    expect(await phpSays(whole.replace('{', '{ serverName: other.internal,'))).toContain('Warning')
    expect(await phpSays(`{ ca: ${certificate} }`)).toContain('Warning')
    expect(await phpSays(`{ certificate: ${both} }`)).toContain('certificate verify failed')
    expect((await djangoSays(whole)).trim()).toBe('saved')
    expect(await djangoSays(`{ ca: ${certificate} }`)).not.toContain('saved')
    expect(await djangoSays(`{ certificate: ${both} }`)).toContain('certificate verify failed')
    for (const each of [store, ...nodes]) await each.stop()
  },
)
