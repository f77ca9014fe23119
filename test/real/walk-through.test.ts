import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { runCli } from '../support/run-cli.ts'
import { freePorts } from './support/free-port.ts'
import { type CookieJar, get } from './support/http.ts'
import { startServer } from './support/process.ts'
import { findServer, findTomcat, type Server, type Tomcat, withServers } from './support/servers.ts'
import { startSessionServers } from './support/session-servers.ts'
import { tempDir } from './support/temp-dir.ts'
import { stageTomcat, startTomcat, stockServerXml } from './support/tomcat.ts'

/** nginx creates these folders also for -t and -T. */
const temporaryPaths = (folder: string): string =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `    ${name}_temp_path ${folder}/${name};`)
    .join('\n')

/** As a person writes it: a map of its own, comments and columns. */
const nginxConf = (port: number, servers: readonly string[]): string => `# nginx of the shop
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
${process.getuid?.() === 0 ? 'user root;\n' : ''}events { worker_connections 256; }

http {
    access_log off;
${temporaryPaths('temp')}

    map $cookie_JSESSIONID $route {
        "~\\.(?<own>[A-Za-z0-9_-]+)$"  $own;
    }

    upstream shop {
        zone shop 64k;
        # rack A
${servers.map((address, index) => `        server   ${address}   route=${routes[index]}  fail_timeout=7s;`).join('\n')}
        sticky route $route;
    }

    server {
        listen 127.0.0.1:${port};
        location / {
            proxy_pass http://shop;
            proxy_set_header Host $host;
        }
    }
}
`

const routes = ['one', 'two']

interface User {
  readonly jar: CookieJar
  server: string | null
  count: number
}

/** Users who keep their sessions, and one new user now and then. What goes wrong is told at the end. */
const startUsers = (port: number) => {
  const faults: string[] = []
  const begun = new Map<string, number>()
  let [isOver, requests] = [false, 0]
  const visit = async (user: User): Promise<void> => {
    const { body, status } = await get(`http://127.0.0.1:${port}/session.jsp`, {
      cookies: user.jar,
    })
    requests++
    if (status !== 200) {
      faults.push(`status ${status}`)
      return
    }
    const said: { route?: string; name?: string; count: number } = JSON.parse(body)
    const server = said.route ?? said.name ?? ''
    if (user.server === null) begun.set(server, (begun.get(server) ?? 0) + 1)
    else if (server !== user.server || said.count !== user.count + 1)
      faults.push(`session ${user.count} of ${user.server} became ${said.count} of ${server}`)
    user.server = server
    user.count = said.count
  }
  const newUser = (): User => ({ jar: new Map(), server: null, count: 0 })
  const lane = async (): Promise<void> => {
    const users = [newUser(), newUser()]
    while (!isOver) {
      for (const user of [...users, newUser()])
        await visit(user).catch((error: unknown) => faults.push(String(error)))
      await sleep(40)
    }
  }
  const lanes = [lane(), lane()]
  return {
    begun,
    stop: async () => {
      isOver = true
      await Promise.all(lanes)
      return { faults, requests }
    },
  }
}

const until = async (isTrue: () => boolean): Promise<void> => {
  const deadline = performance.now() + 60_000
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error('it did not happen in time')
    await sleep(30)
  }
}

const withLongerKeepAlive = (serverXml: string): string =>
  serverXml.replace('<Connector port=', '<Connector keepAliveTimeout="75000" port=')

/** Two Tomcats and an nginx that somebody set up by hand, in a folder with a copy of their files. */
const startByHand = async (nginx: Server, tomcat: Tomcat) => {
  const [port = 0, ...ports] = await freePorts(3)
  const cwd = tempDir()
  await Promise.all(
    routes.map(async (route, index) => {
      const own = ports[index] ?? 0
      const text = stockServerXml(tomcat, own, route)
      // Tomcat two closes idle connections before nginx does.
      const serverXml = index === 0 ? withLongerKeepAlive(text) : text
      const base = stageTomcat(tomcat, { serverXml })
      await startTomcat(base, [own])
      cpSync(join(base.dir, 'conf'), join(cwd, 'hosts', route), { recursive: true })
    }),
  )
  mkdirSync(join(cwd, 'nginx/temp'), { recursive: true })
  const file = join(cwd, 'nginx/nginx.conf')
  const text = nginxConf(
    port,
    ports.map((own) => `127.0.0.1:${own}`),
  )
  writeFileSync(file, text)
  const running = await startServer(
    [nginx.command, '-e', 'stderr', '-p', join(cwd, 'nginx'), '-c', file],
    { cwd, ports: [port] },
  )
  return { cwd, file, port, running, text }
}

const xmlFiles = routes.map((route) => `hosts/${route}/server.xml`)

withServers(
  { nginx: findServer('nginx', '1.30'), tomcat: findTomcat('9') },
  'files written by hand are imported, checked, and get a server under load: no request fails and no session is lost',
  async ({ nginx, tomcat }) => {
    const { cwd, file, port, running, text } = await startByHand(nginx, tomcat)
    const read = (path: string): string => readFileSync(join(cwd, path), 'utf8')
    const env = { SESSCTL_NGINX: nginx.command }
    const sessctl = async (...args: string[]) => {
      const result = await runCli(args, { cwd, env })
      expect(result.exitCode, `${args.join(' ')}: ${result.stderr}`).toBe(0)
      expect(result.stderr).not.toMatch(/warning|error/)
      return result.stdout
    }
    const lint = async () => {
      const args = ['lint', 'nginx/nginx.conf', 'sessctl.yaml', '--format', 'json']
      const { exitCode, stdout } = await runCli(args, { cwd, env })
      const said: { readonly findings: readonly { readonly severity: string }[] } =
        JSON.parse(stdout)
      return { exitCode, findings: said.findings.filter(({ severity }) => severity !== 'info') }
    }
    const users = startUsers(port)

    await sessctl('import', 'nginx/nginx.conf', ...xmlFiles, '-o', 'sessctl.yaml')
    const spec = read('sessctl.yaml')
    expect(spec).toContain(`version: ${nginx.version}`)
    const found = await lint()
    expect(found.exitCode).toBe(1)
    expect(found.findings).toEqual([
      expect.objectContaining({ code: 'tomcat-idle-connections', file: 'hosts/two/server.xml' }),
    ])
    writeFileSync(join(cwd, xmlFiles[1] ?? ''), withLongerKeepAlive(read(xmlFiles[1] ?? '')))
    expect(await lint()).toEqual({ exitCode: 0, findings: [] })

    await sessctl('generate')
    expect(read('generated/nginx/nginx.conf')).toBe(text)
    for (const route of routes) {
      const written = read(`generated/tomcat/${route}/conf/server.xml`)
      expect(written).toBe(read(`hosts/${route}/server.xml`))
    }

    const [third] = await startSessionServers(['three'])
    const line = `        server   ${third?.address}   route=three;`
    writeFileSync(
      join(cwd, 'sessctl.yaml'),
      spec.replace(/( +)two:/, `$1three: ${third?.address}\n$&`),
    )
    const shown = await sessctl('diff', '-t', 'nginx')
    const changed = shown.split('\n').filter((each) => /^[-+](?![-+])/.test(each))
    expect(changed).toEqual([`+${line}`])

    await sessctl('generate', '-t', 'nginx', '--validate')
    const edited = read('generated/nginx/nginx.conf')
    expect(edited.split('\n').filter((each) => !text.includes(each))).toEqual([line])
    await until(() => routes.every((route) => (users.begun.get(route) ?? 0) > 2))
    writeFileSync(file, edited)
    process.kill(running.pid, 'SIGHUP')
    await until(() => (users.begun.get('three') ?? 0) > 2)

    const { faults, requests } = await users.stop()
    expect(faults).toEqual([])
    expect(requests).toBeGreaterThan(20)
  },
)

withServers(
  { nginx: findServer('nginx', '1.30') },
  'import --from-running reads the files that nginx -T of this host names',
  async ({ nginx }) => {
    const cwd = tempDir()
    const folder = join(cwd, 'etc')
    mkdirSync(join(folder, 'sites'), { recursive: true })
    const main = `pid ${cwd}/nginx.pid;\nevents {}\nhttp {\naccess_log off;\n${temporaryPaths(cwd)}\ninclude sites/*.conf;\n}\n`
    writeFileSync(join(folder, 'nginx.conf'), main)
    const site = `upstream shop {\n  server 127.0.0.1:8081;\n  ip_hash;\n}
server { listen 127.0.0.1:8080; location / { proxy_pass http://shop; } }\n`
    writeFileSync(join(folder, 'sites/shop.conf'), site)
    // The nginx of a host is built with the path of its configuration.
    const program = join(cwd, 'nginx')
    writeFileSync(
      program,
      `#!/bin/sh\nexec ${nginx.command} -e stderr -c ${folder}/nginx.conf "$@"\n`,
    )
    chmodSync(program, 0o755)
    const run = (...args: string[]) => runCli(args, { cwd, env: { SESSCTL_NGINX: program } })
    const { exitCode, stderr, stdout } = await run('import', '--from-running')
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(parse(stdout)).toMatchObject({
      targets: { nginx: { version: nginx.version, base: join(folder, 'nginx.conf') } },
      upstreams: {
        shop: { affinity: { method: 'ip_hash' }, servers: { '127.0.0.1': '127.0.0.1:8081' } },
      },
    })
    writeFileSync(join(folder, 'sites/shop.conf'), 'upstream shop {')
    const refused = await run('import', '--from-running')
    expect([refused.exitCode, refused.stderr]).toEqual([
      3,
      expect.stringContaining('nginx -T failed: '),
    ])
  },
)
