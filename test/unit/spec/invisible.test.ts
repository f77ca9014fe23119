import { describe, expect, test } from 'vitest'
import { visible } from '../../../src/report/visible.ts'
import { compileText } from '../../support/compile.ts'

const invisible = [
  ...['\u202A', '\u202E', '\u2066', '\u2069', '\u200B', '\u200D', '\u200F', '\u00AD', '\uFEFF'],
  ...['\u2028', '\u2029', '\u2060', '\u061C', '\u180E', '\u{E0001}', '\u{E007F}'],
]

/** The spec with one value, name or key of it replaced. */
const specs: Readonly<Record<string, (value: string) => string>> = {
  'the name of the cluster': (value) => spec({ cluster: value }),
  'the name of a frontend': (value) => spec({ frontend: value }),
  'the name of a server': (value) => spec({ server: value }),
  'a host': (value) => spec({ host: value }),
  'a header name': (value) => spec({ header: value }),
  'a header value': (value) => spec({ headerValue: value }),
  'a path': (value) => spec({ match: `/${value}` }),
  'a folder': (value) => spec({ root: `/srv/${value}` }),
  'a cookie': (value) => spec({ cookie: value }),
  'a route': (value) => spec({ route: value }),
  'a version': (value) => spec({ version: value }),
}

const spec = (own: Readonly<Record<string, string>>): string => {
  const text = (key: string, usual: string) => JSON.stringify(own[key] ?? usual)
  return `version: 1
name: ${text('cluster', 'shop')}
targets: { nginx: { version: ${text('version', '1.26.3')} } }
frontends:
  ${text('frontend', 'web')}:
    listen: [80]
    serverNames: [${text('host', 'shop.example')}]
    headers: { ${text('header', 'X-Shop')}: ${text('headerValue', 'a')} }
    locations: [{ match: ${text('match', '/')}, upstream: a }, { match: /files/, root: ${text('root', '/srv')} }]
stores: { db: { kind: redis, addresses: ["10.0.0.8:6379"], password: ${text('password', 'p')} } }
upstreams:
  a:
    affinity: { method: sticky, by: cookie, cookie: ${text('cookie', 'SRV')} }
    servers: { ${text('server', 'b')}: { address: "10.0.0.1:80", route: ${text('route', 'r')} } }
    app: { runtime: spring, version: "3.5.0", sessions: { store: spring-session, use: db } }
`
}

const errorsOf = (text: string) =>
  compileText(text).diagnostics.filter(({ severity }) => severity === 'error')

test('the spec of this test is accepted', () => {
  expect(errorsOf(spec({}))).toEqual([])
})

describe.each(Object.entries(specs))('%s', (_name, make) => {
  test.each(invisible)('values cannot contain %j', (character) => {
    const errors = errorsOf(make(`a${character}b`))
    expect(errors).not.toEqual([])
    const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
    for (const { message } of errors) {
      expect(visible(message)).not.toContain(character)
      expect(visible(message)).toContain(`U+${code ?? ''}`)
    }
  })
})

test('the message names the character', () => {
  const [error] = errorsOf(spec({ headerValue: 'a\u202Eb' }))
  expect(error?.message).toContain('U+202E')
})

test('a secret can contain any of them', () => {
  expect(errorsOf(spec({ password: invisible.join('') }))).toEqual([])
})

test('a comment that changes the direction of its line is a warning with its place', () => {
  const { diagnostics } = compileText(spec({}).replace('listen: [80]', 'listen: [80] # \u202E08'))
  const found = diagnostics.filter(({ code }) => code === 'spec-bidirectional')
  expect(found.map(({ severity, location }) => [severity, location.line, location.column])).toEqual(
    [['warning', 6, 20]],
  )
  expect(found[0]?.message).toContain('U+202E')
})
