import { describe, expect, test } from 'vitest'
import { type DryRun, dryRun } from '../../../src/build-nginx/core/patches/dry-run.ts'
import { parsePatch } from '../../../src/build-nginx/core/patches/parse.ts'
import { isProblem, type Patch, reversed } from '../../../src/build-nginx/core/patches/patch.ts'
import { taintsOf } from '../../../src/build-nginx/core/patches/taint.ts'

const read = (text: string, name = 'x.patch'): Patch => {
  const patch = parsePatch(name, text)
  if (isProblem(patch)) throw new Error(`${patch.line}: ${patch.message}`)
  return patch
}
const problemOf = (text: string) => {
  const patch = parsePatch('x.patch', text)
  return isProblem(patch) ? patch : null
}
const inTree = (tree: Readonly<Record<string, string>>) => (path: string) => tree[path] ?? null
const run = (
  text: string,
  tree: Readonly<Record<string, string>>,
  level: number | null = null,
): DryRun => dryRun([{ patch: read(text), level }], inTree(tree))
const stateOf = (found: DryRun) => found.results.map(({ state }) => state)

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('')

const change = `--- a/src/x.c
+++ b/src/x.c
@@ -4,7 +4,7 @@ f(void)
 line 4
 line 5
 line 6
-line 7
+seven
 line 8
 line 9
 line 10
`

describe('reading a patch', () => {
  test.each([
    ['plain', change],
    ['with times', change.replace('a/src/x.c', 'a/src/x.c\t2024-01-01 10:00:00.0 +0000')],
    [
      'of git',
      `From 1234\nSubject: x\n---\n src/x.c | 2 +-\n\ndiff --git a/src/x.c b/src/x.c\nindex 1..2 100644\n${change}-- \n2.39\n`,
    ],
    ['with Windows line ends', change.replaceAll('\n', '\r\n')],
  ])('%s', (_, text) => {
    const { files } = read(text)
    expect(files).toHaveLength(1)
    expect(files[0]?.hunks[0]).toMatchObject({ oldStart: 4, newStart: 4, section: 'f(void)' })
    expect(files[0]?.hunks[0]?.lines).toContainEqual({ kind: 'added', text: 'seven\n' })
    expect(run(text, { 'src/x.c': numbered(12) }).changes.get('src/x.c')).toBe(
      numbered(12).replace('line 7', 'seven'),
    )
  })

  test.each([
    ['<!DOCTYPE html>\n<html>…', /is a web page/],
    ['nothing here\n', /has no changes/],
    ['', /has no changes/],
    [change.split('\n').slice(0, -3).join('\n'), /ends within hunk 1.*2 old and 2 new/],
    [change.replace('-4,7 +4,7', '-4,6 +4,8'), /ends within|line counts/],
    ['@@ -1 +1 @@\n-a\n+b\n', /has no file header/],
    ['*** a/x.c\n--- b/x.c\n***************\n*** 1 ****\n', /context diff/],
    [`diff --git a/x b/y\nrename from x\nrename to y\n${change}`, /renames/],
    ['diff --git a/x b/x\nGIT binary patch\nliteral 0\n', /binary/],
  ])('refuses %j', (text, message) => {
    expect(problemOf(text)?.message).toMatch(message)
  })

  test('an editor that removed the blank of an empty context line', () => {
    const text = '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n\n-b\n+B\n'
    expect(run(text, { x: 'a\n\nb\n' }).changes.get('x')).toBe('a\n\nB\n')
  })

  test('a removed line that looks like a header is a line', () => {
    const text = '--- a/x\n+++ b/x\n@@ -1,2 +1,1 @@\n--- y\n a\n'
    expect(run(text, { x: '-- y\na\n' }).changes.get('x')).toBe('a\n')
  })

  test('quoted names, and files without a final line end', () => {
    const text =
      '--- "a/\\303\\274.c"\n+++ "b/\\303\\274.c"\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n'
    expect(run(text, { '\u00c3\u00bc.c': 'a' }).changes.get('\u00c3\u00bc.c')).toBe('b')
  })
})

describe('the -p level', () => {
  const tree = { 'src/x.c': numbered(12) }
  test.each([
    ['a/src/x.c', 'b/src/x.c', 1],
    ['src/x.c', 'src/x.c', 0],
    ['src/x.c.orig', 'src/x.c', 0],
    ['nginx-1.0/src/x.c', 'work/src/x.c', 1],
    ['/home/me/src/x.c', '/home/me/src/x.c', null],
    ['a/../../etc/passwd', 'b/../../etc/passwd', null],
    ['a\\src\\x.c', 'a\\src\\x.c', null],
  ])('%s: %s', (old, now, level) => {
    const found = run(change.replace('a/src/x.c', old).replace('b/src/x.c', now), tree)
    expect(found.results[0]?.level).toBe(level)
    expect(stateOf(found)).toEqual([level === null ? 'unusable' : 'applied'])
  })

  test('a missing file is named', () => {
    const found = run(change.replaceAll('src/x.c', 'src/y.c'), tree)
    expect(found.results[0]?.problem?.message).toBe(
      'changes files that are not in this tree at any -p level: b/src/y.c',
    )
    expect(found.isClean).toBe(false)
  })

  test('an explicit level is used', () => {
    expect(stateOf(run(change, tree, 0))).toEqual(['unusable'])
    expect(stateOf(run(change, tree, 1))).toEqual(['applied'])
  })

  test('new files lose b/, as in git', () => {
    const text = '--- /dev/null\n+++ b/src/new.c\n@@ -0,0 +1 @@\n+new\n'
    expect([...run(text, tree).changes]).toEqual([['src/new.c', 'new\n']])
  })
})

describe('applying', () => {
  test('finds the only other place, and reports the offset', () => {
    const found = run(change, { 'src/x.c': `a\nb\n${numbered(12)}` })
    expect(found.results[0]?.files[0]?.placed).toEqual([{ hunk: 1, line: 6, offset: 2 }])
  })

  test('refuses several possible places', () => {
    const text = '--- a/x\n+++ b/x\n@@ -9,3 +9,3 @@\n a\n-b\n+B\n c\n'
    const found = run(text, { x: 'a\nb\nc\na\nb\nc\n' })
    expect(found.results[0]?.files[0]?.rejects[0]).toMatchObject({
      reason: 'ambiguous',
      places: [1, 4],
    })
  })

  test.each([
    ['a context line', numbered(12).replace('line 5\n', 'line five\n'), 'line 5', 'line five'],
    ['a blank', numbered(12).replace('line 9\n', 'line 9 \n'), 'line 9', 'line 9'],
    ['the line itself', numbered(12).replace('line 7\n', 'line VII\n'), 'line 7', 'line VII'],
  ])('allows no fuzz: %s', (_, text, expected, found) => {
    const result = run(change, { 'src/x.c': text })
    expect(stateOf(result)).toEqual(['rejected'])
    expect(result.changes.size).toBe(0)
    expect(result.results[0]?.files[0]?.rejects[0]?.nearest).toMatchObject({
      matching: 6,
      wanted: 7,
      expected,
      found,
    })
  })

  test('a hunk at the end of a file matches only there', () => {
    const text = '--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n a\n b\n+c\n'
    expect(run(text, { x: 'a\nb\n' }).changes.get('x')).toBe('a\nb\nc\n')
    expect(stateOf(run(text, { x: 'a\nb\nc\n' }))).toEqual(['already'])
    expect(stateOf(run(text, { x: 'a\nb\nd\n' }))).toEqual(['rejected'])
  })

  test('one hunk that does not apply refuses the whole patch', () => {
    const text = `${change}--- a/y.c\n+++ b/y.c\n@@ -1 +1 @@\n-no\n+yes\n`
    const found = run(text, { 'src/x.c': numbered(12), 'y.c': 'maybe\n' })
    expect(found.isClean).toBe(false)
    expect(found.changes.size).toBe(0)
  })

  test('the next patch sees the result of the previous one', () => {
    const second = '--- a/src/x.c\n+++ b/src/x.c\n@@ -6,3 +6,3 @@\n line 6\n-seven\n+7\n line 8\n'
    const both = [read(change), read(second)].map((patch) => ({ patch, level: null }))
    const tree = { 'src/x.c': numbered(12) }
    expect(dryRun(both, inTree(tree)).changes.get('src/x.c')).toBe(
      numbered(12).replace('line 7', '7'),
    )
    expect(dryRun(both.toReversed(), inTree(tree)).isClean).toBe(false)
  })

  test('creates a file that both sides name, as Debian does', () => {
    const text = '--- x-1.orig/debian/new\n+++ x-1/debian/new\n@@ -0,0 +1 @@\n+new\n'
    expect([...run(text, {}, 1).changes]).toEqual([['debian/new', 'new\n']])
    expect(stateOf(run(text, { 'debian/new': 'new\n' }, 1))).toEqual(['already'])
  })

  test('creates and removes files', () => {
    const make = '--- /dev/null\n+++ b/n.c\n@@ -0,0 +1,2 @@\n+a\n+b\n'
    expect(run(make, { 'n.c': 'other\n' }).isClean).toBe(false)
    expect(stateOf(run(make, { 'n.c': 'a\nb\n' }))).toEqual(['already'])
    const remove = '--- a/n.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n'
    expect(run(remove, { 'n.c': 'a\nb\n' }).changes.get('n.c')).toBeNull()
    expect(run(remove, { 'n.c': 'a\nb\nc\n' }).isClean).toBe(false)
  })

  test('applied and reverted, the files are unchanged', () => {
    const before = numbered(12)
    const after = run(change, { 'src/x.c': before }).changes.get('src/x.c') ?? ''
    expect(stateOf(run(change, { 'src/x.c': after }))).toEqual(['already'])
    const back = dryRun(
      [{ patch: reversed(read(change)), level: null }],
      inTree({ 'src/x.c': after }),
    )
    expect(back.changes.get('src/x.c')).toBe(before)
  })
})

describe('structs in headers', () => {
  const header =
    'typedef struct {\n    int a;\n    int b;\n} ngx_x_t;\n\n#define X 1\n\nint f(int);\n'
  const hunk = (removed: string, added: string, at: number) =>
    `--- a/src/x.h\n+++ b/src/x.h\n@@ -${at} +${at} @@\n-${removed}\n+${added}\n`
  test('a changed member is detected', () => {
    const found = run(hunk('    int b;', '    int b, c;', 3), { 'src/x.h': header })
    expect(taintsOf(found)).toEqual([{ patch: 'x.patch', header: 'src/x.h', struct: 'ngx_x_t' }])
  })
  test.each([
    ['a comment', hunk('    int b;', '    int b; /* two */', 3)],
    ['a constant', hunk('#define X 1', '#define X 2', 6)],
    ['a function', hunk('int f(int);', 'int f(int, int);', 8)],
  ])('a change of %s is not detected', (_, text) => {
    expect(taintsOf(run(text, { 'src/x.h': header }))).toEqual([])
  })
})
