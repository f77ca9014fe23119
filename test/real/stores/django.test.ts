import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, vi } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { run, startServer } from '../support/process.ts'
import { findServer, type Server, withServers } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { type AppServer, expectShared, writtenFor } from './app-pair.ts'
import { startMemcached, startRedis } from './data-stores.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

/** A project of one file; the database is one that both servers see. */
const settings = (database: string, hasCache: boolean): string => `
SECRET_KEY = "the same on every server"
ALLOWED_HOSTS = ["127.0.0.1"]
DEBUG = False
ROOT_URLCONF = "project.urls"
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "${database}"}}
from .sessctl_sessions import *
${hasCache ? 'CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}, **SESSION_CACHES}' : ''}
`

const urls = `
import os
from django.http import JsonResponse
from django.urls import path

def count(request):
    request.session["count"] = request.session.get("count", 0) + 1
    return JsonResponse({"count": request.session["count"], "server": str(os.getpid())})

urlpatterns = [path("", count)]
`

type Env = Readonly<Record<string, string>>

const startDjango = async ({ command }: Server, project: string, env: Env): Promise<AppServer> => {
  const port = await freePort()
  const args = ['-m', 'django', 'runserver', '--noreload', '--skip-checks', `127.0.0.1:${port}`]
  const options = { cwd: project, ports: [port], env, deadline: 90_000 }
  return { running: await startServer([command, ...args], options), port }
}

/** Two servers of one project, with the module that sessctl writes. */
const startBoth = async (
  server: Server,
  sessions: string,
  stores: string | null = null,
  more: Env = {},
): Promise<readonly [AppServer, AppServer]> => {
  const written = writtenFor(`{ runtime: django, version: "4.2", sessions: ${sessions} }`, stores)
  const folder = tempDir()
  const project = join(folder, 'project')
  mkdirSync(project)
  const module = readFileSync(join(written, 'sessctl_sessions.py'), 'utf8')
  const hasCache = module.includes('SESSION_CACHES')
  writeFileSync(join(project, '__init__.py'), '')
  writeFileSync(join(project, 'settings.py'), settings(join(folder, 'db.sqlite3'), hasCache))
  writeFileSync(join(project, 'urls.py'), urls)
  writeFileSync(join(project, 'sessctl_sessions.py'), module)
  const env = { DJANGO_SETTINGS_MODULE: 'project.settings', PYTHONUNBUFFERED: '1', ...more }
  const migrate = [server.command, '-m', 'django', 'migrate', '--verbosity=0'] as const
  const made = await run(migrate, folder, 120_000, env)
  if (made.exitCode !== 0) throw new Error(made.output)
  return Promise.all([startDjango(server, folder, env), startDjango(server, folder, env)])
}

describe('Django 4.2', () => {
  const django = findServer('django', '4.2')
  const redis = findServer('redis', '7.0')
  const memcached = findServer('memcached', '1.6')

  withServers({ django }, 'db', async ({ django }) => {
    await expectShared(...(await startBoth(django, '{ store: db }')))
  })

  withServers({ django }, 'signed_cookies', async ({ django }) => {
    await expectShared(...(await startBoth(django, '{ store: signed_cookies }')))
  })

  withServers({ django }, 'file, in a folder that both share', async ({ django }) => {
    const sessions = `{ store: file, directory: ${tempDir()} }`
    await expectShared(...(await startBoth(django, sessions)))
  })

  for (const store of ['cache', 'cached_db']) {
    withServers({ django, redis }, `${store} in Redis, with a user`, async (servers) => {
      const running = await startRedis(servers.redis, [
        'user shop on >p@ss/w%rd~&1 ~* +@all',
        'user default off',
      ])
      const login = 'username: shop, password: { env: REDIS_PASSWORD }, database: 3'
      const stores = `{ kind: redis, addresses: ["127.0.0.1:${running.port}"], ${login} }`
      const sessions = `{ store: ${store}, use: store, keyPrefix: shop }`
      const env = { REDIS_PASSWORD: 'p@ss/w%rd~&1' }
      await expectShared(...(await startBoth(servers.django, sessions, stores, env)))
      await running.stop()
    })
  }

  withServers({ django, memcached }, 'cache in memcached', async (servers) => {
    const running = await startMemcached(servers.memcached)
    const stores = `{ kind: memcached, servers: { n1: "127.0.0.1:${running.port}" } }`
    await expectShared(...(await startBoth(servers.django, '{ store: cache, use: store }', stores)))
    await running.stop()
  })
})
