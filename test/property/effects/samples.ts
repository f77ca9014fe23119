import type * as z from 'zod'
import * as p from '../../../src/core/spec/schema/primitives.ts'

type AnySchema = z.core.$ZodType

/** Values for texts of one form, each with another meaning. */
const texts = new Map<unknown, readonly unknown[]>(
  (
    [
      [p.text, ['$request_uri', '$arg_user']],
      [p.upstreamName, ['tomcats', 'others']],
      [p.routeName, ['r1', 'r2']],
      [p.cookieName, ['SID', 'TID']],
      [p.parameterName, ['sid', 'tid']],
      [p.headerName, ['X-Forwarded-For', 'X-Real-IP']],
      [p.zoneName, ['one', 'two']],
      [p.cookieDomain, ['example.com', 'shop.example.com']],
      [p.mappedPath, ['/one/', '/two/']],
      [p.cookiePath, ['/one', '/two']],
      [p.cipher, ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384']],
      [p.duration, ['20s', '30s']],
      [p.wholeSeconds, ['20m', '45m']],
      [p.headerSize, ['32k', '64k']],
      [p.lifetime, ['20m', '45m']],
      [p.timeout, ['20s', '30s']],
      [p.requestRate, ['10/s', '30/m']],
      [p.mediaType, ['text/css', 'application/json']],
      [p.size, ['640k', '2m']],
      [p.bodySize, ['10m', 'unlimited']],
      [p.serverAddress, ['10.0.1.1:8080', '10.0.1.2:8080']],
      [p.network, ['10.1.0.0/16', '10.2.0.0/16']],
      [p.filePath, ['/etc/ssl/a.pem', '/etc/ssl/b.pem']],
      [p.pageFile, ['/srv/one.html', '/srv/two.json']],
      [p.listenAddress, ['127.0.0.1:8443', '127.0.0.1:9443']],
    ] as const
  ).map(([schema, values]) => [schema._zod.def, values]),
)

/** Other expressions, by what matches. */
const matching = [
  '$cookie_route',
  '$upstream_cookie_SID',
  '/shop',
  '/health',
  'org.x.Y',
  'jdbc:x',
  'text/x',
]

const strings = (schema: AnySchema): readonly unknown[] => {
  const known = texts.get(schema._zod.def)
  if (known !== undefined) return known
  return matching
    .flatMap((text) => [`${text}1`, `${text}2`])
    .filter((text) => (schema as z.ZodType).safeParse(text).success)
    .slice(0, 2)
}

interface Def {
  readonly type: string
  readonly entries?: Readonly<Record<string, unknown>>
  readonly options?: readonly AnySchema[]
  readonly values?: Iterable<unknown>
  readonly element?: AnySchema
}

/** Two numbers that are neither the least nor usual, of those that the schema accepts. */
const numbers = (schema: AnySchema): readonly unknown[] => {
  const accepts = (value: unknown) => (schema as z.ZodType).safeParse(value).success
  const pairs = [
    [5, 6],
    [405, 406],
  ]
  return pairs.find((pair) => pair.every(accepts)) ?? []
}

/** What a text has to be is not always in the schema. */
const byName: Readonly<Record<string, readonly unknown[]>> = {
  encryptionKey: [{ env: 'ONE' }, { env: 'TWO' }],
  key: ['$remote_addr', '$arg_user'],
  hash: ['$request_uri', '$arg_page'],
  upstream: ['tomcats', 'alone'],
  status: ['tomcats', 'alone'],
  use: ['redis', 'redis2'],
  // A header of the spec that the fields are tried on: a variable in it is an error.
  'X-Env': ['one', 'two'],
  match: ['/one/', '= /two', '~ three$'],
  root: ['/srv/one', '/srv/two'],
  alias: ['/srv/one', '/srv/two'],
  tryFiles: [['/one.html'], ['{request.path}.html']],
  index: [['one.html'], ['two.html']],
  'X-Frame-Options': ['DENY', 'SAMEORIGIN'],
  except: [['/one/'], ['/two/']],
  to: ['/one', 'https://{request.host}{request.uri}'],
  serverNames: [['one.example.com'], ['two.example.com']],
  // What something is, not how it behaves.
  eviction: [],
  webapp: [],
  version: [],
  flavor: [],
}

/** Values of a field that is no map: each means something else. Empty: a map, or one value only. */
export const samplesOf = (schema: AnySchema, name: string): readonly unknown[] => {
  const known = byName[name]
  // A name can have another meaning elsewhere in the spec.
  const isMeant = (value: unknown) => (schema as z.ZodType).safeParse(value).success
  if (known?.every(isMeant)) return known
  const { type, entries, options, element, values } = schema._zod.def as unknown as Def
  if (type === 'string') return strings(schema)
  if (type === 'number') return numbers(schema)
  if (type === 'boolean') return [false, true]
  if (type === 'literal') return [...(values ?? [])].slice(0, 3)
  if (type === 'enum') return Object.values(entries ?? {})
  if (type === 'union') {
    const all = (options ?? []).flatMap((option) => samplesOf(option, name))
    // One text, or a list of such texts.
    return all.every(Array.isArray) ? all : all.filter((one) => !Array.isArray(one))
  }
  if (type === 'array' && element !== undefined) return samplesOf(element, name).map((one) => [one])
  return []
}
