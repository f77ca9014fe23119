import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { writtenFor } from './stores/app-pair.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { run, startServer } from './support/process.ts'
import { findServer, findTomcat, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'
import { stageTomcat, startTomcat, stockServerXml } from './support/tomcat.ts'

const cookie = (name: string): string =>
  `cookie: { name: ${name}, path: /shop, domain: shop.example.com, sameSite: strict, secure: true, httpOnly: true }`

/** What a browser is told of the cookie. */
const attributesIn = (setCookie: string): readonly string[] =>
  setCookie
    .split(/; */)
    .map((part, index) => (index === 0 ? part.replace(/=.*/, '') : part.toLowerCase()))
    .filter((part) => !/^(?:expires|max-age)=/.test(part))
    .sort()

const expected = (name: string): readonly string[] =>
  ['domain=shop.example.com', 'httponly', 'path=/shop', 'samesite=strict', 'secure', name].sort()

withServers(
  { php: findServer('php', '8.2') },
  'PHP sends the session cookie of the spec and keeps sessions for its lifetime',
  async ({ php }) => {
    const ini = writtenFor(
      `{ runtime: php, version: "8.2", ${cookie('SHOPID')}, sessions: { store: files, directory: /tmp, lifetime: 45m } }`,
      null,
    )
    const folder = tempDir()
    writeFileSync(
      join(folder, 'index.php'),
      "<?php session_start(); echo ini_get('session.gc_maxlifetime');",
    )
    const port = await freePort()
    const running = await startServer([php.command, '-S', `127.0.0.1:${port}`, '-t', folder], {
      cwd: folder,
      ports: [port],
      env: { PHP_INI_SCAN_DIR: ini },
    })
    const { body, headers } = await get(`http://127.0.0.1:${port}/`)
    expect(attributesIn(String(headers['set-cookie']))).toEqual(expected('SHOPID'))
    expect(body).toBe('2700')
    await running.stop()
  },
)

/** Runs one request through Django's session middleware. */
const request = `
import sys
sys.path.insert(0, sys.argv[1])
from django.conf import settings
import sessctl_sessions
settings.configure(SECRET_KEY="x", **{name: getattr(sessctl_sessions, name) for name in dir(sessctl_sessions) if name.isupper()})
import django
django.setup()
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory
def view(request):
    request.session["user"] = 1
    return HttpResponse()
response = SessionMiddleware(view)(RequestFactory().get("/shop/"))
print(response.cookies.output(header=""))
`

withServers(
  { django: findServer('django', '4.2') },
  'Django sends the session cookie of the spec for its lifetime',
  async ({ django }) => {
    const folder = writtenFor(
      `{ runtime: django, version: "4.2", ${cookie('shopid')}, sessions: { store: signed_cookies, lifetime: 45m } }`,
      null,
    )
    const { output } = await run([django.command, '-c', request, folder], folder, 60_000)
    expect(attributesIn(output.trim())).toEqual(expected('shopid'))
    expect(output).toContain('Max-Age=2700')
  },
)

withServers(
  { tomcat: findTomcat('9') },
  'Tomcat sends the session cookie of the spec and ends sessions after its lifetime',
  async ({ tomcat }) => {
    const written = writtenFor(
      `{ runtime: tomcat, version: "${tomcat.version}", ${cookie('SHOPID')}, sessions: { store: local, lifetime: 45m } }`,
      null,
    )
    const port = await freePort()
    const base = stageTomcat(tomcat, { serverXml: stockServerXml(tomcat, port, 'r1') })
    cpSync(join(written, 'conf', 'context.xml'), join(base.dir, 'conf', 'context.xml'))
    cpSync(join(written, 'conf', 'Catalina'), join(base.dir, 'conf', 'Catalina'), {
      recursive: true,
    })
    // An application with its own timeout keeps that, and the cookie of the Host.
    for (const [name, webXml] of [
      ['ROOT', null],
      ['own', '<session-config><session-timeout>7</session-timeout></session-config>'],
    ] as const) {
      const folder = join(base.dir, 'webapps', name)
      mkdirSync(join(folder, 'WEB-INF'), { recursive: true })
      writeFileSync(join(folder, 'age.jsp'), '<%= session.getMaxInactiveInterval() %>')
      if (webXml === null) continue
      const root = '<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0">'
      writeFileSync(join(folder, 'WEB-INF', 'web.xml'), `${root}${webXml}</web-app>`)
    }
    const running = await startTomcat(base, [port])
    expect(running.warnings()).toEqual([])
    for (const [path, seconds] of [
      ['/age.jsp', '2700'],
      ['/own/age.jsp', '420'],
    ] as const) {
      const { body, headers } = await get(`http://127.0.0.1:${port}${path}`, { timeout: 60_000 })
      expect(attributesIn(String(headers['set-cookie']))).toEqual(expected('SHOPID'))
      expect(body.trim()).toBe(seconds)
    }
    await running.stop()
  },
)
