import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { dryRun } from '../../src/build-nginx/core/patches/dry-run.ts'
import { parsePatch } from '../../src/build-nginx/core/patches/parse.ts'
import { isProblem, type Patch } from '../../src/build-nginx/core/patches/patch.ts'
import { parseSeries, patchesFor, type Series } from '../../src/build-nginx/core/patches/series.ts'
import { taintsOf } from '../../src/build-nginx/core/patches/taint.ts'
import { findToolchain, withServers } from '../real/support/servers.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { findSource, patchWith, releases, unpack } from './support/sources.ts'

const dir = fileURLToPath(new URL('../../patches/nginx/', import.meta.url))
const readSeries = (): Series => {
  const read = parseSeries(readFileSync(join(dir, 'series.json'), 'utf8'))
  if (read === null) throw new Error('series.json is no series')
  return read
}
const series = readSeries()

const parsed = (file: string): Patch => {
  const patch = parsePatch(file, readFileSync(join(dir, file), 'latin1'))
  if (isProblem(patch)) throw new Error(patch.message)
  return patch
}

describe('the series', () => {
  test.each(series.patches)('contains the bytes of $file', ({ file, sha256 }) => {
    const sum = createHash('sha256')
      .update(readFileSync(join(dir, file)))
      .digest('hex')
    expect(sum).toBe(sha256)
  })

  test('names every patch of its folder once', () => {
    const files = series.patches.map(({ file }) => file).sort()
    expect(files).toEqual(
      readdirSync(dir)
        .filter((name) => name.endsWith('.patch'))
        .sort(),
    )
    expect(new Set(series.patches.map(({ id }) => id)).size).toBe(files.length)
  })

  test('has one hook for every release from 1.8.1 on, and says why', () => {
    const hooks = series.patches.filter(({ kind }) => kind === 'hook')
    expect(hooks[0]?.from).toBe('1.8.1')
    expect(hooks.at(-1)?.through).toBeNull()
    for (const release of ['1.8.1', '1.9.15', '1.14.1', '1.14.2', '1.22.1', '1.30.6', '1.31.4']) {
      expect(patchesFor(series, release).filter(({ kind }) => kind === 'hook')).toHaveLength(1)
    }
    for (const { reason } of series.patches) expect(reason.length).toBeGreaterThan(20)
  })

  test('adds to releases before 1.14.2 what libxcrypt needs, and to no other', () => {
    const ids = (release: string) => patchesFor(series, release).map(({ id }) => id)
    expect(ids('1.14.1')).toEqual(['crypt-data', 'server-parameter'])
    expect(ids('1.14.2')).toEqual(['server-parameter'])
  })
})

describe.each(releases)('nginx %s', (release) => {
  const needs = { source: findSource(release), toolchain: findToolchain() }

  withServers(needs, 'applies exactly, with sessctl and with patch(1)', async (found) => {
    const { source, toolchain } = found
    const tree = tempDir()
    await unpack(source, tree)
    const patches = patchesFor(series, source.version)
    const read = (path: string) => readFileSync(join(tree, path), 'latin1')
    const run = dryRun(
      patches.map(({ file, strip }) => ({ patch: parsed(file), level: strip })),
      read,
    )
    expect(run.results.map(({ state }) => state)).toEqual(patches.map(() => 'applied'))

    for (const { file, strip } of patches) {
      const { exitCode, output } = await patchWith(toolchain, tree, join(dir, file), strip)
      expect(output).not.toMatch(/fuzz|FAILED/)
      expect(exitCode).toBe(0)
    }
    for (const [path, text] of run.changes) expect(read(path)).toBe(text)
  })

  withServers(needs, 'keeps the structures of nginx', async ({ source }) => {
    const tree = tempDir()
    await unpack(source, tree)
    const run = dryRun(
      patchesFor(series, source.version).map(({ file, strip }) => ({
        patch: parsed(file),
        level: strip,
      })),
      (path) => readFileSync(join(tree, path), 'latin1'),
    )
    expect(taintsOf(run)).toEqual([])
    // No header at all, in fact: what a module is compiled with does not change.
    expect([...run.changes.keys()].filter((path) => path.endsWith('.h'))).toEqual([])
  })
})
