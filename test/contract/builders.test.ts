import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { gitIn } from '../../src/adapters/git/caller.ts'
import { archivesOnDisk } from '../../src/build-nginx/adapters/archives.ts'
import { diskOnHost } from '../../src/build-nginx/adapters/disk.ts'
import { loopbackOnHost } from '../../src/build-nginx/adapters/loopback.ts'
import { processesOnHost } from '../../src/build-nginx/adapters/processes.ts'
import { protocolsOf, repositoriesOnHost } from '../../src/build-nginx/adapters/repositories.ts'
import { BuildError, IoError, ToolError } from '../../src/errors.ts'
import { accepts } from '../real/support/process.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { newRepository } from '../support/git-repository.ts'

const patient = { timeout: 30_000, interval: 20 }
const never = new AbortController().signal
const env = { PATH: process.env['PATH'] ?? '' }
const disk = diskOnHost(never)

describe('the disk', () => {
  test('writes whole files and lists them in a fixed order', async () => {
    const folder = tempDir()
    await disk.write(join(folder, 'b/x'), 'x', true)
    await disk.write(join(folder, 'a'), 'a')
    symlinkSync('/etc', join(folder, 'link'))
    const entries = await disk.list(folder)
    expect(entries.map(({ path, kind, isExecutable }) => [path, kind, isExecutable])).toEqual([
      ['a', 'file', false],
      ['b', 'folder', true],
      ['b/x', 'file', true],
      ['link', 'link', true],
    ])
  })
  test('finds nothing below a file, and fails if no folder can be created', async () => {
    const folder = tempDir()
    await disk.write(join(folder, 'file'), '')
    expect(await disk.kind(join(folder, 'file/x'))).toBeNull()
    await expect(disk.makeFolder(join(folder, 'file/x/y'))).rejects.toThrow(IoError)
    await expect(disk.makeFolder('/proc/no/such')).rejects.toThrow(IoError)
  })
  test('replaces a folder as a whole, with its own permissions', async () => {
    const folder = tempDir()
    const entries = [
      { path: 'bin', mode: 0o755, content: null },
      { path: 'bin/x', mode: 0o755, content: Buffer.from('x') },
      { path: 'y', mode: 0o644, content: Buffer.from('y') },
    ]
    const umask = process.umask(0o077)
    try {
      await disk.publish(join(folder, 'way/out'), entries, 1_000_000)
    } finally {
      process.umask(umask)
    }
    const listed = await disk.list(join(folder, 'way/out'))
    expect(listed.map(({ path }) => path)).toEqual(['bin', 'bin/x', 'y'])
    const { mode, mtimeMs } = statSync(join(folder, 'way/out/bin/x'))
    expect([mode & 0o777, mtimeMs]).toEqual([0o755, 1_000_000_000])
    // A path that cannot be: nothing of it is there, and what was there stays.
    const broken = [...entries, { path: 'y/z', mode: 0o644, content: Buffer.from('z') }]
    await expect(disk.publish(join(folder, 'way/out'), broken, 0)).rejects.toThrow(IoError)
    expect(readdirSync(join(folder, 'way'))).toEqual(['out'])
    await disk.publish(join(folder, 'way/out'), entries.slice(2), 0)
    expect(readdirSync(join(folder, 'way/out'))).toEqual(['y'])
  })
  test('packs the same bytes for the same entries, owned by root, readable by any tar', async () => {
    const folder = tempDir()
    const long = `${'long/'.repeat(30)}name`
    const entries = [
      { path: 'a', mode: 0o755, content: null },
      { path: 'a/x', mode: 0o755, content: Buffer.alloc(513, 'x') },
      { path: long, mode: 0o644, content: Buffer.from('') },
    ]
    const archive = await archivesOnDisk.pack(entries, 1_000_000)
    expect(await archivesOnDisk.pack(entries, 1_000_000)).toEqual(archive)
    writeFileSync(join(folder, 'x.tar.gz'), archive)
    const listed = execFileSync('tar', ['-tvzf', 'x.tar.gz'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...env, TZ: 'UTC', LC_ALL: 'C' },
    })
    expect(
      listed
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/ +/g, ' ')),
    ).toEqual([
      'drwxr-xr-x root/root 0 1970-01-12 13:46 a/',
      '-rwxr-xr-x root/root 513 1970-01-12 13:46 a/x',
      `-rw-r--r-- root/root 0 1970-01-12 13:46 ${long}`,
    ])
    expect((await archivesOnDisk.gunzip(archive))?.length).toBe(512 * 7)
    expect(await archivesOnDisk.gunzip(Buffer.from('no gzip'))).toBeNull()
  })
  test('keeps the times of copied files, because make(1) compares them', async () => {
    const folder = tempDir()
    await disk.write(join(folder, 'from/a'), 'a')
    await disk.copy(join(folder, 'from'), join(folder, 'to'))
    expect(readFileSync(join(folder, 'to/a'), 'utf8')).toBe('a')
  })
  test('moves a file over an existing one', async () => {
    const folder = tempDir()
    await disk.write(join(folder, 'new/a'), 'new')
    await disk.write(join(folder, 'old/b'), 'old')
    await disk.move(join(folder, 'new'), join(folder, 'old'))
    expect(readdirSync(folder)).toEqual(['old'])
    expect(readdirSync(join(folder, 'old'))).toEqual(['a'])
  })
  test('reports the error of the file system', async () => {
    const folder = tempDir()
    await expect(disk.read(join(folder, 'no'))).rejects.toThrow(IoError)
    expect(await disk.readIfThere(join(folder, 'no'))).toBeNull()
    writeFileSync(join(folder, 'file'), '')
    await expect(disk.write(join(folder, 'file/x'), 'x')).rejects.toThrow(IoError)
  })
})

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

describe('programs', () => {
  const options = (onLine: (line: string) => void) => ({ cwd: tempDir(), env, onLine })
  test('report both outputs line by line', async () => {
    const lines: string[] = []
    const ended = await processesOnHost(never).run(
      'sh',
      ['-c', 'echo a; printf b >&2; exit 3'],
      options((line) => lines.push(line)),
    )
    expect(ended).toEqual({ exitCode: 3, signal: null })
    expect(lines.sort()).toEqual(['a', 'b'])
  })
  test('return null for a missing program', async () => {
    expect(
      await processesOnHost(never).run(
        '/no/such',
        [],
        options(() => undefined),
      ),
    ).toBeNull()
    await expect(
      processesOnHost(never).start('/no/such', [], { cwd: tempDir(), env }),
    ).rejects.toThrow(ToolError)
  })
  test('end with all their children on an interruption', async () => {
    const abort = new AbortController()
    const pids: number[] = []
    const take = (line: string): void => {
      pids.push(Number(line))
      if (pids.length === 2) abort.abort()
    }
    // A make with a compiler: the compiler is deaf to TERM.
    const script = `echo $$; sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done'; wait`
    const pending = processesOnHost(abort.signal).run('sh', ['-c', script], options(take))
    await expect(pending).rejects.toThrow()
    await vi.waitFor(() => expect(pids.every(isGone)).toBe(true), patient)
    expect(pids).toHaveLength(2)
  }, 60_000)
  test('a server is started, and stopped with its child processes', async () => {
    const script = `trap 'exit 0' TERM; sleep 1000 & echo up; while :; do sleep 0.1; done`
    const daemon = await processesOnHost(never).start('sh', ['-c', script], { cwd: tempDir(), env })
    await vi.waitFor(() => expect(daemon.output()).toContain('up'), patient)
    expect(daemon.ended()).toBeNull()
    expect(await daemon.stop()).toEqual({ exitCode: 0, signal: null })
    expect(isGone(daemon.pid)).toBe(true)
  })
})

test('stub servers answer with their names until they are stopped', async () => {
  const stub = await loopbackOnHost.serve('one')
  expect((await loopbackOnHost.get(stub.port, '/x'))?.body).toBe('one')
  await stub.stop()
  expect(await loopbackOnHost.get(stub.port, '/x')).toBeNull()
})

test('two free ports differ, and no program listens on them', async () => {
  const [one, other] = await loopbackOnHost.freePorts()
  expect(one).not.toBe(other)
  expect([await accepts(one), await accepts(other)]).toEqual([false, false])
})

describe('repositories', () => {
  const source = () => {
    const folder = tempDir()
    const repository = newRepository(folder)
    repository.write({ config: 'one\n', 'sub/a.c': 'a\n' })
    const first = repository.commit()
    repository.git('tag', 'v1')
    repository.write({ config: 'two\n' })
    const second = repository.commit()
    return { url: `file://${folder}`, first, second, git: repository.git, folder }
  }
  const checkOut = async (url: string, ref: string) => {
    const into = join(tempDir(), 'into')
    return { into, ...(await repositoriesOnHost(never, process.env).checkOut(url, ref, into)) }
  }
  test.each(['tag', 'commit', 'branch'])('return the files of a %s', async (kind) => {
    const { url, first, second, git } = source()
    const ref = kind === 'tag' ? 'v1' : kind === 'commit' ? first : 'main'
    const found = await checkOut(url, ref)
    expect(found.commit).toBe(kind === 'branch' ? second : first)
    expect(found.tree).toBe(git('rev-parse', `${found.commit}^{tree}`).trim())
    expect(readFileSync(join(found.into, 'config'), 'utf8')).toBe(
      kind === 'branch' ? 'two\n' : 'one\n',
    )
    expect(existsSync(join(found.into, '.git'))).toBe(false)
  })
  test('execute no program of the repository and use no other protocol', async () => {
    const { url, folder } = source()
    const marker = join(tempDir(), 'ran')
    mkdirSync(join(folder, '.git/hooks'), { recursive: true })
    writeFileSync(join(folder, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${marker}\n`, {
      mode: 0o755,
    })
    await checkOut(url, 'v1')
    await expect(checkOut(`ext::sh -c touch% ${marker}`, 'v1')).rejects.toThrow(BuildError)
    expect(existsSync(marker)).toBe(false)
  })
  test('return a locked commit only if it is part of the tag or branch', async () => {
    const { url, first, second, git, folder } = source()
    const { checkOut } = repositoriesOnHost(never, process.env)
    const at = (ref: string, locked: string) =>
      checkOut(url, ref, join(tempDir(), 'into'), locked).then(({ commit }) => commit)
    expect(await at('v1', first)).toBe(first)
    // The branch has moved on since.
    expect(await at('main', first)).toBe(first)
    // As servers of forks do, it gives whatever it has.
    git('config', 'uploadpack.allowAnySHA1InWant', 'true')
    git('checkout', '--quiet', '-b', 'fork', 'v1')
    writeFileSync(join(folder, 'config'), 'evil\n')
    git('commit', '--quiet', '--all', '--message', 'evil')
    const evil = git('rev-parse', 'HEAD').trim()
    for (const locked of [evil, second])
      await expect(at('v1', locked)).rejects.toThrow(
        `the commit ${locked} in nginx.lock is not part of v1 of ${url}`,
      )
    await expect(at('main', evil)).rejects.toThrow('is not part of main')
  })
  test('fetch submodules by the protocol of the address, and no file of this host', async () => {
    expect(protocolsOf('https://x.org/a.git')).toEqual(['https'])
    for (const url of ['ssh://git@x.org/a.git', 'git@x.org:a.git'])
      expect(protocolsOf(url)).toEqual(['https', 'ssh'])
    // The guard itself: a submodule that is a folder of this host.
    const inner = source()
    const { git, folder } = source()
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.url, 'inner')
    git('commit', '--quiet', '--all', '--message', 'a submodule')
    const clone = tempDir()
    execFileSync('git', ['clone', '--quiet', folder, clone], { stdio: 'pipe' })
    const update = async (protocols: Parameters<typeof gitIn>[1]['protocols']) =>
      (await gitIn(clone, { signal: never, env: process.env, protocols })).raw([
        ...['submodule', '--quiet', 'update', '--init'],
      ])
    await expect(update(['https', 'ssh'])).rejects.toThrow(/'file' not allowed/)
    await update(['file'])
    expect(existsSync(join(clone, 'inner/config'))).toBe(true)
  })
  test('report what is missing', async () => {
    const { url } = source()
    await expect(checkOut(url, 'v9')).rejects.toThrow(/git cannot fetch v9 of file:/)
    await expect(checkOut('file:///no/such/repository', 'v1')).rejects.toThrow(BuildError)
  })
})
