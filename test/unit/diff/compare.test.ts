import { describe, expect, test } from 'vitest'
import { compareFile, compareFiles, type Pair } from '../../../src/core/diff/compare.ts'
import { decodeForDiff } from '../../../src/core/diff/decode.ts'
import { formatFileChange } from '../../../src/report/diff.ts'
import { styleFor } from '../../../src/report/style.ts'

const none = { markers: [], spellings: [] }
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const pair = (path: string, before: Uint8Array | null, after: Uint8Array | null): Pair => ({
  path,
  before,
  after,
  markedBefore: null,
  markedAfter: null,
  shape: null,
  openMode: null,
})

const unified = (before: Uint8Array | null, after: Uint8Array | null, context = 3): string =>
  formatFileChange(compareFile(pair('a.conf', before, after), none, context), styleFor(false))

describe('a unified diff', () => {
  test('of one line among others', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`)
    const changed = lines.map((line, index) => (index === 9 ? 'changed\n' : line))
    expect(unified(utf8(lines.join('')), utf8(changed.join('')))).toBe(`--- a/a.conf
+++ b/a.conf
@@ -7,7 +7,7 @@
 line 7
 line 8
 line 9
-line 10
+changed
 line 11
 line 12
 line 13
`)
    expect(unified(utf8(lines.join('')), utf8(changed.join('')), 0)).toBe(`--- a/a.conf
+++ b/a.conf
@@ -10 +10 @@
-line 10
+changed
`)
  })

  test('of a created and of a removed file', () => {
    expect(unified(null, utf8('a\nb\n'))).toBe(
      '--- /dev/null\n+++ b/a.conf\n@@ -0,0 +1,2 @@\n+a\n+b\n',
    )
    expect(unified(utf8('a\n'), null)).toBe('--- a/a.conf\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n')
  })

  test('of an added final line end', () => {
    expect(unified(utf8('a\nb'), utf8('a\nb\n'))).toBe(`--- a/a.conf
+++ b/a.conf
@@ -1,2 +1,2 @@
 a
-b
\\ No newline at end of file
+b
`)
  })

  test('of changed line ends', () => {
    expect(unified(utf8('a\r\n'), utf8('a\n'))).toBe(
      '--- a/a.conf\n+++ b/a.conf\n@@ -1 +1 @@\n-a^M\n+a\n',
    )
  })

  test('contains no control characters', () => {
    const nasty = '\u001b[31mred\u0007 \u009b31m \u202Ertl \u2028x\tnull\0 \u007f\ud83d\ude00\n'
    expect(unified(null, utf8(nasty)).split('\n')[3]).toBe(
      '+^[[31mred^G <U+009B>31m <U+202E>rtl <U+2028>x\tnull^@ ^?\u{1f600}',
    )
    const change = compareFile(pair('a\u202Eb', null, utf8('x\n')), none, 3)
    expect(formatFileChange(change, styleFor(false))).toContain('+++ b/a<U+202E>b\n')
  })

  test('is coloured line by line', () => {
    const change = compareFile(pair('a', utf8('x\n'), utf8('y\n')), none, 3)
    expect(formatFileChange(change, styleFor(true))).toBe(
      '\u001b[1m--- a/a\u001b[22m\n\u001b[1m+++ b/a\u001b[22m\n\u001b[36m@@ -1 +1 @@\u001b[39m\n\u001b[31m-x\u001b[39m\n\u001b[32m+y\u001b[39m\n',
    )
  })
})

const utf16 = (text: string): Uint8Array =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

describe('encodings', () => {
  test('UTF-16 is compared as text', () => {
    expect(unified(utf16('<a>ü</a>\n<b/>\n'), utf16('<a>ö</a>\n<b/>\n'))).toBe(
      '--- a/a.conf\n+++ b/a.conf\n@@ -1,2 +1,2 @@\n-<a>ü</a>\n+<a>ö</a>\n <b/>\n',
    )
  })

  test('a new encoding is reported', () => {
    expect(unified(utf16('<a/>\n'), utf8('<a/>\n'))).toBe(
      '--- a/a.conf\n+++ b/a.conf\n# encoding: UTF-16LE with a byte order mark → UTF-8\n',
    )
  })

  test('binary files', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect(unified(utf8('a\n'), bytes)).toContain('# encoding: UTF-8 → unknown encoding\n')
    const [one, other] = [
      Uint8Array.of(0xff, 0xfe, 0x00, 0xd8),
      Uint8Array.of(0xff, 0xfe, 0x01, 0xd8),
    ]
    expect(unified(one, other)).toBe(
      '--- a/a.conf\n+++ b/a.conf\n# the bytes differ, the text does not\n',
    )
  })

  test.each([
    ['UTF-8', utf8('ü')],
    ['UTF-8 with a byte order mark', utf8('\ufeffü')],
    ['UTF-16LE', Buffer.from('<ü/>', 'utf16le')],
    ['UTF-16BE', Buffer.from('<ü/>', 'utf16le').swap16()],
    [
      'one byte per character',
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>ü', 'latin1'),
    ],
    ['unknown encoding', Buffer.from('a ü', 'latin1')],
  ])('%s is recognised', (encoding, bytes) => {
    const found = decodeForDiff(bytes)
    expect(found.encoding).toBe(encoding)
    expect(found.text).toContain('ü')
    expect(found.text).not.toContain('\ufeff')
  })
})

describe('compareFiles', () => {
  test('is empty for equal files, and sorted by path', () => {
    const changes = [
      ...compareFiles(
        [
          pair('z', utf8('a'), utf8('b')),
          pair('same', utf8('a'), utf8('a')),
          pair('a', null, utf8('b')),
          pair('never', null, null),
          pair('m', utf8('a'), null),
        ],
        none,
        3,
      ),
    ]
    expect(
      changes.map(({ path, status, added, removed }) => [path, status, added, removed]),
    ).toEqual([
      ['a', 'created', 1, 0],
      ['m', 'removed', 0, 1],
      ['z', 'updated', 1, 1],
    ])
  })
})
