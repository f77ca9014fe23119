import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { literalSecrets, markSecrets, renderMarked } from '../../../src/core/diff/marked.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { type Spec, specSchema } from '../../../src/core/spec/schema/index.ts'

const specOf = (text: string): Spec => {
  const { spec, diagnostics } = readSpec('sessctl.yaml', text)
  if (spec === null) throw new Error(JSON.stringify(diagnostics))
  return spec
}

const text = `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
upstreams:
  shop:
    servers: { password: "192.168.33.10:8090", encryptionKey: "192.168.33.11:8090" }
    app: { runtime: tomcat, version: "9.0.122", sessions: { store: delta, encryptionKey: 000102030405060708090a0b0c0d0e0f } }
stores:
  password: { kind: redis, addresses: ["10.0.0.5:6379"], password: hunter2 }
  same: { kind: redis, addresses: ["10.0.0.5:6379"], password: hunter2 }
  other: { kind: redis, addresses: ["10.0.0.5:6379"], password: { env: REDIS_PASSWORD } }
`
  .replace('encryptionKey: 0', 'encryptionKey: "0')
  .replace('0e0f }', '0e0f" }')

describe('markSecrets', () => {
  test('replaces literal secrets only, equal ones by equal markers', () => {
    const spec = specOf(text)
    const { spec: marked, markers } = markSecrets(spec, text, 'literal')
    expect(markers.length).toBe(2)
    expect(marked.stores['password']).toMatchObject({ password: markers[1] })
    expect(marked.stores['same']).toMatchObject({ password: markers[1] })
    expect(marked.stores['other']).toBe(spec.stores['other'])
    expect(marked.upstreams['shop']?.servers).toBe(spec.upstreams['shop']?.servers)
    expect(marked.upstreams['shop']?.app).toMatchObject({ sessions: { encryptionKey: markers[0] } })
    expect(markers[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(JSON.stringify(marked)).not.toContain('hunter2')
  })

  test('replaces references on request', () => {
    const { spec: marked, markers } = markSecrets(specOf(text), text, 'all')
    expect(markers.length).toBe(3)
    expect(marked.stores['other']).toMatchObject({ password: markers[2] })
  })

  test('makes the same markers every time, none of which the spec contains', () => {
    const spec = specOf(text)
    const [first] = markSecrets(spec, text, 'literal').markers
    expect(markSecrets(spec, text, 'literal').markers[0]).toBe(first)
    const [other] = markSecrets(spec, `${text}# ${first}`, 'literal').markers
    expect(other).toMatch(/^e[0-9a-f]{31}$/)
    expect(other).not.toBe(first)
  })

  test('keeps every example a valid spec', () => {
    const folder = fileURLToPath(new URL('../../../fixtures/specs/', import.meta.url))
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
      const content = readFileSync(join(folder, name), 'utf8')
      const { spec } = markSecrets(specOf(content), content, 'all')
      expect(specSchema.safeParse(spec).success).toBe(true)
    }
  })
})

test('literalSecrets: each once, and no address of a server that is named password', () => {
  expect(literalSecrets(specOf(text))).toEqual(['000102030405060708090a0b0c0d0e0f', 'hunter2'])
})

describe('renderMarked', () => {
  const rendered = (content: string) =>
    renderMarked(resolveSpec(readSpec('x', content), {}), 'literal')

  test('renders nothing without a secret, or without a valid spec', () => {
    const plain = text
      .replace(/password: hunter2/g, 'database: 1')
      .replace(/, encryptionKey: "0\w+"/, '')
    expect(rendered(plain)).toEqual({ texts: new Map(), markers: [] })
    expect(rendered('version: [')).toEqual({ texts: new Map(), markers: [] })
  })

  test('renders the same files', () => {
    const { texts, markers } = rendered(text)
    expect(markers.length).toBe(2)
    expect([...texts.keys()]).toContain('nginx/shop.conf')
  })
})
