import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const spec = (limit: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends:
  web:
    listen: [80]
    locations: [{ match: /, upstream: app }]
    snippets: { nginx: { server: { file: server.conf } } }
upstreams:
  app:
    servers: { a: "10.0.0.1:8080" }
    snippets: { nginx: { upstream: "keepalive_requests ${limit};" } }
`

test('generate counts the snippets, and diff names those that change', async () => {
  await inTemporaryFolder(async (cwd) => {
    const put = (name: string, text: string): void => writeFileSync(join(cwd, name), text)
    put('sessctl.yaml', spec('5'))
    put('server.conf', 'etag off;\n')
    const generated = await runHere(['generate'], { cwd })
    expect(generated.stdout).toContain(
      '2 snippets, whose effect is not checked: frontends.web.snippets.nginx.server, …\n',
    )
    const asJson = await runHere(['generate', '--format', 'json'], { cwd })
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      snippets: ['frontends.web.snippets.nginx.server', 'upstreams.app.snippets.nginx.upstream'],
    })

    put('sessctl.yaml', spec('7'))
    put('server.conf', 'etag on;\n')
    const { stdout } = await runHere(['diff', '--context', '0'], { cwd })
    expect(stdout).toMatch(/^@@ .* @@ snippet upstreams\.app\.snippets\.nginx\.upstream$/m)
    expect(stdout).toMatch(/^@@ .* @@ snippet frontends\.web\.snippets\.nginx\.server$/m)
    expect(stdout).toContain('-    keepalive_requests 5;\n+    keepalive_requests 7;\n')
  })
})

test('a mistake in a file is shown at its line', async () => {
  await inTemporaryFolder(async (cwd) => {
    writeFileSync(join(cwd, 'sessctl.yaml'), spec('5'))
    writeFileSync(join(cwd, 'server.conf'), 'etag off;\ninclude x;\n')
    const { exitCode, stderr } = await runHere(['generate'], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('server.conf:2: error[snippet-include]')
  })
})
