import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { allCodes } from '../../src/core/catalogue.ts'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const explain = (...args: readonly string[]) =>
  inTemporaryFolder((cwd) => runHere(['explain', ...args], { cwd }))

describe('sessctl explain', () => {
  test('prints the entry of a code, and no other entry', async () => {
    const { exitCode, stdout } = await explain('hash-by-session-cookie')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^hash-by-session-cookie\n\n\*\*error\*\* · /)
    expect(stdout).toContain('error[hash-by-session-cookie]')
    expect(stdout).toContain('Instead:')
    expect(stdout).not.toContain('###')
  })

  test('prints the last entry of a page', async () => {
    expect((await explain('nginx-hash-size')).stdout).toMatch(/^nginx-hash-size\n\n\*\*/)
  })

  test('lists all codes', async () => {
    const { stdout } = await explain('--codes', '--format', 'json')
    const { codes } = JSON.parse(stdout) as { readonly codes: readonly { readonly code: string }[] }
    expect(codes.map(({ code }) => code)).toEqual(allCodes)
    const text = (await explain('--codes')).stdout
    for (const code of allCodes) expect(text).toContain(`  ${code} (`)
  })

  test('suggests a code', async () => {
    const { exitCode, stderr } = await explain('nginx-vai')
    expect([exitCode, stderr]).toEqual([
      2,
      'error: "nginx-vai" is neither a code of a diagnostic nor a path in the spec\n  = help: did you mean "nginx-via"?\n',
    ])
  })
})

const spec = `version: 1
name: shop
targets:
  nginx: { version: "1.26.3" }
  haproxy: { version: "2.6" }
frontends:
  web: { listen: [80], locations: [{ match: /, upstream: shop }] }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { a: "10.0.0.1:8080", b: "10.0.0.2:8080" }
    app: { runtime: tomcat, version: "9.0.122" }
`

const explainSpec = (...args: readonly string[]) =>
  inTemporaryFolder((cwd) => {
    writeFileSync(join(cwd, 'sessctl.yaml'), spec)
    return runHere(['explain', ...args], { cwd })
  })

describe('sessctl explain of a spec', () => {
  test('prints the form of each target, and what was tried before it', async () => {
    const { exitCode, stdout, stderr } = await explainSpec()
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toContain(
      [
        'upstream shop (sessctl.yaml:9)',
        '  nginx 1.26.3: maps and one upstream block per server',
        '    not the jvm_route module: it needs modules: [jvm_route]',
        '    not the built-in "sticky route" of nginx 1.26.3: it needs nginx 1.29.6',
        '  HAProxy 2.6: "use-server" with the route of the session',
        '  Tomcat 9.0.122: "jvmRoute", org.apache.catalina.session.StandardManager',
        '',
      ].join('\n'),
    )
    expect(stdout).toContain('info[nginx-as-maps]')
  })

  test('prints one field as data: its place, and the targets that it concerns', async () => {
    const { stdout } = await explainSpec('upstreams.shop.affinity', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      command: 'explain',
      path: 'upstreams.shop.affinity',
      location: { file: 'sessctl.yaml', line: 10 },
      upstreams: [
        {
          name: 'shop',
          choices: [
            { target: 'nginx 1.26.3', form: 'maps and one upstream block per server' },
            { target: 'HAProxy 2.6', form: '"use-server" with the route of the session' },
          ],
        },
      ],
    })
  })

  test('prints what makes a refused upstream possible, in two lines', async () => {
    const { exitCode, stdout } = await inTemporaryFolder((cwd) => {
      const strict = spec.replace('{ method: jvm_route }', '{ method: jvm_route, via: native }')
      writeFileSync(join(cwd, 'sessctl.yaml'), strict)
      return runHere(['explain', 'upstreams.shop.affinity'], { cwd })
    })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('  nginx 1.26.3: no form is possible\n')
    // Requests name their server with jvm_route: no other affinity is better.
    expect(stdout).not.toContain('method: sticky')
    expect(stdout).toContain(
      [
        '  Better:',
        '    in targets.nginx:',
        '      version: 1.30.7',
        '      nginx 1.30.7 then uses: the built-in "sticky route" of nginx 1.30.7',
        '    in upstreams.shop.affinity:',
        '      remove via # the target then uses the first form that it has',
        '      nginx 1.26.3 then uses: maps and one upstream block per server',
        '',
      ].join('\n'),
    )
  })

  test('explains a field that is not written', async () => {
    expect((await explainSpec('upstreams.shop.balance')).stdout).toMatch(
      /^upstreams\.shop\.balance \(not set in the spec\)\n {2}\S/,
    )
  })

  test('suggests a path', async () => {
    const { exitCode, stderr } = await explainSpec('upstreams.shop.afinity')
    expect([exitCode, stderr]).toEqual([
      2,
      'error: "upstreams.shop" has no "afinity"\n  = help: did you mean "affinity"?\n',
    ])
  })
})
