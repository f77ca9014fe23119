import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'

const spec = (servers: number): string => `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: ip_hash }
    servers: { ${Array.from({ length: servers }, (_, index) => `s${index}: "10.0.0.${index}:80"`).join(', ')} }
`

test('a proof of more servers than a lab may start is refused before a program is looked for', () =>
  inTemporaryFolder(async (cwd) => {
    writeFileSync(join(cwd, 'before.yaml'), spec(2))
    writeFileSync(join(cwd, 'after.yaml'), spec(33))
    const env = { SESSCTL_NGINX: '/nowhere/nginx' }
    const args = ['diff', 'before.yaml', 'after.yaml', '--prove']
    const { exitCode, stderr } = await runCli(args, { cwd, env })
    expect(stderr).toContain('after.yaml has 33 servers, and the lab starts a process for each')
    expect(stderr).not.toContain('/nowhere/nginx')
    expect(exitCode).toBe(3)
  }))
