import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'
import { sarifProblems } from '../support/sarif.ts'

const spec = (url: string) => `version: 1
name: shop
targets: { nginx: { version: 1.26.3 } }
upstreams:
  shop: # the shop
    affinity: { method: jvm_route, url: ${url} }
    servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 }
    app: { runtime: tomcat, version: "9.0.122" }
`

const inProject = (
  work: (lint: (...args: string[]) => ReturnType<typeof runHere>, folder: string) => Promise<void>,
) =>
  inTemporaryFolder((cwd) => {
    writeFileSync(join(cwd, 'sessctl.yaml'), spec('sid'))
    return work((...args) => runHere(['lint', ...args], { cwd }), cwd)
  })

test('a finding is printed at its line, and makes the exit code 1', async () => {
  await inProject(async (lint) => {
    const { exitCode, stdout, stderr } = await lint()
    expect([exitCode, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/^sessctl\.yaml:6:41: warning\[url-name-mismatch\]: /)
    const sarif = await lint('--format', 'sarif')
    expect([sarif.exitCode, sarifProblems(JSON.parse(sarif.stdout))]).toEqual([1, []])
    expect((await lint('--format', 'github')).stdout).toMatch(
      /^::warning file=sessctl\.yaml,line=6,col=41,[^\n]*\n$/,
    )
  })
})

test('--fix changes the bytes of the value only; --dry-run shows the change', async () => {
  await inProject(async (lint, cwd) => {
    const dry = await lint('--fix', '--dry-run')
    expect([dry.exitCode, readFileSync(join(cwd, 'sessctl.yaml'), 'utf8')]).toEqual([
      0,
      spec('sid'),
    ])
    expect(dry.stdout).toContain('\n+    affinity: { method: jvm_route, url: jsessionid }\n')
    expect((await lint('--fix')).exitCode).toBe(0)
    expect(readFileSync(join(cwd, 'sessctl.yaml'), 'utf8')).toBe(spec('jsessionid'))
  })
})

test('findings of a baseline are not reported, even at another line', async () => {
  await inProject(async (lint, cwd) => {
    const baseline = ['--baseline', 'baseline.json']
    expect((await lint(...baseline)).exitCode).toBe(3)
    expect((await lint(...baseline, '--write-baseline')).exitCode).toBe(0)
    writeFileSync(join(cwd, 'sessctl.yaml'), `# moved\n${spec('sid')}`)
    const known = await lint(...baseline)
    expect([known.exitCode, known.stderr]).toEqual([0, '1 finding of baseline.json not shown\n'])
    writeFileSync(join(cwd, 'sessctl.yaml'), spec('other'))
    const fresh = await lint(...baseline)
    expect(fresh.exitCode).toBe(1)
    expect(fresh.stderr).toContain('1 finding of baseline.json no longer found')
  })
})

test('a comment with a reason hides a finding', async () => {
  await inProject(async (lint, cwd) => {
    const comment = '    # sessctl: ignore url-name-mismatch the links have no ids\n'
    writeFileSync(
      join(cwd, 'sessctl.yaml'),
      spec('sid').replace('    affinity', `${comment}    affinity`),
    )
    expect((await lint()).exitCode).toBe(0)
  })
})

test.each([
  [['--dry-run'], '--dry-run needs --fix'],
  [['--write-baseline'], '--write-baseline needs the name of a file'],
  [['--fix', '-'], '--fix cannot write to standard input'],
])('%j is refused', async (args, message) => {
  await inProject(async (lint) => {
    const { exitCode, stderr } = await lint(...args)
    expect([exitCode, stderr.includes(message)]).toEqual([2, true])
  })
})

test('nginx files are read with their includes; a remedy is applied in the included file', async () => {
  await inTemporaryFolder(async (cwd) => {
    mkdirSync(join(cwd, 'sites'))
    const upstream = (url: string) =>
      `upstream shop {\r\n  jvm_route $cookie_JSESSIONID|${url} reverse; # bytes \u00e9\r\n  server 10.0.0.1 srun_id=a;\r\n}\r\n`
    writeFileSync(join(cwd, 'nginx.conf'), 'events { }\nhttp {\n  include sites/*.conf;\n}\n')
    writeFileSync(join(cwd, 'sites', 'shop.conf'), upstream('sessionid'), 'latin1')
    const found = await runHere(['lint', 'nginx.conf'], { cwd })
    expect(found.stdout).toMatch(/^sites\/shop\.conf:2:13: warning\[url-name-mismatch\]/)
    expect((await runHere(['lint', 'nginx.conf', '--fix'], { cwd })).exitCode).toBe(0)
    expect(readFileSync(join(cwd, 'sites', 'shop.conf'), 'latin1')).toBe(upstream('jsessionid'))
    writeFileSync(join(cwd, 'what'), 'nothing known\n')
    expect((await runHere(['lint', 'what'], { cwd })).stderr).toContain('help: add --type nginx')
  })
})

test('a server.xml is read with what Tomcat reads: its folder, and the applications of its Hosts', async () => {
  await inTemporaryFolder(async (cwd) => {
    const write = (path: string, text: string): void => {
      mkdirSync(join(cwd, path, '..'), { recursive: true })
      writeFileSync(join(cwd, path), text)
    }
    const manager = '<Manager className="org.redisson.tomcat.RedissonSessionManager"/>'
    write(
      'conf/server.xml',
      '<Server><Service name="Catalina"><Engine name="Catalina" defaultHost="localhost">\n<Host name="localhost" appBase="apps"/></Engine></Service></Server>',
    )
    write('conf/context.xml', `<Context>${manager}</Context>`)
    write('conf/Catalina/localhost/old.xml', '<Context>\n<Manager pathname=""/></Context>')
    write('apps/shop/META-INF/context.xml', '<Context><Manager pathname=""/></Context>')
    write('apps/manager/META-INF/context.xml', '<Context><Manager pathname=""/></Context>')
    // Neither a file of Tomcat nor of an application.
    write('other/META-INF/context.xml', '<Context><Manager pathname=""/></Context>')
    const { exitCode, stdout } = await runHere(['lint', 'conf/server.xml'], { cwd })
    const found = stdout.split('\n').filter((line) => line.includes('[manager-overruled]'))
    expect([exitCode, found.map((line) => line.split(' ')[0])]).toEqual([
      1,
      ['apps/shop/META-INF/context.xml:1:10:', 'conf/Catalina/localhost/old.xml:2:1:'],
    ])
  })
})

test('lint reads no file that a server.xml or nginx.conf names outside of its folder', async () => {
  await inTemporaryFolder(async (cwd) => {
    const write = (path: string, text: string): void => {
      mkdirSync(join(cwd, path, '..'), { recursive: true })
      writeFileSync(join(cwd, path), text)
    }
    const own = '<Context sessionCookieName="A">\n<Manager/><Manager/></Context>'
    for (const app of ['tomcat/apps/in', 'outside/out']) write(`${app}/META-INF/context.xml`, own)
    symlinkSync(join(cwd, 'outside/out'), join(cwd, 'tomcat/apps/link'))
    const hosts = ['apps', '../outside', join(cwd, 'outside')].map(
      (appBase, index) => `<Host name="h${index}" appBase="${appBase}"/>`,
    )
    write(
      'tomcat/conf/server.xml',
      `<Server><Service name="Catalina"><Engine name="Catalina" defaultHost="h0">${hosts.join('')}</Engine></Service></Server>`,
    )
    const twice = 'upstream shop { ip_hash; least_conn; server a; server b; }\n'
    write('nginx/nginx.conf', `http {\n${twice}include ../outside/*.conf;\n}\n`)
    write('outside/a.conf', twice)
    const files = ['tomcat/conf/server.xml', 'nginx/nginx.conf']
    const filesIn = async (...args: string[]): Promise<readonly string[]> => {
      const { stdout } = await runHere(['lint', ...files, '--format', 'json', ...args], { cwd })
      const { findings } = JSON.parse(stdout) as { findings: { file: string }[] }
      return [...new Set(findings.map(({ file }) => file))].sort()
    }
    expect(await filesIn()).toEqual(['nginx/nginx.conf', 'tomcat/apps/in/META-INF/context.xml'])
    expect(await filesIn('--allow-outside', 'outside')).toEqual([
      'nginx/nginx.conf',
      'outside/a.conf',
      'outside/out/META-INF/context.xml',
      'tomcat/apps/in/META-INF/context.xml',
      'tomcat/apps/link/META-INF/context.xml',
    ])
  })
})

test('the files of conf.d are read with their haproxy.cfg, and inherit its defaults', async () => {
  await inTemporaryFolder(async (cwd) => {
    mkdirSync(join(cwd, 'lb/conf.d'), { recursive: true })
    mkdirSync(join(cwd, 'other'))
    const backend = 'backend shop\n  server a 10.0.0.1:80 cookie a\n  server b 10.0.0.2:80\n'
    writeFileSync(join(cwd, 'lb/haproxy.cfg'), 'defaults\n  mode http\n  cookie SRV insert\n')
    writeFileSync(join(cwd, 'lb/conf.d/shop.cfg'), backend)
    writeFileSync(join(cwd, 'other/host.cfg'), backend)
    symlinkSync('../../other/host.cfg', join(cwd, 'lb/conf.d/link.cfg'))
    const { exitCode, stdout } = await runHere(['lint', 'lb/haproxy.cfg'], { cwd })
    expect([exitCode, stdout.split('\n')[0]]).toEqual([
      1,
      'lb/conf.d/shop.cfg:3:3: warning[route-missing]: server "b" of backend "shop" has no cookie: no session stays on it',
    ])
    expect(stdout).not.toContain('link.cfg')
  })
})

test('httpd files are read with their includes; a remedy is applied in the included file', async () => {
  await inTemporaryFolder(async (cwd) => {
    mkdirSync(join(cwd, 'lb/sites'), { recursive: true })
    const site = (affinity: string) =>
      `<Proxy balancer://shop>\n  BalancerMember http://a route=a\n  ProxySet stickysession=${affinity}\n</Proxy>\n`
    const includes = ['Define folder sites', 'Include $' + '{folder}', 'Include ../outside.conf']
    writeFileSync(join(cwd, 'lb/httpd.conf'), includes.join('\n'))
    writeFileSync(join(cwd, 'lb/sites/shop.conf'), site('JSESSIONID'))
    writeFileSync(join(cwd, 'outside.conf'), site('JSESSIONID').replace('//shop', '//other'))
    const found = await runHere(['lint', 'lb/httpd.conf'], { cwd })
    expect(found.stdout).toMatch(/^lb\/sites\/shop\.conf:3:12: warning\[url-name-mismatch\]/)
    expect(found.stdout).not.toContain('outside.conf')
    expect((await runHere(['lint', 'lb/httpd.conf', '--fix'], { cwd })).exitCode).toBe(0)
    expect(readFileSync(join(cwd, 'lb/sites/shop.conf'), 'utf8')).toBe(
      site('JSESSIONID|jsessionid'),
    )
  })
})
