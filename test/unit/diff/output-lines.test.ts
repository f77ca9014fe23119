import { expect, test } from 'vitest'
import { compareFiles, type Pair } from '../../../src/core/diff/compare.ts'
import { changedWords, outputLineOf, wordsAt } from '../../../src/core/diff/output-lines.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const pair = (path: string, before: string, after: string): Pair => ({
  ...{ path, before: bytes(before), after: bytes(after), markedBefore: null, markedAfter: null },
  ...{ openMode: null, shape: null },
})

const changed = changedWords([
  ...compareFiles(
    [
      pair(
        'a.conf',
        'one\nserver 10.0.0.1:80;\nserver 10.0.0.2:80;\nlast\n',
        'one\nserver 10.0.0.1:80;\nserver 10.0.0.3:80 route=app3;\nnew\nlast\n',
      ),
      pair('b.conf', 'x\n', 'x\n  app3\n'),
    ],
    { markers: [], spellings: [] },
    1,
  ),
])

test.each([
  [['10.0.0.3:80'], 'after', { path: 'a.conf', line: 3, side: 'after' }],
  [['10.0.0.2:80'], 'before', { path: 'a.conf', line: 3, side: 'before' }],
  [['new'], 'after', { path: 'a.conf', line: 4, side: 'after' }],
  // A place that only the other side has.
  [['10.0.0.2:80'], 'after', { path: 'a.conf', line: 3, side: 'before' }],
  // The first file, and the first word.
  [['app3', 'new'], 'after', { path: 'a.conf', line: 3, side: 'after' }],
  // An unchanged line is no place of a change; neither is a part of a word.
  [['10.0.0.1:80', '10.0.0.3', 'one'], 'after', null],
] as const)('%j of the side %s', (words, side, line) => {
  expect(outputLineOf(words, side, changed)).toEqual(line)
})

test('a place of the spec leads to the names and addresses in it, then to those around it', () => {
  const spec = {
    upstreams: {
      shop: {
        affinity: { method: 'ip_hash' },
        servers: { app1: '10.0.0.1:80', app2: { address: '10.0.0.2:80', weight: 2 } },
      },
    },
  }
  expect(wordsAt(spec, ['upstreams', 'shop', 'servers', 'app2', 'weight'])).toEqual([
    '10.0.0.2:80',
    'app2',
    'shop',
  ])
  expect(wordsAt(spec, ['upstreams', 'shop', 'servers'])).toEqual([
    '10.0.0.1:80',
    'app1',
    '10.0.0.2:80',
    'app2',
    'shop',
  ])
  expect(wordsAt(spec, ['upstreams', 'gone', 'servers', 'x'])).toEqual(['x', 'gone'])
  expect(wordsAt(spec, [])).toContain('ip_hash')
})
