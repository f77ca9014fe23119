import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Header, type HeaderData } from 'tar'
import { describe, expect, test } from 'vitest'
import { archivesOnDisk } from '../../src/build-nginx/adapters/archives.ts'
import { diskOnHost } from '../../src/build-nginx/adapters/disk.ts'
import { BuildError, ToolError } from '../../src/errors.ts'
import { tempDir } from '../real/support/temp-dir.ts'

type Member = Partial<HeaderData> & { readonly path: string; readonly body?: string }

/** A tarball, byte by byte: of what no honest program would write as well. */
const tarOf = (members: readonly Member[]): Buffer => {
  const blocks = members.flatMap(({ body = '', ...data }) => {
    const header = new Header({
      mode: 0o644,
      type: 'File',
      mtime: new Date(0),
      ...data,
      size: body.length,
    })
    const block = Buffer.alloc(512)
    header.encode(block)
    const content = Buffer.alloc(Math.ceil(body.length / 512) * 512)
    content.write(body)
    return [block, content]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

const folderOf = (path: string): Member => ({ path, type: 'Directory', mode: 0o755 })
const plain = [
  folderOf('x-1/'),
  { path: 'x-1/configure', body: '#!/bin/sh\n', mode: 0o755 },
  { path: 'x-1/src/a.c', body: 'int a;\n' },
]

const stage = (bytes: Buffer, name = 'x.tar.gz') => {
  const folder = tempDir()
  const archive = join(folder, name)
  writeFileSync(archive, name.endsWith('.gz') ? gzipSync(bytes) : bytes)
  return { folder, archive, into: join(folder, 'out/tree') }
}

const failing = async (bytes: Buffer, name?: string) => {
  const { archive, folder, into } = stage(bytes, name)
  const error = await archivesOnDisk.extract(archive, into).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  // No file of it is left, in its folder or next to it.
  expect(existsSync(into)).toBe(false)
  expect(existsSync(join(folder, 'out')) ? readdirSync(join(folder, 'out')) : []).toEqual([])
  expect(readdirSync(folder).filter((found) => found !== 'out')).toEqual([name ?? 'x.tar.gz'])
  expect(error).toBeInstanceOf(BuildError)
  return error instanceof Error ? error.message : ''
}

describe('a tarball', () => {
  test('is unpacked without its top folder', async () => {
    const { archive, into } = stage(tarOf(plain))
    await archivesOnDisk.extract(archive, into)
    expect(readFileSync(join(into, 'src/a.c'), 'utf8')).toBe('int a;\n')
    expect(statSync(join(into, 'configure')).mode & 0o111).not.toBe(0)
  })

  test('replaces an existing folder', async () => {
    const { archive, into } = stage(tarOf(plain))
    await archivesOnDisk.extract(archive, into)
    writeFileSync(join(into, 'left'), '')
    await archivesOnDisk.extract(archive, into)
    expect(readdirSync(into).sort()).toEqual(['configure', 'src'])
  })

  test('removes temporary files, also those of a killed run', async () => {
    const { archive, into } = stage(tarOf(plain))
    const half = join(into, '../.tree.sessctl-extract/tree/half')
    mkdirSync(half, { recursive: true })
    await archivesOnDisk.extract(archive, into)
    expect(readdirSync(join(into, '..')).sort()).toEqual(['tree'])
    expect(readdirSync(into).sort()).toEqual(['configure', 'src'])
  })

  test('is unpacked with ordinary permissions: setuid, setgid, sticky bits and write permissions of others are removed', async () => {
    const members = [
      { path: 'x-1/', type: 'Directory', mode: 0o7777 } as const,
      { path: 'x-1/suid', body: 'x', mode: 0o6777 },
      { path: 'x-1/text', body: 'x', mode: 0o7666 },
      { path: 'x-1/secret', body: 'x', mode: 0o600 },
    ]
    const { archive, into, folder } = stage(tarOf(members))
    await archivesOnDisk.extract(archive, into)
    const modesIn = (at: string) =>
      ['', 'suid', 'text', 'secret'].map((name) =>
        (statSync(join(at, name)).mode & 0o7777).toString(8),
      )
    expect(modesIn(into)).toEqual(['755', '755', '644', '644'])

    // Of a folder that is copied, too.
    for (const [name, mode] of [
      ['suid', 0o6777],
      ['text', 0o7666],
      ['secret', 0o600],
      ['', 0o3777],
    ] as const)
      chmodSync(join(into, name), mode)
    const disk = diskOnHost(new AbortController().signal)
    await disk.copy(into, join(folder, 'all'))
    expect(modesIn(join(folder, 'all'))).toEqual(['755', '755', '644', '644'])
    await disk.copy(join(into, 'suid'), join(folder, 'one'))
    expect(statSync(join(folder, 'one')).mode & 0o7777).toBe(0o755)
  })

  test('is the file that was verified', async () => {
    const { archive, into } = stage(tarOf(plain))
    const sha256 = createHash('sha256').update('another').digest('hex')
    await expect(archivesOnDisk.extract(archive, into, { sha256 })).rejects.toThrow(
      'it was changed after it was verified',
    )
    expect(existsSync(into)).toBe(false)
  })

  test.each(['xz', 'bzip2'])('by %s', async (program) => {
    const { archive, into, folder } = stage(tarOf(plain), 'x.tar')
    execFileSync(program, ['--keep', archive])
    const packed = readdirSync(folder).find((name) => name.startsWith('x.tar.')) ?? ''
    await archivesOnDisk.extract(join(folder, packed), into)
    expect(readFileSync(join(into, 'src/a.c'), 'utf8')).toBe('int a;\n')
    expect(Buffer.from(await archivesOnDisk.expand(join(folder, packed)))).toEqual(
      readFileSync(archive),
    )
  })

  test('of which a part is wanted: other files are not checked', async () => {
    const link = { path: 'd/modules/link', type: 'SymbolicLink', linkpath: '/etc' } as const
    const { archive, into } = stage(
      tarOf([folderOf('d/'), link, { path: 'd/patches/series', body: 's' }]),
    )
    await archivesOnDisk.extract(archive, into, { only: 'd/patches/' })
    expect(readdirSync(into)).toEqual(['patches'])
  })
})

describe('is refused without leaving files', () => {
  test.each<[string, Member]>([
    ['a path that leads out', { path: 'x-1/../../etc/passwd', body: 'x' }],
    ['an absolute path', { path: '/etc/passwd', body: 'x' }],
    ['a symbolic link', { path: 'x-1/src/link', type: 'SymbolicLink', linkpath: '../../..' }],
    ['a link within', { path: 'x-1/src/link', type: 'SymbolicLink', linkpath: 'a.c' }],
    ['a hard link', { path: 'x-1/hard', type: 'Link', linkpath: 'x-1/src/a.c' }],
    ['a device', { path: 'x-1/null', type: 'CharacterDevice', devmaj: 1, devmin: 3 }],
    ['a block device', { path: 'x-1/sda', type: 'BlockDevice', devmaj: 8, devmin: 0 }],
    ['a pipe', { path: 'x-1/pipe', type: 'FIFO' }],
    ['a name with a line end', { path: 'x-1/a\nb', body: 'x' }],
    ['a name with a backslash', { path: 'x-1/..\\..\\x', body: 'x' }],
    ['a second top', { path: 'y/a', body: 'x' }],
  ])('%s', async (_, member) => {
    expect(await failing(tarOf([...plain, member]))).toContain('is refused:')
  })

  test('a link that a later file would be written through', async () => {
    const link = { path: 'x-1/src', type: 'SymbolicLink', linkpath: '/tmp' } as const
    const through = { path: 'x-1/src/evil.c', body: 'x' }
    expect(await failing(tarOf([folderOf('x-1/'), link, through]))).toContain('is a symbolic link')
  })

  test.each([1, 100, 700, 1500])('a file that is truncated after %i bytes', async (size) => {
    const packed = gzipSync(tarOf([...plain, { path: 'x-1/big.c', body: 'x'.repeat(9000) }]))
    const { archive, into } = stage(Buffer.alloc(0))
    writeFileSync(archive, packed.subarray(0, Math.min(size, packed.length - 30)))
    await expect(archivesOnDisk.extract(archive, into)).rejects.toThrow(BuildError)
    expect(existsSync(into)).toBe(false)
  })

  test('an uncompressed file without its end', async () => {
    const whole = tarOf([...plain, { path: 'x-1/big.c', body: 'x'.repeat(9000) }])
    expect(await failing(whole.subarray(0, whole.length - 6000), 'x.tar')).toContain(
      'not a readable archive',
    )
  })

  test.each([
    ['a web page', '<!DOCTYPE html><html>'],
    ['nothing', ''],
    ['text', 'hello\n'.repeat(500)],
  ])('%s', async (_, text) => {
    expect(await failing(Buffer.from(text), 'x.tar')).toMatch(/not a readable archive|is refused/)
  })

  test('a missing program for decompression', async () => {
    const { folder, into } = stage(tarOf(plain), 'x.tar')
    const packed = join(folder, 'x.tar.xz')
    execFileSync('xz', [join(folder, 'x.tar')])
    const path = process.env['PATH']
    process.env['PATH'] = folder
    try {
      await expect(archivesOnDisk.extract(packed, into)).rejects.toThrow(ToolError)
    } finally {
      process.env['PATH'] = path
    }
  })
})
