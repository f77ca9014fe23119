import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { Header, type HeaderData } from 'tar'
import { beforeAll, describe, expect, test } from 'vitest'
import { tempDir } from '../real/support/temp-dir.ts'

const mebibyte = 1024 * 1024

/** In a process of its own, with a small heap: its peak is what the archive costs. */
const program = `
import { archivesOnDisk } from '../../src/build-nginx/adapters/archives.ts'
const [archive = '', into = '', how] = process.argv.slice(2)
const work = how === 'expand' ? archivesOnDisk.expand(archive) : archivesOnDisk.extract(archive, into)
const message = await work.then(() => 'taken', (error: Error) => error.message)
console.log(JSON.stringify({ message, peak: process.resourceUsage().maxRSS * 1024 }))
`

const folder = tempDir()
const script = join(folder, 'unpack.mjs')

beforeAll(async () => {
  await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
    logLevel: 'silent',
  })
})

const unpack = (archive: string, how = 'extract') => {
  rmSync(join(folder, 'out'), { recursive: true, force: true })
  const into = join(folder, 'out', 'tree')
  const args = ['--max-old-space-size=64', script, archive, into, how]
  const { message, peak } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  const left = existsSync(join(folder, 'out')) ? readdirSync(join(folder, 'out')) : []
  return { message, peak, left }
}

const headerOf = (data: Partial<HeaderData> & { readonly path: string }): Buffer => {
  const block = Buffer.alloc(512)
  new Header({ mode: 0o644, type: 'File', mtime: new Date(0), size: 0, ...data }).encode(block)
  return block
}

/** Of a type that the library does not write. */
const typed = (block: Buffer, type: string): Buffer => {
  block.write(type, 156, 'latin1')
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** Of one file of zeros, as long as an archive may be. */
const start = headerOf({ path: 'x-1/zeros', size: 1000 * mebibyte })
const zeros = Buffer.alloc(16 * mebibyte)

type Packer = (bytes: Buffer) => Buffer

const by =
  (command: string): Packer =>
  (input) =>
    execFileSync(command, ['--compress', '--stdout'], { input, maxBuffer: 64 * mebibyte })

const packers: Readonly<Record<string, Packer>> = {
  gzip: (bytes) => gzipSync(bytes),
  bzip2: by('bzip2'),
  xz: by('xz'),
}

const bomb = (name: string, parts: readonly Buffer[]): string => {
  const file = join(folder, name)
  writeFileSync(file, Buffer.concat(parts))
  return file
}

/** Node and the reader take about 60 MiB themselves. */
const mostMemory = 200 * mebibyte

describe.each(Object.keys(packers))('a bomb compressed with %s', (name) => {
  test('of a thousand times the size: stops at the ratio, with little memory', () => {
    const pack = packers[name] ?? Buffer.from
    const packed = pack(zeros)
    const file = bomb(`ratio.${name}`, [pack(start), ...Array<Buffer>(60).fill(packed)])
    const { message, peak, left } = unpack(file)
    expect(message).toMatch(
      /is refused: it expands to more than 100 times its size .*limit [6-9]\d MiB/,
    )
    expect(peak).toBeLessThan(mostMemory)
    expect(left).toEqual([])
  })

  test('as a diff, which is kept in memory: stops at the limit', () => {
    const packed = (packers[name] ?? Buffer.from)(zeros)
    const { message, peak } = unpack(bomb(`diff.${name}`, Array<Buffer>(60).fill(packed)), 'expand')
    expect(message).toContain('it expands to more than 100 times its size')
    expect(peak).toBeLessThan(mostMemory)
  })
})

test('with the ratio of sources, and larger than any source: stops at the size', () => {
  const mixed = gzipSync(Buffer.concat([randomBytes(mebibyte / 2), zeros]))
  const parts = [gzipSync(start), ...Array<Buffer>(80).fill(mixed)]
  const file = bomb('large.tar.gz', parts)
  expect((80 * 16 * mebibyte) / statSync(file).size).toBeLessThan(100)
  const { message, peak } = unpack(file)
  expect(message).toContain('it expands to more than 1024 MiB')
  expect(peak).toBeLessThan(mostMemory)
}, 60_000)

test('gzip within gzip is refused: the size of the inner layer would not be checked', () => {
  const { message } = unpack(bomb('twice.gz', [gzipSync(gzipSync(Buffer.concat([start, zeros])))]))
  expect(message).toContain('is refused: it is compressed twice')
})

test('xz that needs 1.5 GiB of memory is refused by a limit on its memory', () => {
  const input = Buffer.concat([headerOf({ path: 'x-1/a' }), Buffer.alloc(1024)])
  const args = ['--compress', '--stdout', '--lzma2=dict=1536MiB,mode=fast,mf=hc3,nice=4']
  const packed = execFileSync('xz', args, { input })
  expect(unpack(bomb('memory.tar.xz', [packed])).message).toMatch(/[Mm]emory usage limit/)
})

test('zstd is refused, whatever the library supports', () => {
  const file = bomb('x.tar.zst', [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0])])
  expect(unpack(file).message).toContain('it is compressed with zstd')
})

describe('a tar that is small only when compressed', () => {
  const cases: Readonly<Record<string, readonly [readonly Buffer[], RegExp]>> = {
    'many entries': [
      Array<Buffer>(60_000).fill(headerOf({ path: 'x-1/a' })),
      /it has more than 50000 entries/,
    ],
    'many headers of no entry': [
      Array<Buffer>(60_000).fill(
        Buffer.concat([
          headerOf({ path: 'x', type: 'ExtendedHeader', size: 1 }),
          Buffer.alloc(512, '\0'),
        ]),
      ),
      /it has more than 50000 entries/,
    ],
    'a size of 8 GiB': [
      [headerOf({ path: 'x-1/huge', size: 8 * 1024 * mebibyte - 1 })],
      /its files are larger than 1024 MiB/,
    ],
    'a sparse file': [
      [typed(headerOf({ path: 'x-1/sparse', size: 512 }), 'S'), Buffer.alloc(512)],
      /is refused: "x-1\/sparse" is \w+/,
    ],
    'a pax header of 2 MiB': [
      [
        headerOf({ path: 'x', type: 'ExtendedHeader', size: 2 * mebibyte }),
        Buffer.alloc(2 * mebibyte, 'a'),
      ],
      /a header in it is 2097152 bytes long/,
    ],
  }
  test.each(Object.entries(cases))('%s', (name, [parts, expected]) => {
    const file = bomb(`${name.replaceAll(' ', '-')}.tar.gz`, [
      gzipSync(Buffer.concat([headerOf({ path: 'x-1/first' }), ...parts, Buffer.alloc(1024)])),
    ])
    const { message, peak, left } = unpack(file)
    expect(message).toMatch(expected)
    expect(peak).toBeLessThan(mostMemory)
    expect(left).toEqual([])
  })
})
