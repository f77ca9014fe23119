import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gitOnHost } from '../../src/adapters/git/commit.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { gitEnvironment, newRepository } from '../support/git-repository.ts'

const signal = new AbortController().signal
const usual = { PATH: process.env['PATH'], ...gitEnvironment }
const at = (folder: string, revision = 'HEAD') => gitOnHost(signal, usual).commit(folder, revision)

const mebibyte = 1024 * 1024

const withInput = (folder: string, args: readonly string[], input: string): string =>
  execFileSync('git', args, { cwd: folder, env: usual, input, encoding: 'utf8' }).trim()

/** A commit of one tree, which no work tree could hold. */
const commitTree = (folder: string, tree: string): void => {
  const id = withInput(folder, ['commit-tree', '-m', 'a bomb', tree], '')
  withInput(folder, ['update-ref', 'HEAD', id], '')
}

const repositoryOf = (files: Readonly<Record<string, string | Uint8Array>>) => {
  const folder = tempDir()
  const repository = newRepository(folder)
  repository.write(files)
  repository.commit()
  return { folder, repository }
}

describe('a commit larger than the memory', () => {
  test('a file', async () => {
    const { folder } = repositoryOf({
      'sessctl.yaml': Buffer.alloc(9 * mebibyte),
      'shop.war': Buffer.alloc(9 * mebibyte),
      'large.war': Buffer.alloc(129 * mebibyte),
    })
    const commit = await at(folder)
    await expect(commit.read(join(folder, 'sessctl.yaml'))).rejects.toMatchObject({
      code: 'tool',
      message: expect.stringMatching(
        /cannot read .*sessctl\.yaml in HEAD: it is larger than 8 MiB/,
      ),
    })
    expect(await commit.readWebapp(join(folder, 'shop.war'))).toMatchObject({ form: 'unreadable' })
    await expect(commit.readWebapp(join(folder, 'large.war'))).rejects.toThrow(
      'it is larger than 128 MiB',
    )
  })

  test('a file that becomes twice as long at checkout', async () => {
    const { folder } = repositoryOf({ '.gitattributes': 'x text eol=crlf\n' })
    const blob = withInput(folder, ['hash-object', '-w', '--stdin'], '\n'.repeat(8 * mebibyte))
    const info = join(folder, '.git/info')
    mkdirSync(info, { recursive: true })
    writeFileSync(join(info, 'attributes'), 'x text eol=crlf\n')
    commitTree(folder, withInput(folder, ['mktree'], `100644 blob ${blob}\tx\n`))
    const bytes = await (await at(folder)).read(join(folder, 'x'))
    // As numbers in a list they took eight times as much memory.
    expect(bytes?.length).toBe(16 * mebibyte)
    expect(Buffer.from(bytes ?? []).subarray(-4)).toEqual(Buffer.from('\r\n\r\n'))
  })

  test('folders of folders of folders', async () => {
    const folder = tempDir()
    newRepository(folder)
    const blob = withInput(folder, ['hash-object', '-w', '--stdin'], '<Context/>\n')
    let tree = withInput(folder, ['mktree'], `100644 blob ${blob}\tcontext.xml\n`)
    // 5 to the power of 12 files.
    for (let level = 0; level < 12; level++) {
      const names = Array.from({ length: 5 }, (_, index) => `040000 tree ${tree}\tf${index}\n`)
      const own = level > 2 ? `100644 blob ${blob}\tcontext.xml\n` : ''
      tree = withInput(folder, ['mktree'], `${own}${names.join('')}`)
    }
    commitTree(folder, tree)
    const { files } = await (await at(folder)).readConf(folder)
    expect(files.size).toBe(26)
    expect([...files.keys()]).toContain('f0/f4/context.xml')
  })

  test('a folder with an endless number of files', async () => {
    const folder = tempDir()
    newRepository(folder)
    const blob = withInput(folder, ['hash-object', '-w', '--stdin'], '')
    const lines = Array.from({ length: 60_000 }, (_, index) => {
      return `100644 blob ${blob}\t${String(index).padStart(200, 'x')}\n`
    })
    commitTree(folder, withInput(folder, ['mktree'], lines.join('')))
    await expect((await at(folder)).readConf(folder)).rejects.toMatchObject({
      code: 'tool',
      message: 'git printed more than 8 MiB and was stopped',
    })
  })
})

describe('a commit is the one that its id names', () => {
  test('despite refs/replace and alternates', async () => {
    const { folder, repository } = repositoryOf({ x: 'one\n' })
    const first = repository.git('rev-parse', 'HEAD').trim()
    const blob = repository.git('rev-parse', 'HEAD:x').trim()
    const evil = withInput(folder, ['hash-object', '-w', '--stdin'], 'evil\n')
    repository.git('replace', blob, evil)
    repository.write({ x: 'two\n' })
    const second = repository.commit()
    repository.git('replace', first, second)
    const bytes = await (await at(folder, first)).read(join(folder, 'x'))
    expect(Buffer.from(bytes ?? []).toString()).toBe('one\n')
  })

  test.each(['--output=/dev/null', '-x', '--', 'HEAD\n--all', 'HEAD..HEAD', 'HEAD:x', '@{-1}'])(
    'and %j names no commit',
    async (revision) => {
      const { folder } = repositoryOf({ x: 'one\n' })
      await expect(at(folder, revision)).rejects.toMatchObject({ code: 'usage' })
    },
  )
})

describe('a .git that leads to a configuration of another user', () => {
  const commands = [
    'fsmonitor',
    'sshCommand',
    'pager',
    'editor',
    'gitProxy',
    'alternateRefsCommand',
  ]
  test.each(['file', 'link'])('by a %s: no program that it names is executed', async (kind) => {
    const { folder: theirs, repository } = repositoryOf({
      '.gitattributes': '* filter=evil diff=evil\n',
      'sessctl.yaml': 'one\n',
    })
    const ran = join(tempDir(), 'ran')
    const script = join(tempDir(), 'script')
    writeFileSync(script, `#!/bin/sh\ntouch '${ran}'\nexec cat\n`, { mode: 0o755 })
    for (const name of commands) repository.git('config', `core.${name}`, script)
    for (const name of ['filter.evil.smudge', 'filter.evil.process', 'diff.evil.textconv'])
      repository.git('config', name, script)
    const included = join(theirs, 'included')
    writeFileSync(included, `[diff]\n external = ${script}\n[core]\n hooksPath = ${theirs}\n`)
    repository.git('config', 'include.path', included)
    const ours = tempDir()
    if (kind === 'file') writeFileSync(join(ours, '.git'), `gitdir: ${join(theirs, '.git')}\n`)
    else symlinkSync(join(theirs, '.git'), join(ours, '.git'))
    const bytes = await (await at(ours)).read(join(ours, 'sessctl.yaml'))
    expect(Buffer.from(bytes ?? []).toString()).toBe('one\n')
    expect(existsSync(ran)).toBe(false)
    // The same configuration does run the filter when git itself checks out.
    rmSync(join(theirs, 'sessctl.yaml'))
    execFileSync('git', ['checkout', '--', 'sessctl.yaml'], {
      cwd: theirs,
      env: usual,
      stdio: 'pipe',
    })
    expect(existsSync(ran)).toBe(true)
  })
})
