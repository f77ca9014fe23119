import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { readSpec } from '../../../src/core/pipeline.ts'
import * as primitives from '../../../src/core/spec/schema/primitives.ts'

const messagesOf = (schema: z.ZodType, value: unknown): readonly string[] =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? []

const schemas: Readonly<Record<string, unknown>> = { ...primitives }

/** `snippetText` has several lines. */
const strings = Object.entries(schemas).flatMap(([name, schema]) =>
  schema instanceof z.ZodString && name !== 'snippetText' ? [[name, schema] as const] : [],
)

test('the text primitives are found', () => {
  expect(strings.length).toBeGreaterThan(15)
})

describe.each(strings)('%s', (_, schema) => {
  test.each([
    ['', 'must not be empty'],
    ['x'.repeat(9000), `must not be longer than ${String(schema.maxLength)} characters`],
    ['a\nb', 'must not contain a control character (line end, tab, NUL, …)'],
    ['a\0b', 'must not contain a control character (line end, tab, NUL, …)'],
  ])('a wrong value gives one message', (value, message) => {
    expect(messagesOf(schema, value)).toEqual([message])
  })
})

test.each([
  ['', 'must not be empty'],
  ['x'.repeat(65_537), 'must not be longer than 65536 characters'],
  ['a\0b', 'must not contain a control character other than line ends and tabs'],
  ['a\u200bb', 'must not contain the invisible character U+200B'],
])('a wrong text of several lines gives one message', (value, message) => {
  expect(messagesOf(primitives.snippetText, value)).toEqual([expect.stringContaining(message)])
})

test('a text of several lines is accepted', () => {
  expect(messagesOf(primitives.snippetText, 'a\n\tb\n')).toEqual([])
})

/** A value, and words of the one message that name what is wrong with it. */
test.each([
  ['clusterName', 'Shop', 'lower-case letter'],
  ['clusterName', 'shop_1', 'lower-case letters, digits or "-"'],
  ['upstreamName', '1st', 'a letter, then'],
  ['upstreamName', 'a b', 'letters, digits, "_", "." or "-"'],
  ['routeName', 'a.b', 'letters, digits, "_" or "-"'],
  ['routeName', 'x'.repeat(33), 'longer than 32'],
  ['serverName', 'a..b', 'single dots between'],
  ['serverName', '..', 'single dots between'],
  ['serverName', 'a/b', 'letters, digits, "_" or "-"'],
  ['serverName', 'x'.repeat(254), 'longer than 253'],
  ['cookieName', 'a b', 'letters, digits'],
  ['headerName', 'X-Real:', 'without the colon'],
  ['cookieDomain', 'shop example.com', 'letters, digits, "-" and "."'],
  ['cookieDomain', 'x'.repeat(256), 'longer than 255'],
  ['cookiePath', 'shop', 'starts with "/"'],
  ['cookiePath', '/a;b', 'without spaces, ";"'],
  ['cookiePath', `/${'x'.repeat(300)}`, 'longer than 255'],
  ['duration', '10 s', 'a whole number'],
  ['duration', '1.5s', 'a whole number'],
  ['duration', '1w', '1h or 1d'],
  ['duration', '1234567890s', 'at most 9 digits'],
  ['size', '2g', 'up to 1024m'],
  ['size', '0', 'up to 1024m'],
  ['size', '064k', 'without leading zeros'],
  ['version', '1.26.x', 'numbers'],
  ['version', 'v1.26', 'numbers'],
  ['version', '1.2.3.4', 'one to three numbers'],
  ['appVersion', 'installed', 'such as "9.0.122"'],
  ['serverAddress', '10.0.0.1', '"host:port"'],
  ['serverAddress', 'a b:80', 'letters, digits'],
  ['serverAddress', 'unix:/run/a b', '"unix:/path" (up to 101 letters'],
  ['serverAddress', `unix:/${'x'.repeat(120)}`, 'up to 101'],
  ['listenAddress', 'eighty', 'a port'],
  ['network', 'example.com', 'in digits'],
  ['logPath', 'off', 'not "off"'],
  ['logPath', '/var/log/a b', 'letters, digits and "_.@+/-"'],
  ['variable', 'cookie_x', '"$" and letters'],
] as const)('%s: %j', (name, value, words) => {
  const schema = schemas[name]
  if (!(schema instanceof z.ZodString)) throw new Error(`${name} is no text`)
  const messages = messagesOf(schema, value)
  expect(messages).toEqual([expect.stringContaining(words)])
})

const spec = (rest: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: a }] } }
upstreams:
  a: { servers: { s: "10.0.0.1:80" } }
${rest}
`

const jdbc = (url: string, more = ''): string =>
  spec(`stores: { db: { kind: jdbc, driver: org.x.Driver, url: ${JSON.stringify(url)}${more} } }`)

const said = (text: string): readonly string[] =>
  readSpec('sessctl.yaml', text).diagnostics.map(({ message }) => message)

describe('within the spec', () => {
  test.each([
    ['postgresql://h/s', 'starts with "jdbc:" and the name of a driver'],
    ['jdbc:', 'starts with "jdbc:" and the name of a driver'],
    ['jdbc:mysql://h/s\t', 'must not contain a control character'],
    ['', 'must not be empty'],
  ])('a JDBC URL %j', (url, words) => {
    expect(said(jdbc(url))).toEqual([expect.stringContaining(words)])
  })

  test.each([
    'jdbc:mysql://h/s?useSSL=false&serverTimezone=UTC',
    'jdbc:sqlserver://h;databaseName=my shop;encrypt=true',
    `jdbc:postgresql://h/s?options=-c%20x='a"b<c>'`,
  ])('the JDBC URL %j is accepted', (url) => {
    expect(said(jdbc(url))).toEqual([])
  })

  test.each([
    ['password: { env: MY-VAR }', 'letters, digits and "_", not starting with a digit'],
    ['password: { env: "" }', 'must not be empty'],
    ['password: { file: "" }', 'must not be empty'],
    ['password: ""', 'must not be empty'],
    ['driver: 1x', 'a Java class name'],
  ])('%s', (field, words) => {
    const line = `stores: { db: { kind: jdbc, url: "jdbc:x:y", ${field.startsWith('driver') ? '' : 'driver: x, '}${field} } }`
    expect(said(spec(line))).toEqual([expect.stringContaining(words)])
  })

  test('a key that is too long', () => {
    const text = spec('').replace('s: "10', `${'x'.repeat(254)}: "10`)
    expect(said(text)).toEqual([expect.stringContaining('must not be longer than 253 characters')])
  })
})
