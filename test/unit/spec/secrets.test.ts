import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { type LocatedDiagnostic, locate } from '../../../src/core/diagnostics/located.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { isSecretKey, secretKeys } from '../../../src/core/secrets/keys.ts'
import { specSchema } from '../../../src/core/spec/schema/index.ts'
import { secret } from '../../../src/core/spec/schema/primitives.ts'
import { secretValues } from '../../../src/core/spec/secrets.ts'
import { formatDiagnostics } from '../../../src/report/diagnostics.ts'
import { styleFor } from '../../../src/report/style.ts'
import { fc } from '../../support/fast-check.ts'

const word = 'Hunter2Hunter2'

const located = (content: string | Uint8Array): readonly LocatedDiagnostic[] => {
  const { source, diagnostics } = resolveSpec(readSpec('sessctl.yaml', content), {})
  return locate(diagnostics, source)
}

const said = (content: string | Uint8Array): string => {
  const found = located(content)
  return formatDiagnostics(found, styleFor(false), 'all') + JSON.stringify(found)
}

const frame = (content: string, code: string): string => {
  const found = located(content).filter((diagnostic) => diagnostic.code === code)
  return (
    formatDiagnostics(found, styleFor(false), 'errors') ||
    formatDiagnostics(found, styleFor(false), 'all')
  )
}

/** A spec with one store, written as given; a typing slip elsewhere in it may come along. */
const withStore = (store: string, upstream = ''): string => `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
upstreams:
  shop:
    servers: { tomcat01: "192.168.33.10:8090" }
    ${upstream}
stores:
${store}
`

/** Every way of writing the secret next to a mistake, so that its line is shown. */
const written: Readonly<Record<string, string>> = {
  'a literal, which is itself worth a warning': `  main:
    kind: redis
    addresses: ["10.0.0.5:6379"]
    password: ${word}`,
  'a flow map with an unknown key': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: ${word}, tsl: true }`,
  'quoted keys, as in JSON': `  "main": {"kind": "redis", "addresses": ["10.0.0.5:6379"], "password": "${word}", "tsl": true}`,
  'single quotes': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], 'password': '${word}', tsl: true }`,
  'an escaped key': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], "pass\\u0077ord": ${word}, tsl: true }`,
  'an anchor at the secret': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: &pw ${word}, tsl: true }
  next: { kind: redis, addresses: ["10.0.0.5:6379"], password: *pw, tsl: true }`,
  'an anchor elsewhere': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], username: &pw ${word}, tsl: true }
  next: { kind: redis, addresses: ["10.0.0.5:6379"], password: *pw }`,
  'an anchor whose value is wrong where it stands': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], username: &pw "${word}\\u0001" }
  next: { kind: redis, addresses: ["10.0.0.5:6379"], password: *pw }`,
  'an anchor where no text belongs': `  main: { kind: redis, addresses: [&pw ${word}] }
  next: { kind: redis, addresses: ["10.0.0.5:6379"], password: *pw }`,
  'the anchor itself': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: &${word} "", tsl: true }`,
  'a literal block': `  main:
    kind: redis
    addresses: ["10.0.0.5:6379"]
    password: |
      ${word}
      ${word}`,
  'a folded block': `  main:
    kind: redis
    addresses: ["10.0.0.5:6379"]
    password: >-
      ${word}`,
  'a value on the next line': `  main:
    kind: redis
    addresses: ["10.0.0.5:6379"]
    password:
      ${word}
    tsl: true`,
  'an explicit key': `  main:
    kind: redis
    addresses: ["10.0.0.5:6379"]
    ? password
    : "${word}\\u0001"`,
  'a tag in front': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: !!str ${word}, tsl: true }`,
  'what looks like a tag': `  main: { kind: redis, addresses: [], password: !${word} x }`,
  'a comma': `  main: { kind: redis, addresses: [], password: , ${word} }`,
  'a comma in it': `  main: { kind: redis, addresses: [], password: 7,${word} }`,
  'a control character in it': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: "${word}\\u0001" }`,
  'a list': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: [${word}] }`,
  'a set': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: {${word}} }`,
  'a map with another key': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: { literal: ${word} } }`,
  'a map with the secret as key': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: { ${word}: x } }`,
  'the secret where the name of a variable belongs': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: { env: "${word}!" } }`,
  'a misspelt key': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], pasword: ${word} }`,
  'another word for it': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], passphrase: ${word} }`,
  'a remark with the one before': `  main: { kind: redis, addresses: ["10.0.0.5:6379"], tsl: true, password: x } # ${word}`,
  'a line that is a remark': `  main: { kind: redis, addresses: ["10.0.0.5:6379"] }
  # password: ${word}`,
  'a URL': `  main: { kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://h/db?user=a&password=${word}", tsl: true }`,
  'a URL with a user': `  main: { kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:x://a:${word}@h/db", tsl: true }`,
}

/** The same where the YAML reader gives up. */
const unreadable: Readonly<Record<string, string>> = {
  'no closing quote': `  main: { kind: redis, password: "${word} }`,
  'no space behind the colon': `  main:
    kind: redis
    password:${word}`,
  'an equals sign': `  main:
    kind: redis
    password = ${word}`,
  'no colon at all': `  main:
    kind: redis
    password ${word}`,
  'a colon in it': `  main:
    kind: redis
    password: a: ${word}`,
  'a character that opens something else': `  main:
    kind: redis
    password: @${word}`,
  'a percent sign': `  main:
    kind: redis
    password: %${word}`,
  'what looks like an alias': `  main:
    kind: redis
    password: *${word}`,
  'what looks like a block': `  main:
    kind: redis
    password: |${word}`,
  'an invalid escape': `  main:
    kind: redis
    password: "\\${word}"`,
  'a tab': `  main:
\tkind: redis
\tpassword: ${word}`,
  'a flow map without end': `  main: { kind: redis, password: ${word}`,
  'a quote in the middle': `  main:
    kind: redis
    password: "ab" ${word}`,
  'twice the same key': `  main: { kind: redis, password: a, password: ${word} }`,
  'an anchor and a mistake elsewhere': `  main: { kind: redis, username: &pw ${word}, x: @ }
  next: { kind: redis, password: *pw }`,
  'a block, and a mistake below it': `  main:
    kind: redis
    password: |
      ${word}
     ${word}: @`,
  'a second document': `  main: { kind: redis }
---
password: ${word}`,
  'quotes over several lines': `  main:
    kind: redis
    password: "a
  ${word}
  ${word}: @`,
}

describe('a secret is never shown', () => {
  test.each(Object.entries(written))('%s', (_, store) => {
    const text = said(withStore(store, 'tsl: true'))
    expect(text).toContain('sessctl.yaml:')
    expect(text).not.toContain(word)
  })

  test.each(Object.entries(unreadable))('in invalid YAML: %s', (_, store) => {
    const text = said(withStore(store))
    expect(text).toContain('spec-syntax')
    expect(text).not.toContain(word)
  })

  test('in invalid YAML, whatever line the parser stops at', () => {
    for (const store of [...Object.values(written), ...Object.values(unreadable)]) {
      const lines = withStore(store).split('\n')
      for (let at = 8; at < lines.length; at++) {
        const broken = lines.map((line, index) => (index === at ? `${line} }]: @` : line))
        expect(said(broken.join('\n'))).not.toContain(word)
      }
    }
  })

  test('in a file with a byte that is not UTF-8', () => {
    const bytes = new TextEncoder().encode(withStore(`  main: { password: ${word}§ }`))
    bytes[bytes.indexOf(0xc2)] = 0xff
    const text = said(bytes)
    expect(text).toContain('spec-encoding')
    expect(text).not.toContain(word)
  })

  test('a number is not quoted either', () => {
    const text = said(
      withStore(`  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: 90210 }`),
    )
    expect(text).toContain('not a number')
    expect(text).not.toContain('90210')
  })

  test('below encryptionKey', () => {
    const app = `app: { runtime: tomcat, version: "9.0", sessions: { store: delta, encryptionKey: ${word}, port: x } }`
    const text = said(withStore('  {}', app))
    expect(text).toContain('spec-type')
    expect(text).not.toContain(word)
  })

  test('whatever its characters are, and however YAML writes it', () => {
    const secretText = fc
      .string({ unit: 'binary', minLength: 6, maxLength: 30 })
      .filter((text) => /[^\s*]{6}/.test(text) && !/[\n\r]/.test(text))
    fc.assert(
      fc.property(secretText, fc.boolean(), (value, isQuoted) => {
        const token = isQuoted ? JSON.stringify(value) : value
        const lines = located(
          withStore(
            `  main: { kind: redis, addresses: ["10.0.0.5:6379"], tsl: true, password: ${token} }`,
          ),
        ).flatMap(({ location, message, help }) => [
          location.lineText,
          message,
          help,
          location.path,
        ])
        const part = /[^\s*]{6}/.exec(isQuoted ? JSON.stringify(value).slice(1, -1) : value)?.[0]
        const plain = withStore('')
        if (part === undefined || plain.includes(part)) return
        expect(lines.join('\n')).not.toContain(part)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a masked secret', () => {
  test('is shown as asterisks, one for each character, so that the caret is in the right column', () => {
    const text = withStore(
      `  main: { kind: redis, addresses: ["10.0.0.5:6379"], password: ${word}, tsl: true }`,
    )
    expect(frame(text, 'spec-unknown-key')).toContain(
      `
    9 |   main: { kind: redis, addresses: ["10.0.0.5:6379"], password: **************, tsl: true }
      |                                                                                ^^^
`,
    )
  })

  test('is underlined by a warning about a literal secret', () => {
    const text = withStore(`  main:
    kind: redis
    addresses: ["10.0.0.5:6379"]
    password: ${word}`)
    expect(frame(text, 'secret-literal')).toContain(`
   12 |     password: **************
      |               ^^^^^^^^^^^^^^
`)
  })

  test('the source of a secret is shown', () => {
    const text = withStore(
      `  main: { kind: redis, addresses: [], password: { env: REDIS_PASSWORD }, tsl: true }
  next: { kind: redis, addresses: [], password: { file: /run/secrets/redis }, tsl: true }`,
    )
    const shown = frame(text, 'spec-unknown-key')
    expect(shown).toContain('password: { env: REDIS_PASSWORD }, tsl: true')
    expect(shown).toContain('password: { file: /run/secrets/redis }, tsl: true')
    expect(shown).not.toContain('*')
  })

  test('lines without a secret are shown as they are', () => {
    const text = withStore('  main: { kind: memcached, servers: { one: "10.0.0.5" } }')
    const [found] = located(text)
    expect(found?.location.lineText).toBe(
      '  main: { kind: memcached, servers: { one: "10.0.0.5" } }',
    )
  })
})

test('long nonsense is read in linear time', () => {
  const nonsense = [
    'password: "'.repeat(200_000),
    `password: ${'a'.repeat(2_000_000)}: [`,
    `{${'password '.repeat(200_000)}`,
    `a: ${'['.repeat(50_000)}`,
    `"${'\\'.repeat(1_000_000)}`,
    Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}password:`).join('\n'),
    `password=${' '.repeat(1_000_000)}x: @`,
    'a://b:c'.repeat(200_000),
  ]
  for (const text of nonsense) {
    const before = process.cpuUsage()
    said(text)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(20_000)
  }
})

type Schema = z.core.$ZodType

/** Every key of the schema that has a `secret` below it. */
const keysOfSecrets = (schema: Schema, key: string, seen: Set<Schema>): readonly string[] => {
  if (schema === secret) return [key]
  if (seen.has(schema)) return []
  seen.add(schema)
  const { def } = schema._zod as {
    def: {
      innerType?: Schema
      options?: readonly Schema[]
      shape?: Readonly<Record<string, Schema>>
      valueType?: Schema
      element?: Schema
    }
  }
  const below = [def.innerType, ...(def.options ?? []), def.valueType, def.element]
  return [
    ...below.flatMap((one) => (one ? keysOfSecrets(one, key, seen) : [])),
    ...Object.entries(def.shape ?? {}).flatMap(([name, one]) => keysOfSecrets(one, name, seen)),
  ]
}

test('the keys of secrets are those of the schema', () => {
  const keys = new Set(keysOfSecrets(specSchema, '', new Set()))
  expect([...keys].sort()).toEqual([...secretKeys].sort())
})

test('no other key of the spec looks like a secret', () => {
  const names = new Set<string>()
  const collect = (schema: Schema, seen: Set<Schema>): void => {
    if (seen.has(schema)) return
    seen.add(schema)
    const def: object = schema._zod.def
    for (const value of Object.values(def)) {
      const below = Array.isArray(value) ? value : [value]
      for (const one of below) {
        if (typeof one !== 'object' || one === null) continue
        if ('_zod' in one) collect(one as Schema, seen)
        else
          for (const [name, inner] of Object.entries(one)) {
            if (typeof inner !== 'object' || inner === null || !('_zod' in inner)) continue
            names.add(name)
            collect(inner as Schema, seen)
          }
      }
    }
  }
  collect(specSchema, new Set())
  expect(names.size).toBeGreaterThan(40)
  expect([...names].filter(isSecretKey).sort()).toEqual([...secretKeys].sort())
})

test('every value below the keys of secrets is a secret, except references', () => {
  const values = secretValues({
    stores: {
      a: { password: 'x', username: 'u' },
      b: { password: { env: 'NAME' } },
      c: { password: { env: 'not a name' } },
      d: { password: ['y', 7, true] },
    },
  })
  expect(values).toEqual(new Set(['x', 'not a name', 'y', 7]))
})

test('a name of an upstream with "passport" is no misspelt password', () => {
  expect(['passport', 'oxpassport', 'Passport2'].filter(isSecretKey)).toEqual([])
  const misspelt = ['pasword', 'passwort', 'passpord', 'passportPassword', 'passport_secret']
  expect(misspelt.filter(isSecretKey)).toEqual(misspelt)
})
