import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { gitOnHost } from '../../src/adapters/git/commit.ts'
import { ToolError, UsageError } from '../../src/errors.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { gitEnvironment, newRepository } from '../support/git-repository.ts'

const signal = new AbortController().signal
const at = (folder: string, revision: string) =>
  gitOnHost(signal, process.env).commit(folder, revision)
const textOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(bytes)

/** Every file below a folder with its bytes and times: what must not change. */
const stateOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return `${file} ${statSync(file).mtimeMs} ${readFileSync(file).toString('base64')}`
    })
    .sort()

beforeEach(() => {
  for (const [name, value] of Object.entries(gitEnvironment)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a commit', () => {
  test('has its own files, whatever the work tree contains', async () => {
    const folder = { path: tempDir() }
    const repository = newRepository(folder.path)
    repository.write({ 'sessctl.yaml': 'one\n', 'a b/ü "x".xml': 'blank\n' })
    const first = repository.commit()
    repository.write({ 'sessctl.yaml': 'two\n', 'a b/ü "x".xml': null })
    repository.commit()
    repository.write({ 'sessctl.yaml': 'three\n', 'new.yaml': 'new\n' })
    const before = stateOf(folder.path)
    const commit = await at(folder.path, 'HEAD~1')
    expect(commit.id).toBe(first)
    expect(textOf(await commit.read(join(folder.path, 'sessctl.yaml')))).toBe('one\n')
    expect(textOf(await commit.read(join(folder.path, 'a b/ü "x".xml')))).toBe('blank\n')
    expect(await commit.read(join(folder.path, 'new.yaml'))).toBeNull()
    expect(await commit.read(join(folder.path, 'a b'))).toBeNull()
    expect(stateOf(folder.path)).toEqual(before)
  })

  test('returns applications unchanged: a web.xml, a folder, a war', async () => {
    const folder = tempDir()
    const repository = newRepository(folder)
    repository.write({
      'app/WEB-INF/web.xml': 'old\n',
      'shop.war': 'PK, no more\n',
      'web.xml': 'x\n',
    })
    repository.commit()
    repository.write({ 'app/WEB-INF/web.xml': 'new\n' })
    const commit = await at(folder, 'HEAD')
    expect(await commit.readWebapp(join(folder, 'app'))).toEqual({
      form: 'folder',
      webXml: Buffer.from('old\n'),
    })
    expect(await commit.readWebapp(join(folder, 'shop.war'))).toMatchObject({ form: 'unreadable' })
    expect(await commit.readWebapp(join(folder, 'web.xml'))).toEqual(Buffer.from('x\n'))
    expect(await commit.readWebapp(join(folder, 'other'))).toBeNull()
  })

  test('is the same from a subfolder, and for files above it', async () => {
    const folder = { path: tempDir() }
    const repository = newRepository(folder.path)
    repository.write({ 'deep/er/sessctl.yaml': 'spec\n', 'conf/server.xml': 'xml\n' })
    repository.commit()
    const below = join(folder.path, 'deep/er')
    const commit = await at(below, 'main')
    expect(textOf(await commit.read(join(below, 'sessctl.yaml')))).toBe('spec\n')
    expect(textOf(await commit.read(join(below, '../../conf/server.xml')))).toBe('xml\n')
    expect(commit.holds(join(folder.path, 'conf/server.xml'))).toBe(true)
    expect(commit.holds(join(folder.path, '../outside.xml'))).toBe(false)
    expect(commit.holds('/etc/tomcat/server.xml')).toBe(false)
  })

  test('is found from a linked work tree and by every kind of revision', async () => {
    const folder = { path: tempDir() }
    const repository = newRepository(join(folder.path, mkdirIn(folder.path, 'main')))
    repository.write({ 'sessctl.yaml': 'one\n' })
    const id = repository.commit()
    repository.git('tag', '--annotate', '--message', 'x', 'v1')
    repository.git('worktree', 'add', '--quiet', '../linked')
    const linked = join(folder.path, 'linked')
    for (const name of ['main', 'v1', id, id.slice(0, 8), 'HEAD', '@', 'refs/heads/main']) {
      const commit = await at(linked, name)
      expect(commit.id).toBe(id)
      expect(textOf(await commit.read(join(linked, 'sessctl.yaml')))).toBe('one\n')
    }
  })

  test('is read in a bare repository, and where its folder no longer exists', async () => {
    const folder = tempDir()
    const origin = newRepository(join(folder, mkdirIn(folder, 'origin')))
    origin.write({ 'specs/shop.yaml': 'one\n' })
    const first = origin.commit()
    origin.git('mv', 'specs', 'shops')
    const second = origin.commit()
    origin.git('clone', '--quiet', '--bare', '.', '../shop.git')
    for (const top of [join(folder, 'shop.git'), origin.path]) {
      const [before, after] = [
        await at(join(top, 'specs'), first),
        await at(join(top, 'shops'), second),
      ]
      expect(textOf(await before.read(join(top, 'specs/shop.yaml')))).toBe('one\n')
      expect(await after.read(join(top, 'specs/shop.yaml'))).toBeNull()
      expect(after.holds('/etc/passwd')).toBe(false)
      expect(await before.nameBefore(join(top, 'shops/shop.yaml'), second)).toBe(
        join(top, 'specs/shop.yaml'),
      )
      expect(await before.nameBefore(join(top, 'shops/other.yaml'), second)).toBeNull()
    }
  })

  test('follows links within it, and no links to the outside', async () => {
    const folder = { path: tempDir() }
    const repository = newRepository(folder.path)
    repository.write({ 'specs/shop.yaml': 'shop\n' })
    symlinkSync('specs/shop.yaml', join(folder.path, 'sessctl.yaml'))
    symlinkSync('../../outside', join(folder.path, 'out'))
    symlinkSync('loop', join(folder.path, 'loop'))
    repository.commit()
    const commit = await at(folder.path, 'HEAD')
    expect(textOf(await commit.read(join(folder.path, 'sessctl.yaml')))).toBe('shop\n')
    expect(await commit.read(join(folder.path, 'out'))).toBeNull()
    expect(await commit.read(join(folder.path, 'loop'))).toBeNull()
  })

  test('has the line ends and encodings of a checkout', async () => {
    const folder = { path: tempDir() }
    const repository = newRepository(folder.path)
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<x>ü</x>\n', 'utf16le')])
    repository.write({
      '.gitattributes':
        '*.xml text eol=crlf\n*.wide working-tree-encoding=UTF-16LE-BOM text eol=lf\n',
      'server.xml': '<a>\r\n</a>\r\n',
      'server.wide': wide,
    })
    repository.commit()
    expect(repository.git('show', 'HEAD:server.xml')).toBe('<a>\n</a>\n')
    const commit = await at(folder.path, 'HEAD')
    expect(textOf(await commit.read(join(folder.path, 'server.xml')))).toBe('<a>\r\n</a>\r\n')
    expect(await commit.read(join(folder.path, 'server.wide'))).toEqual(wide)
  })

  test('keeps binary files unchanged', async () => {
    const folder = { path: tempDir() }
    const repository = newRepository(folder.path)
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    repository.write({ 'x.bin': bytes })
    repository.commit()
    const commit = await at(folder.path, 'HEAD')
    expect(await commit.read(join(folder.path, 'x.bin'))).toEqual(bytes)
  })
})

const mkdirIn = (folder: string, name: string): string => {
  mkdirSync(join(folder, name))
  return name
}

describe('reports', () => {
  const failing = async (folder: string, revision: string): Promise<unknown> => {
    try {
      return await at(folder, revision)
    } catch (error) {
      return error
    }
  }

  test.each([
    'nope',
    'origin/main',
    '0'.repeat(40),
    'HEAD~9',
    'main..main',
    'HEAD:a',
    'HEAD^{tree}',
    '@{u}',
    'a b',
  ])('an unknown revision: %s', async (revision) => {
    const folder = { path: tempDir() }
    const repository = newRepository(folder.path)
    repository.write({ a: 'a\n' })
    repository.commit()
    const error = await failing(folder.path, revision)
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({
      message: `the repository has no revision "${revision}"`,
      help: expect.stringContaining('git fetch'),
    })
  })

  test.each(['', '--help', '-x', 'a\u001b[31m', 'a\nb', 'a\0b'])(
    'an invalid revision: %j',
    async (revision) => {
      const folder = { path: tempDir() }
      newRepository(folder.path)
      const error = await failing(folder.path, revision)
      expect(error).toBeInstanceOf(UsageError)
      expect(error).toMatchObject({ message: 'the revision is empty or invalid' })
    },
  )

  test('a repository without a commit', async () => {
    const folder = { path: tempDir() }
    newRepository(folder.path)
    const error = await failing(folder.path, 'HEAD')
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ message: 'the repository has no commit yet' })
  })

  test('a shallow clone', async () => {
    const folder = { path: tempDir() }
    const origin = newRepository(join(folder.path, mkdirIn(folder.path, 'origin')))
    origin.write({ a: '1\n' })
    const first = origin.commit()
    origin.write({ a: '2\n' })
    origin.commit()
    origin.git('clone', '--quiet', '--depth=1', `file://${origin.path}`, '../clone')
    const clone = join(folder.path, 'clone')
    expect(textOf(await (await at(clone, 'origin/main')).read(join(clone, 'a')))).toBe('2\n')
    for (const revision of [first, 'HEAD~1']) {
      expect(await failing(clone, revision)).toMatchObject({
        code: 'usage',
        help: expect.stringMatching(
          /^this clone is shallow: .*git fetch --deepen=100, .*fetch-depth: 0/,
        ),
      })
    }
  })

  test('no repository', async () => {
    const folder = { path: tempDir() }
    vi.stubEnv('GIT_CEILING_DIRECTORIES', join(folder.path, '..'))
    const error = await failing(folder.path, 'HEAD')
    expect(error).toBeInstanceOf(ToolError)
    expect(error).toMatchObject({
      message: expect.stringContaining(`${folder.path} is in no git repository`),
    })
  })

  test('a bare repository inside of a work tree', async () => {
    const folder = { path: tempDir() }
    const repository = newRepository(folder.path)
    repository.write({ a: 'a\n' })
    repository.commit()
    const inner = join(folder.path, mkdirIn(folder.path, 'inner.git'))
    repository.git('clone', '--quiet', '--bare', '.', 'inner.git')
    expect(await failing(inner, 'HEAD')).toMatchObject({
      code: 'tool',
      message: expect.stringContaining('is in no git repository'),
    })
    expect(await failing(join(folder.path, '.git'), 'HEAD')).toBeInstanceOf(ToolError)
  })

  test('no git', async () => {
    const folder = { path: tempDir() }
    vi.stubEnv('PATH', folder.path)
    const error = await failing(folder.path, 'HEAD')
    expect(error).toBeInstanceOf(ToolError)
    expect(error).toMatchObject({ message: 'git is not installed, or is not in PATH' })
  })

  test('a missing object', async () => {
    const folder = { path: tempDir() }
    const repository = newRepository(folder.path)
    repository.write({ a: 'a\n' })
    repository.commit()
    const blob = repository.git('rev-parse', 'HEAD:a').trim()
    rmSync(join(folder.path, '.git/objects', blob.slice(0, 2)), { recursive: true })
    const commit = await at(folder.path, 'HEAD')
    await expect(commit.read(join(folder.path, 'a'))).rejects.toMatchObject({
      code: 'tool',
      message: expect.stringContaining(`git cannot read ${join(folder.path, 'a')} in HEAD: `),
    })
  })

  test('a signal that interrupts git', async () => {
    const folder = { path: tempDir() }
    newRepository(folder.path)
    const abort = new AbortController()
    abort.abort()
    await expect(gitOnHost(abort.signal, process.env).commit(folder.path, 'HEAD')).rejects.toBe(
      abort.signal.reason,
    )
  })
})
