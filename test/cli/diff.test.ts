import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type GitRepository, gitEnvironment, newRepository } from '../support/git-repository.ts'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const shop = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: tomcats }] } }
upstreams:
  tomcats:
    affinity: { method: ip_hash }
    servers:
      tomcat01: 192.168.33.10:8090
      tomcat02: 192.168.33.11:8090
`
const changed = shop.replace('33.11:8090', '33.12:8090')

const changedLines = `-    server 192.168.33.11:8090;
+    server 192.168.33.12:8090;
`

const unchanged = 'No session is lost.\n\nText: no generated file changes, 1 is unchanged\n'

const env = gitEnvironment
const diff = (cwd: string, ...args: readonly string[]) => runHere(['diff', ...args], { cwd, env })

/** A folder with the shop's spec, generated, and the spec as given afterwards. */
const inShop = (spec: string, work: (folder: string) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'sessctl.yaml'), shop)
    await runHere(['generate', '--quiet'], { cwd: folder })
    writeFileSync(join(folder, 'sessctl.yaml'), spec)
    await work(folder)
  })

/** A repository whose only commit has the files given. */
const inRepository = (
  files: Readonly<Record<string, string | Uint8Array>>,
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

const onlyChanges = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^[-+](?![-+])/.test(line))
    .map((line) => `${line}\n`)
    .join('')

const stateOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return `${file} ${statSync(file).mtimeMs} ${readFileSync(file).toString('base64')}`
    })
    .sort()

describe('sessctl diff', () => {
  test('says so if nothing changes', () =>
    inShop(shop, async (cwd) => {
      for (const args of [[], ['--exit-code'], ['--target', 'nginx']]) {
        expect(await diff(cwd, ...args)).toMatchObject({
          exitCode: 0,
          stdout: unchanged,
          stderr: '',
        })
      }
      expect(await diff(cwd, '--quiet')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
    }))

  test('ignores the order of keys and comments; the order of servers is a change', () =>
    inShop(shop, async (cwd) => {
      const lines = shop.trimEnd().split('\n')
      const reordered = [...lines.slice(4), '# a remark', ...lines.slice(0, 4).reverse(), '']
      writeFileSync(join(cwd, 'sessctl.yaml'), reordered.join('\n'))
      expect(await diff(cwd, '--exit-code')).toMatchObject({
        exitCode: 0,
        stdout: unchanged,
        stderr: '',
      })
      const servers = [...lines.slice(0, 8), ...lines.slice(8).reverse(), '']
      writeFileSync(join(cwd, 'sessctl.yaml'), servers.join('\n'))
      const { exitCode, stdout } = await diff(cwd, '--exit-code')
      expect(exitCode).toBe(1)
      expect(onlyChanges(stdout).match(/^-/gm)).toHaveLength(1)
    }))

  test('is a unified diff and nothing else where the old spec is not known', () =>
    inShop(changed, async (cwd) => {
      const { exitCode, stdout, stderr } = await diff(cwd)
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr:
          'it is not known which spec the files in generated come from: with --base or a second spec, diff says what happens to sessions\n',
      })
      expect(stdout).toMatch(/^--- a\/nginx\/shop\.conf\n\+\+\+ b\/nginx\/shop\.conf\n@@ -/)
      expect(onlyChanges(stdout)).toBe(changedLines)
      expect(stdout).not.toContain('manifest')
      expect(stdout).not.toContain('\u001b')
      const short = await diff(cwd, '--context', '0')
      expect(short.stdout.split('\n').length).toBe(6)
      expect((await diff(cwd, '--exit-code')).exitCode).toBe(1)
      expect(await diff(cwd, '--exit-code', '--quiet')).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: '',
      })
    }))

  test('has colours on request', () =>
    inShop(changed, async (cwd) => {
      const { stdout } = await runHere(['diff'], { cwd, env: { FORCE_COLOR: '1' } })
      expect(stdout).toContain('\u001b[31m-    server 192.168.33.11:8090;\u001b[39m\n')
      const plain = await runHere(['diff', '--no-color'], { cwd, env: { FORCE_COLOR: '1' } })
      expect(plain.stdout).not.toContain('\u001b')
    }))

  test.each<[Readonly<Record<string, string>>, boolean]>([
    [{}, false],
    [{ FORCE_COLOR: '0' }, false],
    [{ NO_COLOR: '1' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [{ FORCE_COLOR: '1', NODE_DISABLE_COLORS: '1' }, true],
    [{ FORCE_COLOR: '', NO_COLOR: '1' }, false],
  ])('%j in a pipe means colour: %s, and no warning of Node.js', (env, expected) =>
    inShop(changed, async (cwd) => {
      const { stdout, stderr } = await runCli(['diff'], { cwd, env })
      expect(stdout.includes('\u001b')).toBe(expected)
      expect(stderr).not.toContain('NO_COLOR')
    }),
  )

  test('git apply accepts the diff', () =>
    inShop(
      changed.replace('targets: { nginx:', 'targets: { haproxy: { version: "3.2" }, nginx:'),
      async (cwd) => {
        newRepository(cwd)
        const { stdout } = await diff(cwd)
        expect(stdout).toContain('--- /dev/null\n+++ b/haproxy/haproxy.cfg\n')
        writeFileSync(join(cwd, 'x.patch'), stdout)
        execFileSync('git', ['apply', '--directory=generated', 'x.patch'], {
          cwd,
          env: { PATH: process.env['PATH'], ...env },
        })
        expect((await diff(cwd)).stdout).not.toContain('@@')
        const { stdout: wanted } = await runHere(['generate', '--stdout', '--target', 'haproxy'], {
          cwd,
        })
        expect(readFileSync(join(cwd, 'generated/haproxy/haproxy.cfg'), 'utf8')).toBe(wanted)
      },
    ))

  test('shows removed files, and only the dialects of --target', () =>
    inShop(
      shop.replace('nginx: { version: "1.30.6" }', 'haproxy: { version: "3.2" }'),
      async (cwd) => {
        const { stdout } = await diff(cwd)
        expect(stdout).toContain('--- /dev/null\n+++ b/haproxy/haproxy.cfg\n')
        expect(stdout).toContain('--- a/nginx/shop.conf\n+++ /dev/null\n')
        const only = await diff(cwd, '--target', 'haproxy')
        expect(only.stdout).not.toContain('nginx/shop.conf')
        expect(await diff(cwd, '--target', 'tomcat')).toMatchObject({ exitCode: 2, stdout: '' })
      },
    ))

  test('everything is new without an output folder, and nothing is written', () =>
    inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'spec.yaml'), shop)
      const { stdout } = await diff(cwd, '--file', 'spec.yaml', '--out', 'elsewhere')
      expect(stdout).toMatch(
        /^--- \/dev\/null\n\+\+\+ b\/nginx\/shop\.conf\n@@ -0,0 \+1,\d+ @@\n\+/,
      )
      expect(existsSync(join(cwd, 'elsewhere'))).toBe(false)
      const fromStdin = await runHere(['diff', '--file', '-'], { cwd, input: shop })
      expect(fromStdin.stdout).toBe(stdout)
    }))

  test('one JSON document, on success and on failure', () =>
    inShop(changed, async (cwd) => {
      const file = join(cwd, 'generated/nginx/shop.conf')
      writeFileSync(file, `${readFileSync(file, 'utf8')}# by hand \u009b31m`)
      const { stdout, stderr } = await diff(cwd, '--format', 'json', '--exit-code')
      expect(stderr).toBe('')
      const answer = JSON.parse(stdout)
      expect(answer).toMatchObject({
        formatVersion: 1,
        command: 'diff',
        exitCode: 1,
        base: null,
        foreign: [],
        artifacts: [
          {
            path: 'nginx/shop.conf',
            status: 'updated',
            editedByHand: true,
            added: 1,
            removed: 2,
            masked: 0,
          },
        ],
      })
      expect(answer.artifacts[0].hunks.at(-1).lines.slice(-2)).toEqual([
        '-# by hand \u009b31m',
        '\\ No newline at end of file',
      ])
      expect(stdout).not.toContain('\u009b')
      writeFileSync(join(cwd, 'sessctl.yaml'), changed.replace('ip_hash', 'ip_hasch'))
      const failed = await diff(cwd, '--format', 'json')
      expect(failed.exitCode).toBe(2)
      expect(JSON.parse(failed.stdout)).toMatchObject({ exitCode: 2, artifacts: [] })
    }))

  test('shows manually edited files without escape sequences', () =>
    inShop(shop, async (cwd) => {
      const file = join(cwd, 'generated/nginx/shop.conf')
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, `${text}# \u001b]0;owned\u0007\r\n`)
      const { stdout } = await diff(cwd)
      expect(onlyChanges(stdout)).toBe('-# ^[]0;owned^G^M\n')
      writeFileSync(file, text.replaceAll('\n', '\r\n'))
      expect(onlyChanges((await diff(cwd, '--context', '0')).stdout)).toMatch(/^-.*\^M\n/)
    }))

  test('reports files of other programs that generate would not overwrite', () =>
    inShop(shop, async (cwd) => {
      rmSync(join(cwd, 'generated/manifest.json'))
      writeFileSync(join(cwd, 'generated/nginx/shop.conf'), 'theirs\n')
      const { exitCode, stderr, stdout } = await diff(cwd)
      expect(exitCode).toBe(0)
      expect(stdout).toContain('-theirs\n')
      expect(stderr).toContain('sessctl generate would refuse')
    }))

  test.each(['-1', 'x', '1.5', '', '12345678'])('refuses --context %j', (lines) =>
    inShop(shop, async (cwd) => {
      const { exitCode, stderr } = await diff(cwd, `--context=${lines}`)
      expect(exitCode).toBe(2)
      expect(stderr).toContain('--context')
    }),
  )
})

describe('sessctl diff --base', () => {
  test('compares with the spec of a revision and leaves the repository as it is', () =>
    inRepository({ 'sessctl.yaml': shop }, async (repository) => {
      repository.git('branch', 'old')
      repository.write({ 'sessctl.yaml': changed })
      repository.git('add', 'sessctl.yaml')
      const before = stateOf(repository.path)
      const { exitCode, stdout, stderr } = await diff(repository.path, '--base', 'old')
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(onlyChanges(stdout)).toBe(changedLines)
      expect(stateOf(repository.path)).toEqual(before)
      const id = repository.commit()
      expect(await diff(repository.path, '--base', id, '--exit-code')).toMatchObject({
        exitCode: 0,
        stdout: unchanged,
        stderr: '',
      })
      const json = await diff(repository.path, '--base', 'old', '--exit-code', '--format', 'json')
      expect(json.exitCode).toBe(1)
      expect(JSON.parse(json.stdout)).toMatchObject({
        base: { revision: 'old', commit: repository.git('rev-parse', 'old').trim(), hasSpec: true },
        artifacts: [{ path: 'nginx/shop.conf', status: 'updated' }],
      })
    }))

  test('works in a subfolder, and in a linked work tree', () =>
    inRepository({ 'specs/shop/sessctl.yaml': shop }, async (repository) => {
      repository.git('worktree', 'add', '--quiet', '../linked')
      for (const top of [repository.path, join(repository.path, '../linked')]) {
        writeFileSync(join(top, 'specs/shop/sessctl.yaml'), changed)
        const below = await diff(join(top, 'specs/shop'), '--base', 'main')
        expect(onlyChanges(below.stdout)).toBe(changedLines)
        const above = await diff(top, '--file', 'specs/shop/sessctl.yaml', '--base', 'main')
        expect(above.stdout.replaceAll('specs/shop/', '')).toBe(below.stdout)
      }
    }))

  test('reads the files that the spec names from the revision, too', () => {
    const server = (comment: string, password: string) =>
      `<Server port="8005">\n  <!-- ${comment} -->\n  <Resource password="${password}"/>\n  <Service name="Catalina">\n    <Connector port="8080" protocol="HTTP/1.1"/>\n    <Engine name="Catalina" defaultHost="localhost">\n      <Host name="localhost" appBase="webapps"/>\n    </Engine>\n  </Service>\n</Server>\n`
    const spec = `${shop.replace('ip_hash', 'jvm_route')}    app: { runtime: tomcat, version: "10.1.60", tomcat: { base: ../conf/server.xml } }\n`
    return inRepository(
      { 'a/sessctl.yaml': spec, 'conf/server.xml': server('old', 'Hunter2') },
      async (repository) => {
        repository.write({ 'conf/server.xml': server('new', 'Swordfish') })
        const result = await diff(join(repository.path, 'a'), '--base', 'main', '--context', '0')
        expect(result.exitCode).toBe(0)
        expect(onlyChanges(result.stdout)).toBe(
          '-  <!-- old -->\n-  <Resource password="(secret 1)"/>\n+  <!-- new -->\n+  <Resource password="(secret 2)"/>\n'.repeat(
            2,
          ),
        )
        const json = await diff(join(repository.path, 'a'), '--base', 'main', '--format', 'json')
        expect(json.stdout + result.stdout).not.toMatch(/Hunter2|Swordfish/)
        repository.git('rm', '--quiet', '--cached', 'conf/server.xml')
        repository.git('commit', '--quiet', '--message', 'lost')
        const lost = await diff(join(repository.path, 'a'), '--base', 'main')
        expect(lost).toMatchObject({ exitCode: 3, stdout: '' })
        expect(lost.stderr).toMatch(
          /main:sessctl\.yaml:\d+:\d+: cannot read .*conf\/server\.xml: it is not in main/,
        )
      },
    )
  })

  test('everything is new if the revision has no spec', () =>
    inRepository({ 'README.md': 'x\n' }, async (repository) => {
      repository.write({ 'sessctl.yaml': shop })
      const { exitCode, stdout, stderr } = await diff(repository.path, '--base', 'HEAD')
      expect(exitCode).toBe(0)
      expect(stdout).toContain('--- /dev/null\n+++ b/nginx/shop.conf\n')
      expect(stderr).toBe('sessctl.yaml is not in HEAD: everything is new\n')
    }))

  test('a removed target, and a new one', () =>
    inRepository({ 'sessctl.yaml': shop }, async (repository) => {
      repository.write({
        'sessctl.yaml': shop.replace('nginx: { version: "1.30.6" }', 'haproxy: { version: "3.2" }'),
      })
      const went = await diff(repository.path, '--base', 'HEAD', '--target', 'nginx')
      expect(went.stdout).toMatch(/^--- a\/nginx\/shop\.conf\n\+\+\+ \/dev\/null\n/m)
      const came = await diff(repository.path, '--base', 'HEAD', '--target', 'haproxy')
      expect(came.stdout).toMatch(/^--- \/dev\/null\n\+\+\+ b\/haproxy\/haproxy\.cfg\n/m)
      expect((await diff(repository.path, '--base', 'HEAD', '--target', 'tomcat')).exitCode).toBe(2)
    }))

  test('errors in the spec of the revision name the revision', () =>
    inRepository({ 'sessctl.yaml': shop.replace('ip_hash', 'ip_hasch') }, async (repository) => {
      repository.write({ 'sessctl.yaml': shop })
      const { exitCode, stdout, stderr } = await diff(repository.path, '--base', 'main')
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toContain('main:sessctl.yaml:7:25: error[')
    }))

  test.each([
    ['nope', 2, 'the repository has no revision "nope"'],
    ['--output=x', 2, 'the revision is empty or invalid'],
    ['', 2, 'the revision is empty or invalid'],
  ])('an unknown revision %j', (revision, code, message) =>
    inRepository({ 'sessctl.yaml': shop }, async (repository) => {
      const { exitCode, stdout, stderr } = await diff(repository.path, `--base=${revision}`)
      expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' })
      expect(stderr).toContain(message)
      expect(stderr).toContain('= help: ')
      expect(readdirSync(repository.path)).not.toContain('x')
    }),
  )

  test('no repository, no commit, no git, no file', () =>
    inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'sessctl.yaml'), shop)
      expect(await diff(cwd, '--base', 'HEAD')).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('is in no git repository'),
      })
      newRepository(cwd)
      expect(await diff(cwd, '--base', 'HEAD')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('the repository has no commit yet'),
      })
      const empty = join(cwd, 'empty')
      mkdirSync(empty)
      const noGit = await runHere(['diff', '--base', 'HEAD', '--format', 'json'], {
        cwd,
        env: { PATH: empty },
      })
      expect(noGit).toMatchObject({ exitCode: 3, stderr: '' })
      expect(JSON.parse(noGit.stdout).error).toEqual({
        code: 'tool',
        message: 'git is not installed, or is not in PATH',
        help: 'install git, or run without --base',
      })
      const stdin = await runHere(['diff', '--base', 'HEAD', '--file', '-'], { cwd, input: shop })
      expect(stdin).toMatchObject({ exitCode: 2, stdout: '' })
      expect(stdin.stderr).toContain('--file')
    }))

  test('Ctrl-C ends it, and git with it', () =>
    inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'sessctl.yaml'), shop)
      const pidFile = join(cwd, 'pid')
      const program = join(cwd, 'git')
      writeFileSync(
        program,
        `#!/bin/sh\necho $$ > '${pidFile}.new' && mv '${pidFile}.new' '${pidFile}'\nexec sleep 60\n`,
      )
      chmodSync(program, 0o755)
      const { exitCode, stdout, stderr } = await runCli(['diff', '--base', 'HEAD'], {
        cwd,
        env: { PATH: `${cwd}:${process.env['PATH']}` },
        whileRunning: (child) => {
          const poll = setInterval(() => {
            if (!existsSync(pidFile)) return
            clearInterval(poll)
            child.kill('SIGINT')
          }, 20)
          child.once('close', () => clearInterval(poll))
        },
      })
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 130, stdout: '', stderr: '' })
      const pid = Number(readFileSync(pidFile, 'utf8'))
      await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false)
    }))
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a literal secret of the spec is neither in messages nor in the diff', () =>
  inRepository(
    {
      'sessctl.yaml': `${shop}stores: { main: { kind: redis, addresses: ["10.0.0.5:6379"], password: Hunter2 } }\n`,
    },
    async (repository) => {
      repository.write({
        'sessctl.yaml': `${changed}stores: { main: { kind: redis, addresses: ["10.0.0.5:6379"], password: Swordfish } }\n`,
      })
      for (const args of [
        [],
        ['--base', 'main'],
        ['--format', 'json'],
        ['--base', 'main', '--format', 'json'],
      ]) {
        const { exitCode, stdout, stderr } = await diff(repository.path, ...args)
        expect(exitCode).toBe(0)
        expect(stdout).toContain('192.168.33.12')
        expect(stdout + stderr).not.toMatch(/Hunter2|Swordfish/)
      }
    },
  ))
