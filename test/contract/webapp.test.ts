import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fromBytes, readWebapp } from '../../src/adapters/webapp/read.ts'
import type { WebappInput } from '../../src/core/dialects/dialect.ts'
import { IoError } from '../../src/errors.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { fc } from '../support/fast-check.ts'
import { type End, type Member, zipOf } from '../support/zip-file.ts'

const readUnchecked = (path: string) =>
  readWebapp(path, { path: () => undefined, file: () => undefined })

const name = 'WEB-INF/web.xml'
const xml = '<web-app><distributable/></web-app>\n'
const others: readonly Member[] = [
  { name: 'META-INF/MANIFEST.MF', body: 'Manifest-Version: 1.0\n' },
  { name: 'WEB-INF/classes/', body: '', method: 0 },
  { name: 'web-inf/web.xml', body: '<not-this/>' },
  { name: 'WEB-INF\\web.xml', body: '<nor-this/>' },
  { name: '../WEB-INF/web.xml', body: '<nor-that/>' },
]

const readZip = async (bytes: Uint8Array): Promise<WebappInput> => {
  const path = join(tempDir(), 'shop.war')
  writeFileSync(path, bytes)
  const read = await readUnchecked(path)
  expect(await fromBytes('shop.war', bytes)).toEqual(read)
  return read
}

const readMembers = (members: readonly Member[], end?: End): Promise<WebappInput> =>
  readZip(zipOf(members, end))

/** What is said of it, or its web.xml. */
const outcome = (input: WebappInput): string | null => {
  if (input instanceof Uint8Array) return `a file of ${input.length} bytes`
  if (input.form === 'unreadable') return `refused: ${input.why}`
  return input.webXml === null ? null : Buffer.from(input.webXml).toString()
}

describe('a war', () => {
  test.each([0, 8])('is read for its web.xml, packed with method %i', async (method) => {
    const read = await readMembers([...others, { name, body: xml, method }])
    expect(read).toMatchObject({ form: 'war' })
    expect(outcome(read)).toBe(xml)
  })

  test('that Python wrote is read as well', async () => {
    const folder = tempDir()
    const script = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as war:
    war.writestr('index.jsp', 'x' * 100000)
    with war.open('${name}', 'w', force_zip64=True) as entry:
        entry.write(sys.argv[2].encode())
    war.comment = b'a comment'
`
    execFileSync('python3', ['-c', script, join(folder, 'shop.war'), xml])
    expect(outcome(await readUnchecked(join(folder, 'shop.war')))).toBe(xml)
  })

  test('without a web.xml has none, whatever looks like one', async () => {
    expect(await readMembers(others)).toEqual({ form: 'war', webXml: null })
    expect(await readMembers([])).toEqual({ form: 'war', webXml: null })
  })

  test('is recognised by its first bytes, whatever its name', async () => {
    const bytes = zipOf([{ name, body: xml }])
    expect(outcome(await fromBytes('shop.xml', bytes))).toBe(xml)
  })
})

const zip64 = (size: bigint): Buffer => {
  const extra = Buffer.alloc(20)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(16, 2)
  extra.writeBigUInt64LE(size, 4)
  extra.writeBigUInt64LE(size, 12)
  return extra
}

const locator = Buffer.alloc(20)
locator.writeUInt32LE(0x07064b50, 0)
locator.fill(0xff, 8, 16)

const bomb = Buffer.alloc(9 * 1024 * 1024)
const web = (more: Partial<Member>): readonly Member[] => [{ name, body: xml, ...more }]

/** What is wrong with a war, and what is said of it. */
const hostile: readonly (readonly [string, readonly Member[], End, RegExp])[] = [
  ['a bomb', web({ body: bomb }), {}, /larger than 8 MiB/],
  [
    'a bomb that says to be small',
    web({ body: bomb, said: { size: 100 } }),
    {},
    /does not unpack to the 100 bytes/,
  ],
  ['one that says to be empty', web({ said: { size: 0 } }), {}, /does not unpack|damaged/],
  ['one that says to be longer', web({ said: { size: 1000 } }), {}, /damaged/],
  ['another checksum', web({ said: { crc: 1 } }), {}, /damaged/],
  ['an encrypted web.xml', web({ flags: 1 }), {}, /web\.xml is encrypted/],
  ['strong encryption', web({ flags: 0x41 }), {}, /strong encryption/],
  ['a method of packing that Java lacks', web({ method: 93 }), {}, /that Java does not support/],
  [
    'two of them',
    [...web({}), ...web({ body: '<web-app/>' })],
    {},
    /holds WEB-INF\/web\.xml twice/,
  ],
  ['a web.xml behind its end', web({ said: { offset: 0x7fffffff } }), {}, /an offset is outside/],
  ['a web.xml where there is none', web({ said: { offset: 7 } }), {}, /not a valid zip file/],
  ['more bytes than it has', web({ said: { packedSize: 4096 } }), {}, /not a valid zip file/],
  [
    'a zip64 size beyond all numbers',
    web({ said: { size: 0xffffffff, packedSize: 0xffffffff }, extra: zip64(2n ** 64n - 1n) }),
    {},
    /larger than 8 MiB/,
  ],
  [
    'a zip64 size that is left out',
    web({ said: { size: 0xffffffff }, extra: Buffer.from([1, 0, 0, 0]) }),
    {},
    /zip64/,
  ],
  ['a zip64 end beyond all numbers', web({}), { before: locator }, /an offset is outside/],
  ['a directory behind its end', web({}), { offset: 0xfffffff0 }, /an offset is outside/],
  ['fewer files than it tells', web({}), { count: 2 }, /not a valid zip|offset is outside/],
  ['something after its end', web({}), { after: Buffer.from('more') }, /not a valid zip file/],
]

describe('a war is refused with', () => {
  test.each(hostile)('%s', async (_, members, end, why) => {
    expect(outcome(await readMembers(members, end))).toMatch(why)
    expect(outcome(await readMembers(members, end))).toMatch(/^refused: /)
  })

  test.each(hostile.filter(([, members]) => members.every((one) => one.name === name)))(
    'its META-INF/context.xml is refused for the same reason: %s',
    async (_, members, end, why) => {
      const moved = members.map((one) => ({ ...one, name: 'META-INF/context.xml' }))
      const said = new RegExp(
        why.source
          .replace('WEB-INF\\/web\\.xml', 'META-INF/context.xml')
          .replace('web\\.xml', 'context.xml'),
      )
      expect(outcome(await readMembers(moved, end))).toMatch(said)
    },
  )

  test('names that lead elsewhere, links and devices are not written or followed', async () => {
    const folder = tempDir()
    const names = [
      '../evil',
      '/evil',
      '..\\evil',
      'WEB-INF/../../evil',
      'C:\\evil',
      'WEB-INF/web.xml/',
      'evil\0.xml',
    ]
    const members = names.map((one) => ({ name: one, body: 'evil', method: 0 }))
    writeFileSync(join(folder, 'shop.war'), zipOf([...members, { name, body: xml }]))
    expect(outcome(await readUnchecked(join(folder, 'shop.war')))).toBe(xml)
    expect(readdirSync(folder)).toEqual(['shop.war'])
    expect(existsSync('/evil') || existsSync(join(folder, '../evil'))).toBe(false)
  })

  test('a size of 1 TiB, or a central directory with 100,000 long names, takes little memory', async () => {
    const sparse = join(tempDir(), 'shop.war')
    writeFileSync(sparse, 'PK')
    truncateSync(sparse, 2 ** 40)
    expect(outcome(await readUnchecked(sparse))).toMatch(/^refused: /)
    const many = Array.from({ length: 20_000 }, (_, index) => ({
      name: String(index).padStart(2_000, 'x'),
      body: '',
      method: 0,
    }))
    const path = join(tempDir(), 'many.war')
    writeFileSync(path, zipOf([...many, { name, body: xml }]))
    const before = process.memoryUsage().rss
    expect(outcome(await readUnchecked(path))).toBe(xml)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  test('an empty or truncated war is refused', async () => {
    const bytes = zipOf([{ name, body: xml }])
    expect(outcome(await readZip(Buffer.alloc(0)))).toMatch(/^refused: it is not a valid zip file/)
    expect(outcome(await readZip(bytes.subarray(0, 60)))).toMatch(/^refused: /)
    expect(outcome(await readZip(Buffer.from('#!/bin/sh\n')))).toMatch(/^refused: /)
  })

  test('too many files are refused', async () => {
    const record = Buffer.alloc(56 + 20)
    record.writeUInt32LE(0x06064b50, 0)
    record.writeBigUInt64LE(100_001n, 32)
    record.writeUInt32LE(0x07064b50, 56)
    // The record is right before its locator, which contains its offset.
    record.writeBigUInt64LE(BigInt(zipOf(web({})).length - 22), 56 + 8)
    expect(outcome(await readMembers(web({}), { before: record }))).toMatch(
      /more than 100000 files/,
    )
  })

  test('any changed bytes: the web.xml is read unchanged, is refused, or is missing', async () => {
    const whole = zipOf([...others, { name, body: xml }])
    const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }))
    const mangled = fc.array(change, { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(mangled, fc.nat(whole.length), async (changes, cut) => {
        const bytes = Buffer.from(whole)
        for (const [at, value] of changes) bytes[at] = value
        for (const input of [bytes, bytes.subarray(0, cut), bytes.subarray(cut)]) {
          const seen = outcome(await fromBytes('shop.war', input))
          expect(seen === null || seen === xml || seen.startsWith('refused: ')).toBe(true)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('an application that is not a war', () => {
  test('can be a web.xml', async () => {
    const path = join(tempDir(), 'web.xml')
    writeFileSync(path, xml)
    expect(Buffer.from((await readUnchecked(path)) as Uint8Array).toString()).toBe(xml)
  })

  test('can be a folder, with a web.xml or without', async () => {
    const folder = tempDir()
    expect(await readUnchecked(folder)).toEqual({ form: 'folder', webXml: null })
    mkdirSync(join(folder, 'WEB-INF'))
    expect(await readUnchecked(folder)).toEqual({ form: 'folder', webXml: null })
    writeFileSync(join(folder, name), xml)
    expect(await readUnchecked(folder)).toMatchObject({ form: 'folder' })
    expect(outcome(await readUnchecked(folder))).toBe(xml)
  })

  test('is refused if it is not a file, or too large', async () => {
    const folder = tempDir()
    mkdirSync(join(folder, name), { recursive: true })
    expect(outcome(await readUnchecked(folder))).toMatch(
      /^refused: its WEB-INF\/web.xml is no file/,
    )
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(outcome(await readUnchecked(pipe))).toMatch(/neither a file nor a folder/)
    const large = join(folder, 'web.xml')
    writeFileSync(large, Buffer.alloc(8 * 1024 * 1024 + 1, ' '))
    expect(outcome(await readUnchecked(large))).toBe('refused: it is larger than 8 MiB')
  })

  test('is an error if it does not exist', async () => {
    await expect(readUnchecked(join(tempDir(), 'shop.war'))).rejects.toThrow(IoError)
  })
})
