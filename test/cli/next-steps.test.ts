import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)), 'utf8')

const shop = fixture('docs/shop.yaml')

const proxied = (targets: string, upstream: string, rest = ''): string => `version: 1
name: shop
targets: { ${targets} }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams: { shop: { affinity: { method: sticky, by: cookie, cookie: srv_id }, servers: { a: "10.0.0.1:8080", b: "10.0.0.2:8080" }${upstream} } }
${rest}`

const nginx = 'nginx: { version: "1.30.6" }'
const redis =
  'stores: { r: { kind: redis, addresses: ["10.0.0.9:6379"], password: { env: REDIS_PASSWORD } } }\n'

/** What each run prints after "Next:", one line for each step; the specs are generated in turn. */
const stepsOf = (specs: readonly string[], ...args: readonly string[]) =>
  inTemporaryFolder(async (cwd) => {
    let steps: readonly string[] = []
    for (const spec of specs) {
      writeFileSync(join(cwd, 'sessctl.yaml'), spec)
      const { exitCode, stdout } = await runHere(['generate', ...args], { cwd })
      expect(exitCode).toBe(0)
      const [, after = ''] = stdout.split('\nNext:\n')
      steps = after.split('\n').flatMap((line) => /^ {2}\d+\. (.*)$/.exec(line)?.[1] ?? [])
    }
    return steps
  })

const reloadNginx = 'install nginx/shop.conf, then: nginx -t && nginx -s reload'

describe('generate ends with what is left to do', () => {
  test('nginx alone is reloaded', async () => {
    expect(await stepsOf([proxied(nginx, '')])).toEqual([reloadNginx])
  })

  test('Angie and OpenResty are reloaded by their own program', async () => {
    expect(await stepsOf([proxied('nginx: { flavor: angie, version: "1.11.0" }', '')])).toEqual([
      'install nginx/shop.conf, then: angie -t && angie -s reload',
    ])
    expect(
      await stepsOf([proxied('nginx: { flavor: openresty, version: "1.27.1.2" }', '')]),
    ).toEqual(['install nginx/shop.conf, then: openresty -t && openresty -s reload'])
  })

  test('HAProxy and httpd are checked and reloaded', async () => {
    const targets = 'haproxy: { version: "3.2" }, httpd: { version: "2.4" }'
    expect(await stepsOf([proxied(targets, '')])).toEqual([
      'install haproxy/haproxy.cfg, then: haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy',
      'install httpd/shop.conf, httpd/shop.ports.conf, then: apachectl configtest && apachectl graceful',
    ])
  })

  test('Tomcats with a store in Redis: store, jars, environment, Tomcats, proxy', async () => {
    const app = `, app: { runtime: tomcat, version: "9.0.122", sessions: { store: redisson, use: r } }`
    expect(await stepsOf([proxied(nginx, app, redis)])).toEqual([
      'make sure that the session store "r" is running (10.0.0.9:6379)',
      'copy to lib/ of a, b: redisson-all-3.39.0.jar, redisson-tomcat-9-3.39.0.jar (--fetch-libs FOLDER downloads them)',
      'set in the environment of Tomcat on a, b: REDIS_PASSWORD',
      'copy tomcat/a/, tomcat/b/ to the CATALINA_BASE on a, b, then start or restart Tomcat, one server at a time',
      reloadNginx,
    ])
  })

  test('PHP is reloaded, with its extension and password', async () => {
    const app = ', app: { runtime: php, version: "8.2", sessions: { store: redis, use: r } }'
    expect(await stepsOf([proxied(nginx, app, redis)])).toEqual([
      'make sure that the session store "r" is running (10.0.0.9:6379)',
      'install the PHP extension redis on a, b',
      'set in the environment of PHP-FPM (or the web server that runs PHP) on a, b: REDIS_PASSWORD',
      'copy php/shop/ to the folder of php --ini on a, b, then reload PHP-FPM (or the web server that runs PHP), one server at a time',
      reloadNginx,
    ])
  })

  test('Django is restarted, with its package and password', async () => {
    const app = ', app: { runtime: django, version: "4.2", sessions: { store: cache, use: r } }'
    expect(await stepsOf([proxied(nginx, app, redis)])).toEqual([
      'make sure that the session store "r" is running (10.0.0.9:6379)',
      'install the Python package redis on a, b',
      'set in the environment of the application on a, b: REDIS_PASSWORD',
      'copy django/shop/ to the folder of settings.py on a, b, then start or restart the application, one server at a time',
      reloadNginx,
    ])
  })

  test('Spring is restarted, with its dependencies and password', async () => {
    const app =
      ', app: { runtime: spring, version: "3.5", sessions: { store: spring-session, use: r } }'
    expect(await stepsOf([proxied(nginx, app, redis)])).toEqual([
      'make sure that the session store "r" is running (10.0.0.9:6379)',
      'add to the dependencies of the application: org.springframework.session:spring-session-data-redis, org.springframework.boot:spring-boot-starter-data-redis',
      'set in the environment of the application on a, b: REDIS_PASSWORD',
      'copy spring/shop/ to config/ next to the application on a, b, then start or restart the application, one server at a time',
      reloadNginx,
    ])
  })

  test('a database gets the table before the Tomcats use it', async () => {
    const steps = await stepsOf([fixture('specs/tomcat-jdbc.yaml')])
    expect(steps.slice(0, 3)).toEqual([
      'make sure that the session store "db" is running',
      'run tomcat/tomcats.sql in the database of the session store "db"',
      'copy to lib/ of tomcat01, tomcat02, tomcat03: postgresql-42.7.14.jar (--fetch-libs FOLDER downloads them)',
    ])
  })
})

describe('only what the run changed is left to do', () => {
  test('nothing after a run that changed nothing', async () => {
    expect(await stepsOf([shop, shop])).toEqual([])
  })

  test('only the proxy after a change of a location', async () => {
    expect(await stepsOf([shop, shop.replace('match: /,', 'match: /shop/,')])).toEqual([
      reloadNginx,
    ])
  })

  test('a new server is started before the proxy sends requests to it', async () => {
    const larger = shop.replace(/( +)tomcat02: .*\n/, '$&$1tomcat03: 192.168.33.12:8080\n')
    expect(await stepsOf([shop, larger])).toEqual([
      'copy tomcat/tomcat03/ to the CATALINA_BASE on tomcat03, then start or restart Tomcat',
      reloadNginx,
    ])
  })

  test('a server that is removed is stopped after the proxy was reloaded', async () => {
    const smaller = shop.replace(/ +tomcat02: .*\n/, '')
    expect(await stepsOf([shop, smaller])).toEqual([
      reloadNginx,
      'stop tomcat02: no proxy sends requests to it any more',
    ])
  })

  test('Tomcats that keep their own sessions are drained before they are restarted', async () => {
    const renamed = shop.replace(/runtime: tomcat,/, '$& cookie: { name: SHOP },')
    expect(await stepsOf([shop, renamed])).toEqual([
      'copy tomcat/tomcat01/, tomcat/tomcat02/ to the CATALINA_BASE on tomcat01, tomcat02, then restart Tomcat, one server at a time, after draining it in the proxy',
      reloadNginx,
    ])
  })

  test('a new server needs the jars and the password that the others have', async () => {
    const app = `, app: { runtime: tomcat, version: "9.0.122", sessions: { store: redisson, use: r } }`
    const spec = proxied(nginx, app, redis)
    const larger = spec.replace('b: "10.0.0.2:8080"', '$&, c: "10.0.0.3:8080"')
    expect(await stepsOf([spec, larger])).toEqual([
      'make sure that the session store "r" is running (10.0.0.9:6379)',
      'copy to lib/ of c: redisson-all-3.39.0.jar, redisson-tomcat-9-3.39.0.jar (--fetch-libs FOLDER downloads them)',
      'set in the environment of Tomcat on c: REDIS_PASSWORD',
      'copy tomcat/c/ to the CATALINA_BASE on c, then start or restart Tomcat',
      reloadNginx,
    ])
  })

  test('a proxy that is no target any more loses its files', async () => {
    const both = proxied(`${nginx}, haproxy: { version: "3.2" }`, '')
    expect(await stepsOf([both, proxied(nginx, '')])).toEqual([
      'remove from your servers: haproxy/haproxy.cfg',
    ])
  })
})

describe('the list', () => {
  test('--dry-run prints it; --quiet and --check do not', async () => {
    expect(await stepsOf([proxied(nginx, '')], '--dry-run')).toEqual([reloadNginx])
    expect(await stepsOf([proxied(nginx, '')], '--quiet')).toEqual([])
    await inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'sessctl.yaml'), proxied(nginx, ''))
      const { stdout } = await runHere(['generate', '--check'], { cwd })
      expect(stdout).not.toContain('Next:')
    })
  })

  test('is in JSON with all names', () =>
    inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'sessctl.yaml'), shop)
      const { stdout } = await runHere(['generate', '--format', 'json'], { cwd })
      expect(JSON.parse(stdout).next).toEqual([
        {
          kind: 'start',
          runtime: 'tomcat',
          servers: ['tomcat01', 'tomcat02'],
          files: [
            'tomcat/tomcat01/conf/server.xml',
            'tomcat/tomcat01/conf/context.xml',
            'tomcat/tomcat02/conf/server.xml',
            'tomcat/tomcat02/conf/context.xml',
          ],
          drain: false,
        },
        {
          kind: 'reload',
          program: 'nginx',
          command: 'nginx -t && nginx -s reload',
          files: ['nginx/shop.conf'],
          removed: [],
        },
      ])
      const again = await runHere(['generate', '--format', 'json'], { cwd })
      expect(JSON.parse(again.stdout).next).toEqual([])
    }))
})
