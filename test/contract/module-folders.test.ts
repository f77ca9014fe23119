import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskOnHost } from '../../src/build-nginx/adapters/disk.ts'
import { repositoriesOnHost } from '../../src/build-nginx/adapters/repositories.ts'
import type { Fetched } from '../../src/build-nginx/run/sources/fetched.ts'
import { sourceFiles, wantedOf } from '../../src/build-nginx/run/trees.ts'
import { tempDir } from '../real/support/temp-dir.ts'

const never = new AbortController().signal
const disk = diskOnHost(never)
const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' }
const repositories = repositoriesOnHost(never, env)

const git = (folder: string, ...args: readonly string[]): void =>
  void execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
    cwd: folder,
    stdio: 'ignore',
  })

const fill = (folder: string, files: Readonly<Record<string, string>>): string => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const ndk = { config: '', 'objs/ndk_array.h': '', 'src/ndk.c': '', Makefile: '' }

const repository = (files: Readonly<Record<string, string>>): string => {
  const folder = fill(tempDir(), files)
  git(folder, 'init', '-q')
  git(folder, 'add', '-A')
  git(folder, 'commit', '-qm', 'x')
  return folder
}

const moduleIn = (path: string, files: readonly string[] | null = null): Fetched => ({
  input: { name: 'module:x', kind: 'module', source: { kind: 'local', path }, folder: '' },
  from: 'x',
  content: { kind: 'folder', path, files },
  signature: null,
  expected: null,
  checkout: null,
  debian: null,
  isNew: false,
})

const copied = async (folder: string, files: readonly string[] | null = null) =>
  (await sourceFiles(folder, disk, wantedOf(moduleIn(folder, files)))).map(({ path }) => path)

describe('the folder of a module', () => {
  test('is what git tracks, whatever the names of its folders', async () => {
    const folder = repository({ ...ndk, '.gitignore': '*.o\n' })
    fill(folder, { 'src/ndk.o': '', 'new.c': '' })
    const tracked = await repositories.tracked(folder)
    expect(tracked?.others).toEqual(['new.c'])
    expect(await copied(folder, tracked?.files)).toEqual([
      '.gitignore',
      'Makefile',
      'config',
      'objs/ndk_array.h',
      'src/ndk.c',
    ])
  })
  test('may be a part of a repository, and have submodules', async () => {
    const inner = repository({ 'c/brotli.c': '' })
    const folder = repository({ 'modules/x/config': '', other: '' })
    git(
      folder,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      'add',
      '-q',
      inner,
      'modules/x/deps',
    )
    const files = (await repositories.tracked(join(folder, 'modules/x')))?.files
    expect(files?.toSorted()).toEqual(['config', 'deps/c/brotli.c'])
  })
  test('is whole where git tracks nothing, without what a build of nginx has left', async () => {
    const folder = fill(tempDir(), ndk)
    expect(await repositories.tracked(folder)).toBeNull()
    expect(await copied(folder)).toEqual(['Makefile', 'config', 'objs/ndk_array.h', 'src/ndk.c'])
    fill(folder, { 'objs/ngx_auto_config.h': '' })
    expect(await copied(folder)).toEqual(['config', 'src/ndk.c'])
  })
  test('executes no program that its repository names', async () => {
    const folder = repository(ndk)
    const marker = join(folder, 'was-run')
    const program = join(folder, '.git/monitor')
    writeFileSync(program, `#!/bin/sh\ntouch ${marker}\n`)
    chmodSync(program, 0o755)
    git(folder, 'config', 'core.fsmonitor', program)
    git(folder, 'config', 'core.hooksPath', join(folder, '.git'))
    expect((await repositories.tracked(folder))?.files).toContain('config')
    expect(existsSync(marker)).toBe(false)
  })
  test('a link in it is not followed, and one that leads out of it is refused', async () => {
    const folder = fill(tempDir(), { config: '', 'docs/a.md': '' })
    symlinkSync('a.md', join(folder, 'docs/b.md'))
    symlinkSync('docs', join(folder, 'doc'))
    expect(await copied(folder)).toEqual(['config', 'docs/a.md'])
    for (const target of ['/etc/shadow', '../secret', 'docs/../../secret']) {
      symlinkSync(target, join(folder, 'x.c'))
      await expect(copied(folder)).rejects.toThrow('is outside of the source')
      await disk.remove(join(folder, 'x.c'))
    }
  })
})
