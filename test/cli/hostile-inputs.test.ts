import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const example = new URL('../../fixtures/specs/jvm-route.yaml', import.meta.url)

/** Larger than any disk of a test; no block of it is written. */
const sparse = (path: string): void => {
  writeFileSync(path, '')
  truncateSync(path, 2 ** 40)
}
const socket = (path: string): Promise<() => void> =>
  new Promise((resolve) => {
    const server = createServer().listen(path, () => resolve(() => server.close()))
  })

describe('a path that is not a regular file, or is too large', () => {
  const places: Readonly<Record<string, (path: string) => void | Promise<() => void>>> = {
    'a folder': (path) => void mkdirSync(path),
    'a pipe': (path) => void execFileSync('mkfifo', [path]),
    'a socket': socket,
    'an endless device': (path) => symlinkSync('/dev/zero', path),
    'a terminal': (path) => symlinkSync('/dev/tty', path),
    'a sparse file of 1 TiB': sparse,
  }
  const said =
    /cannot read .*: (it is a folder|it is not a regular file|it is larger than \d+ MiB)|leads out of its folder/
  const commands: Readonly<Record<string, readonly string[]>> = {
    'sessctl.yaml': ['generate', '--dry-run'],
    'nginx.lock': ['build-nginx', '1.30.1', '--dry-run'],
  }
  const rows = Object.keys(places).flatMap((place) =>
    Object.keys(commands).map((name) => [place, name] as const),
  )
  test.each(rows)('%s as %s is refused at once', (place, name) =>
    inTemporaryFolder(async (cwd) => {
      const close = await places[place]?.(join(cwd, name))
      const { exitCode, stderr } = await runCli(commands[name] ?? [], { cwd })
      close?.()
      expect(stderr).toMatch(said)
      // A spec that is a link out of the repository is refused before it is opened.
      expect(exitCode).toBe(stderr.includes('leads out') ? 2 : 3)
    }),
  )

  test('standard input under another name is refused without waiting', () =>
    inTemporaryFolder(async (cwd) => {
      for (const file of ['/dev/stdin', '/proc/self/fd/0']) {
        const { exitCode, stderr } = await runCli(['generate', '--file', file], {
          cwd,
          input: readFileSync(example),
        })
        expect(exitCode).toBe(file.startsWith('/dev/') ? 2 : 3)
        expect(stderr).toMatch(/help: .*- (?:to read|is) standard input/)
      }
    }))
})

describe('build-nginx refuses', () => {
  const refused = (args: readonly string[], files: Readonly<Record<string, string>> = {}) =>
    inTemporaryFolder(async (cwd) => {
      copyFileSync(example, join(cwd, 'other.yaml'))
      for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
      const { exitCode, stderr } = await runHere(['build-nginx', '1.30.1', '--dry-run', ...args], {
        cwd,
      })
      return { exitCode, stderr }
    })

  test('a lock that a reviewer and a parser read differently', async () => {
    const [one, two] = ['a', 'b'].map((digit) =>
      JSON.stringify({ from: 'x', sha256: digit.repeat(64), verified: { how: 'none' } }),
    )
    const lock = `{"format":1,"inputs":{"nginx":${one},"nginx":${two}},"toolchain":{"cc":"cc"}}`
    expect(await refused([], { 'nginx.lock': lock })).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining(
        'nginx.lock has a duplicate key, or hides text in escape sequences',
      ),
    })
  })

  test('the lock of a newer sessctl', async () => {
    expect(await refused([], { 'nginx.lock': '{"format":2,"inputs":{}}' })).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('nginx.lock was written by a newer sessctl'),
    })
  })

  test.each([
    ['--module', 'x=https://me:hunter2@example.com/x.git@v1'],
    ['--openssl', 'https://hunter2@example.com/openssl-3.5.4.tar.gz'],
    ['--mirror', 'https://me:hunter2@example.com/nginx'],
  ])('a login in an address, and does not show it: %s', async (option, value) => {
    const { exitCode, stderr } = await refused([option, value])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('URL has a user or a password')
    expect(stderr).not.toContain('hunter2')
  })

  test.each(['x:../../../etc/shadow', 'x:/etc/shadow', 'x:patches/../../y'])(
    'a patch that is not below its module: %s',
    async (patch) => {
      const { exitCode, stderr } = await refused(['--module', 'x=./module', '--patch', patch])
      expect(stderr).toContain('the file is not in the folder of the module x')
      expect(exitCode).toBe(2)
    },
  )

  test.each([
    ['--prefix=/opt/x\n/etc/passwd', 'has a control character'],
    ['--prefix=/opt/../../etc', 'has a ".." in it'],
    ['--sbin-path=../../../bin/nginx', 'has a ".." in it'],
    ['--http-client-body-temp-path=/a/..', 'has a ".." in it'],
  ])('the flag %j', async (flag, reason) => {
    const { exitCode, stderr } = await refused(['--', flag])
    expect(stderr).toContain(reason)
    expect(exitCode).toBe(2)
  })
})
