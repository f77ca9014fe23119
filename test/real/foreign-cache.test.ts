import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { archivesOnDisk } from '../../src/build-nginx/adapters/archives.ts'
import { runCli } from '../support/run-cli.ts'
import { give, secondUser, sharedFolder, theirFolder } from '../support/second-user.ts'
import { buildNginx, findNginxSource, lean } from './support/build.ts'
import { findToolchain, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

vi.setConfig({ testTimeout: 900_000 })

const isRoot = process.getuid?.() === 0
const needs = {
  toolchain: findToolchain(),
  source: findNginxSource('1.22'),
  root: isRoot
    ? {}
    : ({ missing: 'only root can make files of another user', isGap: true } as const),
}

/** A tree with a configure that leaves a mark, under the name of what is about to be unpacked. */
const plant = async (cache: string, tarball: string, owner: number | null): Promise<string> => {
  const digest = createHash('sha256').update(readFileSync(tarball)).digest('hex')
  const tree = join(cache, 'trees', digest)
  await archivesOnDisk.extract(tarball, tree)
  const mark = join(cache, 'was-run')
  writeFileSync(join(tree, 'configure'), `#!/bin/sh\ntouch ${mark}\nexit 1\n`)
  if (owner !== null) for (const path of [join(tree, 'configure'), tree]) give(path)
  return mark
}

withServers(
  needs,
  'does not configure or run a tree that another user planted',
  async ({ toolchain, source }) => {
    const cache = join(sharedFolder(), 'cache')
    mkdirSync(cache)
    const mark = await plant(cache, source.tarball, secondUser)
    chmodSync(cache, 0o777)
    const args = ['--source', source.tarball, '-m', 'none', '--', ...lean]
    const open = await buildNginx(args, { cwd: tempDir(), toolchain, cache })
    expect(open.exitCode).toBe(3)
    expect(open.stdout).toContain(`${cache}: it is writable by everybody (mode 0777)`)

    // Closed since, but who could write has written.
    chmodSync(cache, 0o755)
    const closed = await buildNginx(args, { cwd: tempDir(), toolchain, cache })
    expect(closed.exitCode).toBe(3)
    expect(closed.stdout).toContain(`it is owned by user ${secondUser}`)
    expect(closed.stdout).toContain(`rm -r ${cache}`)
    expect(existsSync(mark)).toBe(false)
  },
)

withServers(
  needs,
  'compares a changed tree with the tarball, whoever owns it',
  async ({ toolchain, source }) => {
    const cache = join(sharedFolder(), 'cache')
    const mark = await plant(cache, source.tarball, null)
    const args = ['--source', source.tarball, '-m', 'none', '--', ...lean]
    const changed = await buildNginx(args, { cwd: tempDir(), toolchain, cache })
    expect(changed.exitCode).toBe(3)
    expect(changed.stdout).toMatch(/trees\/\w+ differs from \S+: configure differs/)
    expect(existsSync(mark)).toBe(false)
  },
)

withServers(
  needs,
  'reuses builds and configured folders only if they belong to the user',
  async ({ toolchain, source }) => {
    const cwd = tempDir()
    const cache = join(sharedFolder(), 'cache')
    const args = ['--source', source.tarball, '-m', 'none', '--', ...lean]
    const built = await buildNginx(args, { cwd, toolchain, cache })
    expect(built.stderr).toBe('')
    const again = await buildNginx(args, { cwd, toolchain, cache })
    expect(again.document?.steps.find(({ step }) => step === 'compile')?.isCached).toBe(true)

    const nginx = built.document?.nginx ?? ''
    give(nginx)
    const planted = await buildNginx(args, { cwd, toolchain, cache })
    expect(planted.exitCode).toBe(3)
    expect(planted.stdout).toContain(`${nginx}: it is owned by user ${secondUser}`)

    rmSync(join(cache, 'builds'), { recursive: true })
    const [work = ''] = readdirSync(join(cache, 'work'))
    const object = join(cache, 'work', work, 'nginx/objs/src/core/nginx.o')
    give(object)
    const objects = await buildNginx(args, { cwd, toolchain, cache })
    expect(objects.exitCode).toBe(3)
    expect(objects.stdout).toContain(`${object}: it is owned by user ${secondUser}`)
  },
)

withServers(
  needs,
  'configure and make get no environment of the user who calls sudo',
  async ({ toolchain, source }) => {
    const folder = sharedFolder()
    const bin = theirFolder(folder, 'bin')
    const mark = join(bin, 'was-run')
    for (const name of ['cc', 'gcc', 'make', 'sh', 'dpkg-query', 'xz', 'nginx', 'ccache']) {
      writeFileSync(join(bin, name), `#!/bin/bash\necho ${name} >> ${mark}\nexit 1\n`, {
        mode: 0o755,
      })
      give(join(bin, name))
    }
    const cache = join(folder, 'cache')
    const args = [
      'build-nginx',
      '--source',
      source.tarball,
      '-m',
      'none',
      '--',
      '--with-cc-opt=-O0',
    ]
    const result = await runCli(args, {
      cwd: tempDir(),
      env: {
        PATH: `${bin}:${toolchain.bin}:${process.env['PATH'] ?? ''}`,
        SESSCTL_CACHE: cache,
        HOME: bin,
        CC: join(bin, 'cc'),
        CFLAGS: '-fplugin=/nonexistent',
        CPATH: bin,
        LIBRARY_PATH: bin,
        MAKEFLAGS: `--eval=$(shell ${bin}/make)`,
        MAKEFILES: join(bin, 'make'),
        LD_LIBRARY_PATH: bin,
        GCC_EXEC_PREFIX: bin,
        GIT_DIR: bin,
        BASH_ENV: join(bin, 'sh'),
        ENV: join(bin, 'sh'),
      },
      whileRunning: (child) => {
        child.stderr?.on('data', (text: string) => {
          if (/compile/.test(text)) setTimeout(() => child.kill('SIGINT'), 4000).unref()
        })
        setTimeout(() => child.kill('SIGINT'), 45_000).unref()
      },
    })
    expect(result.stderr).toMatch(/^configure +\d+ arguments/m)
    expect(existsSync(mark) ? readFileSync(mark, 'utf8') : '').toBe('')
  },
)
