import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type GitRepository, gitEnvironment, newRepository } from '../support/git-repository.ts'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const shop = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: ip_hash }
    servers:
      app1: 10.0.0.1:8080
      app2: 10.0.0.2:8080
    app: { runtime: tomcat, version: "10.1", sessions: { store: local } }
`
const larger = shop.replace('    app:', '      app3: 10.0.0.3:8080\n    app:')
/** Only a text of the proxy differs. */
const harmless = shop.replace('listen: [80],', 'listen: [80], headers: { X-Shop: one },')

const diff = (cwd: string, ...args: readonly string[]) =>
  runHere(['diff', ...args], { cwd, env: gitEnvironment })

const inRepository = (
  files: Readonly<Record<string, string>>,
  work: (repository: GitRepository) => Promise<void>,
): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'repository')
    mkdirSync(path)
    const repository = newRepository(path)
    repository.write(files)
    repository.commit()
    await work(repository)
  })

const verdict = /^6\d% of the sessions of upstream shop are lost/

describe('sessctl diff OLD NEW', () => {
  test('begins with the verdict, in each format and with each exit code', () =>
    inTemporaryFolder(async (cwd) => {
      for (const [name, text] of Object.entries({ old: shop, new: larger, harmless }))
        writeFileSync(join(cwd, `${name}.yaml`), text)
      const both = (...args: readonly string[]) => diff(cwd, 'old.yaml', 'new.yaml', ...args)
      const text = await both()
      expect(text).toMatchObject({ exitCode: 0, stderr: '' })
      expect(text.stdout).toMatch(verdict)
      expect(text.stdout).toContain('\nReload: nginx\n')
      expect(text.stdout).toContain('at new.yaml:8, nginx/shop.conf:8\n')
      const json = await both('--format', 'json', '--fail-on', 'sessions-lost=5%')
      expect(json.exitCode).toBe(1)
      expect(JSON.parse(json.stdout).impact.upstreams.shop.lost).toBeCloseTo(2 / 3, 1)
      expect((await both('--format', 'markdown')).stdout).toMatch(
        /^<!-- sessctl diff new\.yaml -->\n### ❌ 6\d% of /,
      )
      expect((await both('--format', 'html')).stdout).toMatch(/^<!doctype html>\n/)
      expect((await both('--format', 'github')).stdout).toMatch(
        /^::warning file=new\.yaml,line=8,/m,
      )
      const kept = await diff(cwd, 'old.yaml', 'harmless.yaml', '--fail-on', 'sessions-lost')
      expect(kept.exitCode).toBe(0)
      expect(kept.stdout).toMatch(/^No session is lost\.\n/)
    }))

  test('says what a spec that rules refuse would do, with its errors', () =>
    inTemporaryFolder(async (cwd) => {
      const bound = shop.replace('{ method: ip_hash }', '{ method: jvm_route }')
      const renamed = bound.replace('jvm_route }', 'jvm_route, cookie: SHOPID }')
      const misspelt = bound.replace('jvm_route', 'jvm_rute')
      for (const [name, text] of Object.entries({ bound, renamed, misspelt }))
        writeFileSync(join(cwd, `${name}.yaml`), text)
      const both = (...args: readonly string[]) => diff(cwd, 'bound.yaml', 'renamed.yaml', ...args)
      const text = await both('--fail-on', 'sessions-lost')
      expect(text.exitCode).toBe(2)
      expect(text.stderr).toContain('error[cookie-name-mismatch]')
      expect(text.stdout).toMatch(
        /^All sessions of upstream shop are lost with the reload of nginx/,
      )
      expect(text.stdout).toContain('Reload: nginx\n')
      expect(text.stdout).not.toContain('Restart')
      expect(text.stdout).toContain('\nText: not compared, because generate refuses the new spec\n')
      const { stdout: comment } = await both('--format', 'markdown')
      expect(comment).toContain('Note: the new spec has errors')
      expect(comment).toContain('the balancer reads the cookie SHOPID')
      const json = JSON.parse((await both('--format', 'json')).stdout)
      expect(json).toMatchObject({ exitCode: 2, verdict: { lost: 1 }, artifacts: [] })
      expect(json.diagnostics).toHaveLength(1)
      // A spec that cannot be read, or an old one that is refused, has no review.
      expect((await diff(cwd, 'bound.yaml', 'misspelt.yaml')).stdout).toBe('')
      expect((await diff(cwd, 'renamed.yaml', 'bound.yaml')).stdout).toBe('')
    }))

  test('with --detailed-exitcode, 2 is never a mistake of the command line or a spec', () =>
    inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'old.yaml'), shop)
      writeFileSync(join(cwd, 'new.yaml'), larger)
      writeFileSync(join(cwd, 'bad.yaml'), shop.replace('ip_hash', 'ip_hasch'))
      const codeOf = async (...args: readonly string[]) =>
        (await diff(cwd, ...args, '--detailed-exitcode')).exitCode
      expect(await codeOf('old.yaml', 'new.yaml')).toBe(2)
      expect(await codeOf('old.yaml', 'bad.yaml')).toBe(1)
      expect(await codeOf('old.yaml', 'new.yaml', '--unknown')).toBe(1)
    }))

  test('a spec cannot be compared with a folder that comes after it', () =>
    inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'old.yaml'), shop)
      const { exitCode, stderr } = await diff(cwd, 'old.yaml', '.')
      expect(stderr).toContain('. is a folder, and old.yaml is none')
      expect(exitCode).toBe(2)
    }))

  test('patch applies it, with the review above it', ({ skip }) => {
    skip(spawnSync('patch', ['--version']).error !== undefined, 'no patch(1) on this host')
    return inTemporaryFolder(async (cwd) => {
      // Names that patch could take for commands of an ed script, or for the start of a diff.
      const odd = shop.replaceAll('app1', '12c3').replaceAll('app2', '2d')
      writeFileSync(join(cwd, 'old.yaml'), odd)
      writeFileSync(
        join(cwd, 'new.yaml'),
        odd.replace('    app:', '      3d: 10.0.0.3:8080\n    app:'),
      )
      await runHere(['generate', '-f', 'old.yaml', '-o', 'a'], { cwd })
      await runHere(['generate', '-f', 'new.yaml', '-o', 'b'], { cwd })
      const { stdout } = await diff(cwd, 'old.yaml', 'new.yaml')
      expect(stdout).toMatch(verdict)
      execFileSync('patch', ['-p1', '--batch', '-F0', '-d', 'a'], { cwd, input: stdout })
      const folders = await diff(cwd, 'a', 'b', '--exit-code')
      expect(folders.stderr).toContain('what happens to sessions is not known')
      expect(folders).toMatchObject({ exitCode: 0, stdout: '' })
    })
  })
})

describe('the spec of generated files', () => {
  test('is that of the last commit, if they were generated from it', () =>
    inRepository({ 'sessctl.yaml': shop }, async ({ path, write, commit }) => {
      await runHere(['generate', '--quiet'], { cwd: path })
      write({ 'sessctl.yaml': larger })
      expect((await diff(path)).stdout).toMatch(verdict)
      commit()
      const other = await diff(path, '--fail-on', 'sessions-lost')
      expect(other).toMatchObject({ exitCode: 2, stdout: '' })
      expect(other.stderr).toContain('it is not known which spec the files in generated come from')
      // A folder and a spec that are named.
      expect((await diff(path, 'generated', 'sessctl.yaml')).stdout).toContain(
        '+    server 10.0.0.3',
      )
    }))
})

describe('sessctl diff --base --head', () => {
  test('compares revisions, also in a bare repository, and of a spec that moved, is new or removed', () =>
    inRepository(
      { 'specs/shop.yaml': shop, README: 'x\n' },
      async ({ path, git, write, commit }) => {
        const first = git('rev-parse', 'HEAD').trim()
        git('mv', 'specs', 'shops')
        write({ 'shops/shop.yaml': larger })
        const second = commit()
        write({ 'shops/shop.yaml': null })
        const third = commit()
        git('clone', '--quiet', '--bare', '.', '../shop.git')
        const bare = join(path, '../shop.git')
        for (const cwd of [path, bare]) {
          const moved = await diff(cwd, '--base', first, '--head', second, 'shops/shop.yaml')
          expect(moved.stderr).toBe(`shops/shop.yaml was specs/shop.yaml in ${first}\n`)
          expect(moved.stdout).toMatch(verdict)
        }
        const without = await diff(bare, '--base', first, 'shops/shop.yaml')
        expect(without.stderr).toContain('name the revision with the new spec: --head REVISION')
        const named = ['--base-file', 'specs/shop.yaml', '--head', second, 'shops/shop.yaml']
        expect((await diff(bare, '--base', first, ...named)).stdout).toMatch(verdict)
        const removed = await diff(path, '--base', second, '--head', third, 'shops/shop.yaml')
        expect(removed.stderr).toBe(`shops/shop.yaml is not in ${third}: everything is removed\n`)
        expect(removed.stdout).toContain('+++ /dev/null\n')
      },
    ))
})

/** The recipes of docs/how-to/review.md, as a reader copies them. */
const recipe = (name: 'command' | 'textconv'): string => {
  const page = readFileSync(new URL('../../docs/how-to/review.md', import.meta.url), 'utf8')
  const [, command = ''] =
    new RegExp(`^git config diff\\.sessctl\\.${name} '(.*)'$`, 'm').exec(page) ?? []
  return command.replace('sessctl diff', `'${process.execPath}' '${bin}' diff`)
}
const bin = new URL('../../bin/sessctl.js', import.meta.url).pathname

describe('the recipes for git', () => {
  const base =
    '# a file\nupstream shop {\n  server 10.0.0.1:8080;\n}\nserver { listen 80; location / { proxy_pass http://shop; } }\n'
  const spec = shop
    .replace('version: "1.30.6" }', 'version: "1.30.6", base: nginx.conf }')
    .replace(/^frontends.*\n/m, '')

  test('as an external diff, with the files that the spec names', () =>
    inRepository(
      {
        'conf/shop.yaml': spec,
        'conf/nginx.conf': base,
        '.gitattributes': '*.yaml diff=sessctl\n',
      },
      async ({ git, write, commit }) => {
        git('config', 'diff.sessctl.command', recipe('command'))
        write({ 'conf/shop.yaml': spec.replace('    app:', '      app3: 10.0.0.3:8080\n    app:') })
        expect(git('diff')).toMatch(verdict)
        write({ 'conf/new.yaml': shop })
        commit()
        const log = git('log', '-p', '--ext-diff', '-1', '--format=%s')
        expect(log).toMatch(/^6\d% of the sessions of upstream shop are lost/m)
        expect(log).toContain('+++ b/nginx/shop.conf')
      },
    ))

  test('as a text conversion', () =>
    inRepository(
      { 'shop.yaml': shop, '.gitattributes': '*.yaml diff=sessctl\n' },
      async ({ git, write }) => {
        git('config', 'diff.sessctl.textconv', recipe('textconv'))
        write({ 'shop.yaml': larger })
        expect(git('diff')).toMatch(/^\+.*server 10\.0\.0\.3:8080;$/m)
      },
    ))
})
