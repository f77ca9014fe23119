import { describe, expect, test } from 'vitest'
import { canonicalJson, parseManifest, sha256Of } from '../../../src/core/output/manifest.ts'
import {
  concernedPaths,
  type Found,
  hasDrift,
  planWrite,
  type Wanted,
} from '../../../src/core/output/plan.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const wantedOf = (texts: Readonly<Record<string, string>>, only: Wanted['only'] = null): Wanted => {
  const read = readSpec(
    's',
    'version: 1\nname: shop\ntargets: { nginx: { version: "1.26.3" } }\nupstreams: { a: { servers: { b: "c:80" } } }',
  )
  const { cluster, spec } = resolveSpec(read, {})
  if (cluster === null || spec === null) throw new Error('the spec of this test is wrong')
  const artifacts = Object.entries(texts).map(([path, text]) => ({
    path,
    source: null,
    dialect: path.startsWith('haproxy/') ? ('haproxy' as const) : ('nginx' as const),
    text,
    bytes: bytes(text),
  }))
  return { spec, cluster, artifacts, private: new Set(), only }
}

const nothing: Found = { manifestText: null, files: new Map(), modes: new Map(), interrupted: [] }

/** The folder as a run leaves it, with some files changed since. */
const leftBy = (wanted: Wanted, changed: Readonly<Record<string, string | null>> = {}): Found => {
  const plan = planWrite(wanted, nothing)
  const files = new Map(
    plan.changes.flatMap(({ path, after: content }) => (content ? [[path, content] as const] : [])),
  )
  for (const [path, text] of Object.entries(changed)) {
    if (text === null) files.delete(path)
    else files.set(path, bytes(text))
  }
  const manifest = files.get('manifest.json')
  return {
    manifestText: manifest ? new TextDecoder().decode(manifest) : null,
    files,
    modes: new Map([...files.keys()].map((path) => [path, 0o644])),
    interrupted: [],
  }
}

const actions = (wanted: Wanted, found: Found): Record<string, string> =>
  Object.fromEntries(
    planWrite(wanted, found).changes.map(({ path, action, isEdited }) => [
      path,
      isEdited ? `${action}, edited` : action,
    ]),
  )

const one = wantedOf({ 'nginx/shop.conf': 'a' })
const two = wantedOf({ 'nginx/shop.conf': 'a', 'haproxy/haproxy.cfg': 'b' })

describe('a plan', () => {
  test('creates everything in an empty folder', () => {
    expect(actions(one, nothing)).toEqual({
      'nginx/shop.conf': 'create',
      'manifest.json': 'create',
    })
  })

  test('has no changes on the second run', () => {
    expect(actions(one, leftBy(one))).toEqual({
      'nginx/shop.conf': 'unchanged',
      'manifest.json': 'unchanged',
    })
    expect(hasDrift(planWrite(one, leftBy(one)))).toBe(false)
  })

  test('updates changed files, and reports those that were edited by hand', () => {
    const next = wantedOf({ 'nginx/shop.conf': 'A' })
    expect(actions(next, leftBy(one))).toEqual({
      'nginx/shop.conf': 'update',
      'manifest.json': 'update',
    })
    expect(actions(one, leftBy(one, { 'nginx/shop.conf': 'by hand' }))).toEqual({
      'nginx/shop.conf': 'update, edited',
      'manifest.json': 'unchanged',
    })
  })

  test('removes files of an earlier run that are no longer needed', () => {
    expect(actions(one, leftBy(two))).toEqual({
      'nginx/shop.conf': 'unchanged',
      'haproxy/haproxy.cfg': 'remove',
      'manifest.json': 'update',
    })
  })

  test('ignores files that are already deleted', () => {
    expect(actions(one, leftBy(two, { 'haproxy/haproxy.cfg': null }))).toEqual({
      'nginx/shop.conf': 'unchanged',
      'manifest.json': 'update',
    })
  })

  test('keeps and owns the files of dialects that this run does not generate', () => {
    const narrowed = wantedOf({ 'nginx/shop.conf': 'A' }, new Set(['nginx'] as const))
    const plan = planWrite(narrowed, leftBy(two))
    expect(plan.changes.map(({ path }) => path)).not.toContain('haproxy/haproxy.cfg')
    const manifest = parseManifest(
      new TextDecoder().decode(plan.changes.at(-1)?.after ?? undefined),
    )
    expect(manifest?.artifacts.map(({ path }) => path)).toEqual([
      'nginx/shop.conf',
      'haproxy/haproxy.cfg',
    ])
  })

  test('never touches a file that sessctl did not write', () => {
    const foreign: Found = { ...nothing, files: new Map([['nginx/shop.conf', bytes('mine')]]) }
    expect(planWrite(one, foreign).foreign).toEqual(['nginx/shop.conf'])
  })

  test('adopts a foreign file with the generated content', () => {
    const same: Found = { ...nothing, files: new Map([['nginx/shop.conf', bytes('a')]]) }
    expect(planWrite(one, same).foreign).toEqual([])
  })

  test('owns the files that an interrupted run was writing', () => {
    const half: Found = {
      ...nothing,
      files: new Map([['nginx/shop.conf', bytes('half')]]),
      interrupted: ['nginx/shop.conf'],
    }
    expect(planWrite(one, half).foreign).toEqual([])
  })

  test('records the sha256 of every artifact', () => {
    const manifest = parseManifest(leftBy(one).manifestText ?? '')
    expect(manifest?.artifacts).toEqual([
      { path: 'nginx/shop.conf', dialect: 'nginx', sha256: sha256Of('a') },
    ])
  })
})

describe('a manifest that sessctl did not write', () => {
  test.each(['', '{}', '[', JSON.stringify({ formatVersion: 2 })])('%j', (text) => {
    expect(parseManifest(text)).toBeNull()
  })

  test.each(['../../etc/passwd', '/etc/passwd', 'a/../../b', './a', 'a\\b', 'a\n'])(
    'with the path %j',
    (path) => {
      const manifest = {
        formatVersion: 1,
        cluster: 'x',
        spec: { sha256: sha256Of('') },
        targets: {},
        artifacts: [{ path, dialect: 'nginx', sha256: sha256Of('') }],
      }
      expect(parseManifest(JSON.stringify({ ...manifest, artifacts: [] }))).not.toBeNull()
      expect(parseManifest(JSON.stringify(manifest))).toBeNull()
      expect(concernedPaths([], JSON.stringify(manifest))).toEqual(['manifest.json'])
    },
  )
})

describe('the spec in canonical form', () => {
  test('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: { d: 1, c: [2] }, a: 1 })).toBe(
      canonicalJson({ a: 1, b: { c: [2], d: 1 } }),
    )
  })

  test('depends on the order of servers, which is configuration', () => {
    const spec = (servers: object) => ({ upstreams: { shop: { servers } } })
    expect(canonicalJson(spec({ a: 1, b: 2 }))).not.toBe(canonicalJson(spec({ b: 2, a: 1 })))
  })

  test('makes a readable file with a secret private, and records its mode', () => {
    const path = 'nginx/shop.conf'
    const secret = { ...one, private: new Set([path]) }
    const found = leftBy(secret)
    const withMode = (mode: number): Found => ({ ...found, modes: new Map([[path, mode]]) })
    for (const mode of [0o644, 0o604, 0o660, 0o650, 0o641, 0o666])
      expect([mode, actions(secret, withMode(mode))]).toEqual([
        mode,
        { [path]: 'update', 'manifest.json': 'unchanged' },
      ])
    for (const mode of [0o600, 0o640, 0o400, 0o440])
      expect(hasDrift(planWrite(secret, withMode(mode)))).toBe(false)
    expect(parseManifest(found.manifestText ?? '')?.artifacts[0]?.mode).toBe('0600')
    // Without a secret the existing mode is kept.
    expect(hasDrift(planWrite(one, { ...leftBy(one), modes: new Map([[path, 0o666]]) }))).toBe(
      false,
    )
  })
})
