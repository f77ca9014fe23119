import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { run } from '../support/process.ts'
import { findServer, withServers } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { writtenFor } from './app-pair.ts'
import { startRedis } from './data-stores.ts'
import { oddPassword, oddUser } from './odd-user.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

/** The settings of the application, which import the generated module. */
const settings = `
SECRET_KEY = "the same on every server"
from .sessctl_sessions import *
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}, **SESSION_CACHES}
`

/** Increments the counter of a session, or creates a session; prints key and count. */
const count = `
import sys
import django
django.setup()
from importlib import import_module
from django.conf import settings
session = import_module(settings.SESSION_ENGINE).SessionStore(*sys.argv[1:])
session["count"] = session.get("count", 0) + 1
session.save()
print(session.session_key, session["count"])
`

/** Sharing between several servers is tested in ../lab-table/. */
describe('Django 4.2', () => {
  withServers(
    { django: findServer('django', '4.2'), redis: findServer('redis', '7.0') },
    'reads the Redis password from a file next to the settings, started from any folder',
    async ({ django, redis }) => {
      const running = await startRedis(redis, oddUser)
      const login = 'username: shop, password: { file: key.txt }'
      const folder = writtenFor(
        '{ runtime: django, version: "4.2", sessions: { store: cache, use: store } }',
        `{ kind: redis, addresses: ["127.0.0.1:${running.port}"], ${login} }`,
      )
      writeFileSync(join(folder, 'key.txt'), `${oddPassword}\n`)
      writeFileSync(
        join(folder, 'shop_settings.py'),
        settings.replace('.sessctl_sessions', 'sessctl_sessions'),
      )
      const env = { DJANGO_SETTINGS_MODULE: 'shop_settings' }
      const code = `import sys\nsys.path.insert(0, ${JSON.stringify(folder)})\n${count}`
      const { output } = await run([django.command, '-c', code], tempDir(), 120_000, env)
      expect(output).toMatch(/^\w{32} 1$/m)
      await running.stop()
    },
  )

  withServers(
    { django: findServer('django', '4.2'), redis: findServer('redis', '7.0') },
    'logs in to Redis as a user with a password of any characters',
    async ({ django, redis }) => {
      const running = await startRedis(redis, oddUser)
      const login = 'username: shop, password: { env: REDIS_PASSWORD }, database: 3'
      const folder = writtenFor(
        '{ runtime: django, version: "4.2", sessions: { store: cache, use: store, keyPrefix: shop } }',
        `{ kind: redis, addresses: ["127.0.0.1:${running.port}"], ${login} }`,
      )
      const project = join(folder, 'project')
      mkdirSync(project)
      writeFileSync(join(project, '__init__.py'), '')
      writeFileSync(join(project, 'settings.py'), settings)
      writeFileSync(join(project, 'sessctl_sessions.py'), `from sessctl_sessions import *\n`)
      const says = async (password: string, ...key: readonly string[]) => {
        const env = { DJANGO_SETTINGS_MODULE: 'project.settings', REDIS_PASSWORD: password }
        const { output } = await run([django.command, '-c', count, ...key], folder, 120_000, env)
        return output.trim()
      }
      const [, key = ''] = /^(\w{32}) 1$/.exec(await says(oddPassword)) ?? []
      expect(await says(oddPassword, key)).toBe(`${key} 2`)
      expect(await says('another', key)).toContain('invalid username-password pair')
      await running.stop()
    },
  )
})
