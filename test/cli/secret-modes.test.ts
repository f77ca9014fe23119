import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const spec = `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
stores:
  db: { kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.41/s", username: shop, password: swordfish-42 }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers:
      tomcat01: 10.0.0.1:8080
      tomcat02: { address: 10.0.0.2:8080, tomcat: { base: conf/server.xml } }
    app: { runtime: tomcat, version: "9.0.122", sessions: { store: jdbc, use: db } }
`

const server = `<?xml version="1.0" encoding="UTF-8"?>
<Server port="8005" shutdown="SHUTDOWN">
  <Service name="Catalina">
    <Connector port="8080" protocol="HTTP/1.1"/>
    <Connector port="8009" protocol="AJP/1.3" secret="ajp-secret-of-ours"/>
    <Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine>
  </Service>
</Server>
`

test('files with a secret are private, and a mode that lets others read is drift', () =>
  inTemporaryFolder(async (cwd) => {
    mkdirSync(join(cwd, 'conf'))
    writeFileSync(join(cwd, 'conf', 'server.xml'), server)
    writeFileSync(join(cwd, 'sessctl.yaml'), spec)
    const { exitCode, stdout, stderr } = await runHere(['generate'], { cwd })
    expect([exitCode, stderr.includes('error')]).toEqual([0, false])
    expect(stdout).toContain('files with a literal secret have mode 0600:\n')
    expect(stdout).toContain('tomcat, 3 files: must be readable by the user that runs Tomcat\n')
    const file = (path: string) => join(cwd, 'generated', path)
    const mode = (path: string) => statSync(file(path)).mode & 0o777
    expect(mode('tomcat/tomcat01/conf/context.xml')).toBe(0o600)
    expect(mode('tomcat/tomcat02/conf/context.xml')).toBe(0o600)
    // A secret of the user's own file.
    expect(mode('tomcat/tomcat02/conf/server.xml')).toBe(0o600)
    expect(mode('tomcat/tomcat01/conf/server.xml') & 0o044).toBe(0o044)
    expect(mode('nginx/shop.conf') & 0o044).toBe(0o044)
    chmodSync(file('tomcat/tomcat01/conf/context.xml'), 0o644)
    const check = await runHere(['generate', '--check'], { cwd })
    expect(check.exitCode).toBe(1)
    expect(check.stdout).toContain('context.xml (mode 0644 let others read a secret)')
    const diff = await runHere(['diff', '--exit-code'], { cwd })
    expect(diff.exitCode).toBe(1)
    expect(diff.stdout).toContain('# mode: 0644 → 0600, because it holds a secret')
    expect(diff.stdout).not.toContain('swordfish')
    await runHere(['generate'], { cwd })
    expect(mode('tomcat/tomcat01/conf/context.xml')).toBe(0o600)
    chmodSync(file('tomcat/tomcat01/conf/context.xml'), 0o640)
    expect((await runHere(['generate', '--check'], { cwd })).exitCode).toBe(0)
  }))
