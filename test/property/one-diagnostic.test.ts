import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readSpec, shownDiagnostics } from '../../src/core/pipeline.ts'
import { textFields } from '../support/schema-paths.ts'
import { allSpecs } from '../support/views.ts'

type Path = readonly (string | number)[]

/** A field that no spec of the fixtures has is added here. */
const additional = {
  version: 1,
  name: 'shop',
  targets: { nginx: { version: '1.26.3', flavor: 'nginx', modules: [], unpatched: false } },
  upstreams: {
    shop: {
      servers: {
        a: {
          address: '10.0.0.1:8080',
          maxBusy: 3,
          tomcat: { base: 'server.xml', contextBase: 'context.xml' },
        },
      },
      app: {
        runtime: 'tomcat',
        version: '9.0.122',
        webapp: 'web.xml',
        tomcat: { base: 'server.xml', contextBase: 'context.xml' },
        sessions: { store: 'redisson', use: 'redis', version: '3.39.0' },
      },
    },
    replicated: {
      servers: { a: '10.0.0.1:8080' },
      app: {
        runtime: 'tomcat',
        version: '9.0.122',
        sessions: {
          store: 'delta',
          membership: 'static',
          port: 4000,
          encryptionKey: { env: 'KEY' },
        },
      },
    },
  },
  stores: {
    redis: {
      kind: 'redis',
      addresses: ['10.0.0.2:6379'],
      password: { file: 'secret' },
      sentinelPassword: { env: 'SENTINEL' },
    },
  },
  build: {
    version: '1.26.3',
    source: 'nginx.tar.gz',
    modules: ['jvm_route'],
    openssl: 'openssl.tar.gz',
    pcre: 'pcre.tar.gz',
    zlib: 'zlib.tar.gz',
    patches: ['one.patch'],
    compiler: 'cc',
    flags: ['--with-debug'],
  },
}

const pathsIn = (value: unknown, path: Path = []): readonly Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [
        path,
        ...Object.entries(value).flatMap(([key, below]) =>
          pathsIn(below, [...path, Array.isArray(value) ? Number(key) : key]),
        ),
      ]

const withValueAt = (data: unknown, [key, ...rest]: Path, value: unknown): unknown => {
  if (key === undefined) return value
  const copy: Record<string | number, unknown> = Object.assign(Array.isArray(data) ? [] : {}, data)
  copy[key] = withValueAt(copy[key], rest, value)
  return copy
}

/** Wrong in nearly every field, each in one way. */
const wrongValues = [null, true, 1.5, -1, 'a\u0001', [], [1], [[]]] as const

/** Whether the user chooses the key at the index. */
const isName = ([first]: Path, index: number): boolean =>
  index === 1 && ['frontends', 'upstreams', 'stores'].includes(String(first))

/** The field without the names that the user chooses. */
const fieldOf = (path: Path): string =>
  path.map((key, index) => (typeof key === 'number' || isName(path, index) ? '*' : key)).join('.')

test('a wrong value of any field gives one diagnostic at this value', () => {
  const specs: readonly unknown[] = [
    additional,
    ...allSpecs().map(({ folder, file }): unknown =>
      parse(readFileSync(join(folder, file), 'utf8')),
    ),
  ]
  const tried = new Set<string>()
  for (const data of specs)
    for (const path of pathsIn(data).filter(({ length }) => length > 0))
      for (const value of wrongValues) {
        const name = `${fieldOf(path)}: ${JSON.stringify(value)}`
        if (tried.has(name)) continue
        tried.add(name)
        const text = JSON.stringify(withValueAt(data, path, value), null, 1)
        const read = readSpec('sessctl.yaml', text)
        if (read.spec !== null) continue
        const diagnostics = shownDiagnostics(read)
        const messages = diagnostics.map(({ message }) => message)
        expect(messages, name).toHaveLength(1)
        const [at = ''] = diagnostics.map(({ location }) => location.path)
        const [where, wrong] = [String(at), path.join('.')]
        const isThere = where.startsWith(wrong) || wrong.startsWith(where)
        expect(isThere, `${name} is reported at ${where}: ${messages[0]}`).toBe(true)
      }
  const fields = new Set([...tried].map((name) => name.split(':')[0]?.split('.').at(-1)))
  const names = textFields().flatMap(({ path }) => path.filter((key) => !/^[*#]$/.test(key)))
  expect([...new Set(names)].filter((name) => !fields.has(name))).toEqual([])
})
