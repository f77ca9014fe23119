import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { renderMarked } from '../../src/core/diff/marked.ts'
import { privateArtifacts } from '../../src/core/output/private-artifacts.ts'
import { insideOnly } from '../../src/core/outside.ts'
import { compile, inputFiles, readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { fc } from '../support/fast-check.ts'
import { allSpecs } from '../support/views.ts'
import { anyText } from './strings.ts'

const reference = /(?<key>password|encryptionKey): \{ (?:env|file): [^}]+ \}/g

/** Letters that no way of escaping changes, so that an artifact with the secret has them as they are. */
const mark = 'zqSecretMark7'

interface Found {
  readonly private: readonly string[]
  readonly holding: readonly string[]
}

const look = (folder: string, text: string): Found => {
  const resolved = resolveSpec(readSpec('sessctl.yaml', text), {})
  const { cluster } = resolved
  if (cluster === null) return { private: [], holding: [] }
  const inputs = new Map(
    inputFiles(cluster, null)
      .filter(({ kind, path }) => kind === 'file' && existsSync(join(folder, path)))
      .map(({ path }) => [path, new Uint8Array(readFileSync(join(folder, path)))]),
  )
  const compilation = compile(resolved, insideOnly(inputs), null)
  const { artifacts } = compilation
  const secret = privateArtifacts(compilation, renderMarked(compilation, 'literal'))
  return {
    private: [...secret].sort(),
    holding: artifacts.flatMap((each) => (each.text.includes(mark) ? [each.path] : [])).sort(),
  }
}

const withSecrets = allSpecs().flatMap(({ folder, file }) => {
  const text = readFileSync(join(folder, file), 'utf8')
  return text.match(reference) ? [{ name: join(folder, file), folder, text }] : []
})

const literal = (text: string, secret: string): string =>
  text.replace(reference, (_, key: string) => `${key}: ${JSON.stringify(secret)}`)

const titled = withSecrets.map((spec) => [spec.name.replace(/.*fixtures\//, ''), spec] as const)

describe.each(titled)('%s', (_title, { folder, text }) => {
  test('no artifact with references to secrets is private', () => {
    expect(look(folder, text)).toEqual({ private: [], holding: [] })
  })

  test('artifacts with a literal secret are private, and no others', () => {
    const found = look(folder, literal(text, mark))
    expect(found.private).toEqual(found.holding)
    expect(found.holding).not.toEqual([])
  })

  test('whatever characters the secret has', () => {
    const property = fc.property(anyText, (tail) => {
      const found = look(folder, literal(text, `${mark}${tail}`))
      expect(found.private).toEqual(found.holding)
    })
    fc.assert(property, { numRuns: 15 })
  })
})
