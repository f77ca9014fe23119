import { describe, expect, test } from 'vitest'
import { folderOf, globMatches, pathBelow } from '../../../src/core/config/glob.ts'

describe('patterns as glob(3) reads them', () => {
  test.each([
    ['/a/*.conf', '/a/b.conf', true],
    ['/a/*.conf', '/a/.conf', false],
    ['/a/*', '/a/.b', false],
    ['/a/.*', '/a/.b', true],
    ['/a/*.conf', '/a/b/c.conf', false],
    ['/a/*/c.conf', '/a/b/c.conf', true],
    ['/a/?.conf', '/a/b.conf', true],
    ['/a/?.conf', '/a/bb.conf', false],
    ['/a/[bc].conf', '/a/c.conf', true],
    ['/a/[!bc].conf', '/a/c.conf', false],
    ['/a/[^bc].conf', '/a/d.conf', true],
    ['/a/[a-c]x', '/a/bx', true],
    ['/a/[]]', '/a/]', true],
    ['/a/[a-]', '/a/-', true],
    ['/a/[b', '/a/[b', true],
    [String.raw`/a/\*`, '/a/*', true],
    [String.raw`/a/\*`, '/a/b', false],
    ['/a/*b*c', '/a/xbxbc', true],
    ['/a/*b*c', '/a/xbx', false],
    ['/a/**', '/a/b', true],
    ['/a/é?', '/a/éé', true],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(globMatches(pattern, path)).toBe(expected)
  })

  test('takes no exponential time', () => {
    const started = process.cpuUsage()
    expect(globMatches(`/${'*a'.repeat(500)}`, `/${'a'.repeat(499)}b`)).toBe(false)
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000)
  })
})

test.each([
  ['/etc/nginx', 'conf.d/a', '/etc/nginx/conf.d/a'],
  ['/etc/nginx', '/a//b/./c/../d', '/a/b/d'],
  ['/etc/nginx', '../a', '/etc/a'],
  ['/', '../../a', '/a'],
  ['', '../a', '../a'],
  ['a', '../../b', '../b'],
])('a path below %s: %s', (folder, path, expected) => {
  expect(pathBelow(folder, path)).toBe(expected)
})

test('the folder of a path', () => {
  expect(['/a/b', '/a', 'a', 'a/b'].map(folderOf)).toEqual(['/a', '/', '', 'a'])
})
