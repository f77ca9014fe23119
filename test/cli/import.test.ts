import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const nginxConf = `events {}
http {
    include sites/*.conf;
}
`

const site = `# the shop\r
upstream shop {\r
	server  app1.internal:8080  srun_id=a weight=2;  # big\r
	server  app2.internal:8080  srun_id=b slow_start=30s;\r
	jvm_route $cookie_JSESSIONID|jsessionid reverse;\r
}\r
server { listen 80; location / { proxy_pass http://shop; } }\r
`

const serverXml = (route: string) => `<?xml version='1.0'?>
<Server port="8005" shutdown="SHUTDOWN">
  <Service name="Catalina">
    <Connector port="8080"/>
    <Engine name="Catalina" defaultHost="localhost" jvmRoute="${route}">
      <Host name="localhost"/>
    </Engine>
  </Service>
</Server>
`

const contextXml = '<Context>\n  <Manager className="com.example.OurManager"/>\n</Context>\n'

/** The files that the spec names, by the names of the artifacts. */
const files: Readonly<Record<string, readonly [artifact: string, text: string]>> = {
  'nginx/nginx.conf': ['', nginxConf],
  'nginx/sites/shop.conf': ['nginx/shop.conf', site],
  'hosts/app1/server.xml': ['tomcat/a/conf/server.xml', serverXml('a')],
  'hosts/app1/context.xml': ['tomcat/a/conf/context.xml', contextXml],
  'hosts/app2/server.xml': ['tomcat/b/conf/server.xml', serverXml('b')],
}

const inProject = (
  work: (run: (...args: string[]) => ReturnType<typeof runHere>, folder: string) => Promise<void>,
) =>
  inTemporaryFolder((cwd) => {
    for (const [name, [, text]] of Object.entries(files)) {
      mkdirSync(join(cwd, name, '..'), { recursive: true })
      writeFileSync(join(cwd, name), text)
    }
    // No nginx of this host.
    return work((...args) => runHere(args, { cwd, env: { PATH: '/nowhere' } }), cwd)
  })

const given = ['nginx/nginx.conf', 'hosts/app1/server.xml', 'hosts/app2/server.xml']

test('import, then generate, changes no byte; a server that is added is one line', async () => {
  await inProject(async (run, cwd) => {
    const imported = await run('import', ...given, '-o', 'sessctl.yaml')
    expect([imported.exitCode, imported.stderr]).toEqual([0, ''])
    expect(imported.stdout).toMatch(/^sessctl\.yaml written\. Answer its \d comments with TODO\./)
    const generated = await run('generate')
    expect(generated.exitCode).toBe(0)
    for (const [name, [artifact, text]] of Object.entries(files)) {
      if (artifact === '') continue
      const made = readFileSync(join(cwd, 'generated', artifact), 'utf8')
      expect([name, made]).toEqual([name, text])
    }
    expect(readdirSync(join(cwd, 'generated/nginx'))).toEqual(['shop.conf'])
    const spec = readFileSync(join(cwd, 'sessctl.yaml'), 'utf8')
    writeFileSync(
      join(cwd, 'sessctl.yaml'),
      spec.replace('servers:', 'servers:\n      c: app3:8080'),
    )
    expect((await run('generate', '-t', 'nginx')).exitCode).toBe(0)
    const lines = readFileSync(join(cwd, 'generated/nginx/shop.conf'), 'utf8').split('\n')
    expect(lines.filter((line) => !site.includes(line))).toEqual([
      expect.stringMatching(/^\tserver {2}app3:8080 {2}srun_id=c;\r$/),
    ])
    expect(lines).toHaveLength(site.split('\n').length + 1)
  })
})

test('without -o the spec is printed, and an existing one is not replaced', async () => {
  await inProject(async (run, cwd) => {
    const printed = await run('import', 'nginx/nginx.conf', '--name', 'portal')
    expect(printed.exitCode).toBe(0)
    expect(printed.stdout).toContain('\nname: portal\n')
    writeFileSync(join(cwd, 'mine.yaml'), 'mine')
    const kept = await run('import', 'nginx/nginx.conf', '-o', 'mine.yaml')
    expect([kept.exitCode, kept.stderr]).toEqual([
      3,
      'error: mine.yaml exists\n  = help: name another file with --output, or replace it with --force\n',
    ])
    expect((await run('import', 'nginx/nginx.conf', '-o', 'mine.yaml', '--force')).exitCode).toBe(0)
  })
})

test('a file that would change is refused at its line, and no spec is written', async () => {
  await inProject(async (run, cwd) => {
    writeFileSync(join(cwd, 'hosts/app2/server.xml'), serverXml('B'))
    const { exitCode, stderr } = await run('import', ...given, '-o', 'sessctl.yaml')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('hosts/app2/server.xml:5:')
    expect(stderr).toContain('error[import-refused]')
    expect(readdirSync(cwd)).not.toContain('sessctl.yaml')
  })
})

test.each([
  [[], 'no file to import'],
  [['nginx/nginx.conf', '--name', 'No Name'], 'is not a name of a cluster'],
  [['other.yaml'], 'is not a file of nginx, HAProxy, httpd or Tomcat'],
  [['web.xml'], 'is neither a server.xml nor a context.xml'],
])('%j is a mistake of the command line', async (args, message) => {
  await inProject(async (run, cwd) => {
    writeFileSync(join(cwd, 'other.yaml'), 'a: b\n')
    writeFileSync(join(cwd, 'web.xml'), '<web-app/>')
    const { exitCode, stderr } = await run('import', ...args)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
