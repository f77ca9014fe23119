import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'
import { zipOf } from '../support/zip-file.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const shop = readFileSync(join(fixtures, 'docs', 'shop.yaml'), 'utf8')

/** A folder with the shop's spec as sessctl.yaml. */
const inShop = <Result>(work: (folder: string) => Promise<Result>): Promise<Result> =>
  inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'sessctl.yaml'), shop)
    return work(folder)
  })

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

const written = [
  'manifest.json',
  'nginx/shop.conf',
  'tomcat/tomcat01/conf/context.xml',
  'tomcat/tomcat01/conf/server.xml',
  'tomcat/tomcat02/conf/context.xml',
  'tomcat/tomcat02/conf/server.xml',
]

describe('sessctl generate', () => {
  test('writes everything below generated/', () =>
    inShop(async (cwd) => {
      const { exitCode, stdout } = await runHere(['generate'], { cwd })
      expect(exitCode).toBe(0)
      expect(stdout).toContain('+ nginx/shop.conf')
      expect(filesBelow(join(cwd, 'generated'))).toEqual(written)
    }))

  test('a second run changes nothing', () =>
    inShop(async (cwd) => {
      await runHere(['generate'], { cwd })
      const { stdout } = await runHere(['generate'], { cwd })
      expect(stdout).toBe('generated/: 6 unchanged\n')
    }))

  test('gives the same bytes from standard input, from JSON text, and elsewhere', () =>
    inShop(async (cwd) => {
      await runHere(['generate'], { cwd })
      await runHere(['generate', '--file', '-', '--out', 'other'], {
        cwd,
        input: `\uFEFF${shop.replaceAll('\n', '\r\n')}`,
      })
      for (const path of written) {
        expect(readFileSync(join(cwd, 'other', path))).toEqual(
          readFileSync(join(cwd, 'generated', path)),
        )
      }
    }))

  test('keeps files of other programs, and removes its own', () =>
    inShop(async (cwd) => {
      await runHere(['generate'], { cwd })
      writeFileSync(join(cwd, 'generated', 'nginx', 'mine.conf'), 'mine')
      writeFileSync(
        join(cwd, 'sessctl.yaml'),
        shop.replace('name: shop', 'name: store').replace(/ {4}app:.*\n/, ''),
      )
      const { stdout } = await runHere(['generate'], { cwd })
      expect(stdout).toContain('- nginx/shop.conf')
      expect(filesBelow(join(cwd, 'generated'))).toEqual([
        'manifest.json',
        'nginx/mine.conf',
        'nginx/store.conf',
      ])
    }))

  test('refuses to overwrite a file that it did not write', () =>
    inShop(async (cwd) => {
      mkdirSync(join(cwd, 'generated', 'nginx'), { recursive: true })
      writeFileSync(join(cwd, 'generated', 'nginx', 'shop.conf'), 'mine')
      const { exitCode, stderr } = await runHere(['generate'], { cwd })
      expect(exitCode).toBe(3)
      expect(stderr).toContain('sessctl did not write: nginx/shop.conf')
      expect(filesBelow(join(cwd, 'generated'))).toEqual(['nginx/shop.conf'])
    }))

  test('only writes what --target names, and leaves the rest', () =>
    inShop(async (cwd) => {
      await runHere(['generate', '--target', 'tomcat'], { cwd })
      expect(filesBelow(join(cwd, 'generated'))).not.toContain('nginx/shop.conf')
      await runHere(['generate', '--target', 'nginx'], { cwd })
      expect(filesBelow(join(cwd, 'generated'))).toEqual(written)
      const check = await runHere(['generate', '--check'], { cwd })
      expect(check.stdout).toBe('generated/: 6 up to date\n')
      const wrong = await runHere(['generate', '--target', 'haproxy'], { cwd })
      expect(wrong).toMatchObject({ exitCode: 2, stdout: '' })
      expect(wrong.stderr).toContain('the spec has no target haproxy')
    }))

  test('--check lists the files that are out of date, and the command that updates them', () =>
    inShop(async (cwd) => {
      await runHere(['generate'], { cwd })
      writeFileSync(join(cwd, 'generated', 'nginx', 'shop.conf'), 'edited')
      const { exitCode, stdout } = await runHere(['generate', '--check'], { cwd })
      expect(exitCode).toBe(1)
      expect(stdout).toContain('~ nginx/shop.conf (had been edited by hand)')
      expect(stdout).toContain('to bring it up to date: sessctl generate\n')
      expect(readFileSync(join(cwd, 'generated', 'nginx', 'shop.conf'), 'utf8')).toBe('edited')
    }))

  test('--check works in a read-only folder', () =>
    inShop(async (cwd) => {
      await runHere(['generate'], { cwd })
      chmodSync(join(cwd, 'generated'), 0o555)
      expect(await runHere(['generate', '--check'], { cwd })).toMatchObject({ exitCode: 0 })
      chmodSync(join(cwd, 'generated'), 0o755)
    }))

  test('a comment or the order of keys is not drift; the order of servers is', () =>
    inShop(async (cwd) => {
      await runHere(['generate'], { cwd })
      const [head = '', tail = ''] = shop.split('frontends:')
      const upstreams = tail.slice(tail.indexOf('upstreams:'))
      const reordered = `# moved\n${head}${upstreams}frontends:${tail.slice(0, tail.indexOf('upstreams:'))}`
      writeFileSync(join(cwd, 'sessctl.yaml'), reordered)
      expect(await runHere(['generate', '--check'], { cwd })).toMatchObject({ exitCode: 0 })
      writeFileSync(
        join(cwd, 'sessctl.yaml'),
        shop.replace(/( +tomcat01: .*\n)( +tomcat02: .*\n)/, '$2$1'),
      )
      expect(await runHere(['generate', '--check'], { cwd })).toMatchObject({ exitCode: 1 })
    }))

  test('--dry-run and --stdout write nothing', () =>
    inShop(async (cwd) => {
      const dry = await runHere(['generate', '--dry-run'], { cwd })
      expect(dry).toMatchObject({ exitCode: 0 })
      expect(dry.stdout).toContain('6 to create')
      const printed = await runHere(['generate', '--stdout', '--target', 'nginx'], { cwd })
      expect(printed.stdout).toMatch(/^#[\s\S]*upstream tomcats \{/)
      const all = await runHere(['generate', '--stdout'], { cwd })
      expect(all.stdout).toContain('==> tomcat/tomcat02/conf/server.xml <==\n<?xml')
      expect(existsSync(join(cwd, 'generated'))).toBe(false)
    }))

  test('--format json is one document, also on failure', () =>
    inShop(async (cwd) => {
      const good = JSON.parse((await runHere(['generate', '--format', 'json'], { cwd })).stdout)
      expect(good).toMatchObject({ formatVersion: 1, command: 'generate', exitCode: 0 })
      expect(good.artifacts.map(({ path }: { path: string }) => path).sort()).toEqual(written)
      writeFileSync(join(cwd, 'sessctl.yaml'), shop.replace('affinity', 'afinity'))
      const bad = await runHere(['generate', '--format', 'json'], { cwd })
      expect(bad).toMatchObject({ exitCode: 2, stderr: '' })
      expect(JSON.parse(bad.stdout)).toMatchObject({
        exitCode: 2,
        diagnostics: [
          { code: 'spec-unknown-key', location: { file: 'sessctl.yaml', line: 16, column: 5 } },
        ],
      })
      const missing = await runHere(['generate', '--file', 'nope', '--format', 'json'], { cwd })
      expect(JSON.parse(missing.stdout)).toMatchObject({ exitCode: 3, error: { code: 'io' } })
    }))

  test('counts notes, and prints them with -v', () =>
    inShop(async (cwd) => {
      const counted = await runHere(['generate', '-n'], { cwd })
      expect(counted.stderr).toMatch(/\d+ notes?; -v shows /)
      expect(counted.stderr).not.toContain('info[')
      const all = await runHere(['generate', '-n', '-v'], { cwd })
      expect(all.stderr).toContain('info[')
      const json = await runHere(['generate', '-n', '--format', 'json'], { cwd })
      expect(json.stdout).toContain('"severity": "info"')
    }))

  test('--quiet prints only errors', () =>
    inShop(async (cwd) => {
      expect(await runHere(['generate', '--quiet'], { cwd })).toMatchObject({
        exitCode: 0,
        stdout: '',
        stderr: '',
      })
    }))

  test('paths in a spec are relative to its folder', () =>
    inTemporaryFolder(async (cwd) => {
      mkdirSync(join(cwd, 'specs'))
      const spec = shop.replace(
        'version: "10.1.60" }',
        'version: "10.1.60", tomcat: { base: conf/server.xml } }',
      )
      writeFileSync(join(cwd, 'specs', 'shop.yaml'), spec)
      const missing = await runHere(['generate', '--file', 'specs/shop.yaml'], { cwd })
      expect(missing.exitCode).toBe(3)
      expect(missing.stderr).toMatch(
        /specs\/shop\.yaml:20:\d+: cannot read .*specs\/conf\/server\.xml: there is no such file/,
      )
      mkdirSync(join(cwd, 'specs', 'conf'))
      const base =
        '<Server port="8005"><Service name="Catalina"><Connector port="8080"/><Engine name="Catalina" defaultHost="localhost"><Host name="localhost"/></Engine></Service></Server>'
      writeFileSync(join(cwd, 'specs', 'conf', 'server.xml'), base)
      expect(await runHere(['generate', '--file', 'specs/shop.yaml'], { cwd })).toMatchObject({
        exitCode: 0,
      })
      const edited = readFileSync(
        join(cwd, 'generated', 'tomcat', 'tomcat02', 'conf', 'server.xml'),
        'utf8',
      )
      expect(edited).toContain('defaultHost="localhost" jvmRoute="tomcat02"')
    }))

  test('eight concurrent runs write one complete tree', () =>
    inShop(async (cwd) => {
      const other = shop.replace('name: shop', 'name: store')
      writeFileSync(join(cwd, 'other.yaml'), other)
      const runs = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          runCli(['generate', '--file', index % 2 === 0 ? 'sessctl.yaml' : 'other.yaml'], { cwd }),
        ),
      )
      expect(runs.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0))
      const files = filesBelow(join(cwd, 'generated'))
      const winner = files.includes('nginx/shop.conf') ? 'sessctl.yaml' : 'other.yaml'
      expect(files).toHaveLength(written.length)
      expect(await runHere(['generate', '--check', '--file', winner], { cwd })).toMatchObject({
        exitCode: 0,
      })
    }))

  test('the next run repairs a run that was killed at any moment', () =>
    inShop(async (cwd) => {
      for (const delayMs of [30, 60, 70, 80, 90, 100, 110, 120, 140]) {
        await runCli(['generate'], {
          cwd,
          whileRunning: (child) => {
            setTimeout(() => child.kill('SIGKILL'), delayMs)
          },
        })
        expect(await runHere(['generate'], { cwd })).toMatchObject({ exitCode: 0 })
        expect(filesBelow(join(cwd, 'generated'))).toEqual(written)
        writeFileSync(join(cwd, 'sessctl.yaml'), shop.replaceAll('8080', String(8081 + delayMs)))
      }
    }))
})

describe('mistakes in the options', () => {
  test.each([
    [
      '--format',
      'yaml',
      '"yaml" is not a value of --format <format>',
      'expected one of: text, json',
    ],
    [
      '--target',
      'ngnix',
      '"ngnix" is not a value of --target <names>',
      'did you mean nginx? expected one of: nginx,',
    ],
  ])('%s %s', (option, value, message, help) =>
    inShop(async (cwd) => {
      const { exitCode, stderr } = await runHere(['generate', option, value], { cwd })
      expect(exitCode).toBe(2)
      expect(stderr).toContain(`error: ${message}\n  = help: ${help}`)
    }),
  )

  test('the output folder is a file', () =>
    inShop(async (cwd) => {
      const { exitCode, stderr } = await runHere(['generate', '--out', 'sessctl.yaml'], { cwd })
      expect(exitCode).toBe(3)
      expect(stderr).toContain(
        'sessctl.yaml is a file, not a folder\n  = help: set another --output',
      )
      expect(readFileSync(join(cwd, 'sessctl.yaml'), 'utf8')).toBe(shop)
    }))

  test('version: installed without the program is one error', () =>
    inShop(async (cwd) => {
      const spec = shop.replace('nginx: { version: "1.30.6" }', 'haproxy: { version: installed }')
      expect(spec).not.toBe(shop)
      writeFileSync(join(cwd, 'sessctl.yaml'), spec)
      const env = { PATH: cwd }
      const { exitCode, stdout } = await runHere(['generate', '--format', 'json'], { cwd, env })
      const { diagnostics } = JSON.parse(stdout) as {
        diagnostics: { code: string; severity: string }[]
      }
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      expect(errors.map(({ code }) => code)).toEqual(['version-installed'])
      expect(exitCode).toBe(2)
    }))

  test('names with escape sequences', () =>
    inShop(async (cwd) => {
      const { stderr } = await runHere(['generate', '--file', 'a\u001b[31m'], { cwd })
      expect(stderr).toContain('cannot read a^[[31m: there is no such file')
      expect(stderr).not.toContain('\u001b')
    }))
})

describe('an application whose sessions are replicated', () => {
  const spec = `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { tomcat01: 10.0.0.1:8080, tomcat02: 10.0.0.2:8080 }
    app: { runtime: tomcat, version: "9.0.122", webapp: shop.war, sessions: { store: delta } }
`
  const generate = (webXml: string) =>
    inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'sessctl.yaml'), spec)
      writeFileSync(
        join(cwd, 'shop.war'),
        zipOf([
          { name: 'index.jsp', body: 'hello' },
          { name: 'WEB-INF/web.xml', body: webXml },
        ]),
      )
      return runHere(['generate', '--dry-run'], { cwd })
    })

  test('web.xml is read from the .war', async () => {
    const fine = await generate('<web-app><distributable/></web-app>')
    expect(fine.exitCode).toBe(0)
    expect(fine.stdout).toContain('+ tomcat/tomcat01/conf/server.xml')
    const other = await generate('<web-app/>')
    expect(other.exitCode).not.toBe(0)
    expect(other.stderr).toContain('sessctl.yaml:9:57: error[tomcat-not-distributable]')
    expect(other.stderr).toContain('WEB-INF/web.xml in "shop.war"')
  })
})
