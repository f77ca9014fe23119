import { describe, expect, test } from 'vitest'
import { headerAliases } from '../../../src/core/dialects/forwarding-headers.ts'
import {
  guardedLocations,
  hiddenSegments,
  hiddenSegmentsRaw,
  innerParametersRaw,
} from '../../../src/core/dialects/path-parameters.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

/** What is written for these locations, which all lead to one upstream. */
const matchesOf = (locations: string): readonly string[] => {
  const text = `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends: { web: { listen: [80], locations: [${locations}] } }
upstreams: { app: { servers: { a: "10.0.0.1:80" } } }
`
  const { cluster } = resolveSpec(readSpec('sessctl.yaml', text), {})
  const frontend = cluster?.frontends[0]
  if (!frontend) throw new Error('no frontend')
  return guardedLocations(frontend).map(({ match: { kind, pattern } }) => `${kind} ${pattern}`)
}

const allowed = 'upstream: app, allow: [10.0.0.1]'

describe('guardedLocations', () => {
  test('an exact path also matches its path parameters', () => {
    expect(matchesOf(`{ match: "= /a", ${allowed} }, { match: /, upstream: app }`)).toEqual([
      '^~ /a;',
      '= /a',
      'prefix /',
    ])
  })

  test('public paths are unchanged', () => {
    const all = '{ match: "= /a", upstream: app }, { match: /b, upstream: app, allow: [all] }'
    expect(matchesOf(all)).toEqual(['= /a', 'prefix /b'])
  })

  test('a prefix is guarded only if parameters could match an expression', () => {
    expect(matchesOf(`{ match: /a/, ${allowed} }`)).toEqual(['prefix /a/'])
    const [first = ''] = matchesOf(
      String.raw`{ match: /a/, ${allowed} }, { match: /a/b/, upstream: app }, { match: '~ \.png$', upstream: app }`,
    )
    const expression = new RegExp(first.replace('~ ', ''))
    expect(expression.test('/a/x;.png')).toBe(true)
    expect(expression.test('/a/b/x;.png')).toBe(false)
    expect(expression.test('/a/x.png')).toBe(false)
  })

  test.each([
    [
      String.raw`\.adm$`,
      ['/x.adm;a', '/x.adm;', '/x.adm;a.png', '/y.adm;a'],
      ['/x.adm', '/x.admin;a', '/x;a.adm.b'],
    ],
    [String.raw`[$]\$$`, ['/$$;a'], ['/$$', '/$a;a']],
    ['^/(a|b$)', ['/a;x', '/b;x', '/ac;x'], ['/bc;x', '/x;/a']],
  ])('the expression %s ends before parameters', (expression, yes, no) => {
    const [first = ''] = matchesOf(`{ match: '~ ${expression}', ${allowed} }`)
    const found = new RegExp(first.replace('~ ', ''))
    for (const path of yes) expect([path, found.test(path)]).toEqual([path, true])
    for (const path of no) expect([path, found.test(path)]).toEqual([path, false])
  })
})

test('names that bypass a location, decoded and as they are sent', () => {
  const hidden = ['/a/..;/b', '/;/b', '/.;/b', '/..;a=b/c', '/a/.', '/a/..', '/../b', '/a/;']
  const others = ['/a', '/a..', '/..a/b', '/a;b', '/.a', '/a/...', '/a;..', '/']
  for (const path of hidden) {
    expect([path, new RegExp(hiddenSegments).test(path)]).toEqual([path, true])
    expect([path, new RegExp(hiddenSegmentsRaw, 'i').test(path)]).toEqual([path, true])
  }
  for (const path of others) {
    expect([path, new RegExp(hiddenSegments).test(path)]).toEqual([path, false])
    expect([path, new RegExp(hiddenSegmentsRaw, 'i').test(`${path}?a=/../b;/`)]).toEqual([
      path,
      false,
    ])
  }
  for (const path of ['/%2e%2E;/a', '/a/%2e', '/a/.%3b', '/a%2F..%2fb'])
    expect([path, new RegExp(hiddenSegmentsRaw, 'i').test(path)]).toEqual([path, true])
  expect(new RegExp(innerParametersRaw).test('/a;b/c')).toBe(true)
  expect(new RegExp(innerParametersRaw).test('/a;b?c/d')).toBe(false)
  expect(new RegExp(innerParametersRaw).test('/a?b;c/d')).toBe(false)
})

test('the header names that CGI reads as one', () => {
  const twins = new RegExp(`^${headerAliases('X-Forwarded-For')}$`, 'i')
  for (const name of ['X_Forwarded_For', 'x-forwarded_for', 'X_FORWARDED-FOR', 'X.Forwarded.For'])
    expect([name, twins.test(name)]).toEqual([name, true])
  for (const name of ['X-Forwarded-For', 'X-Forwarded-Fo', 'XX_Forwarded_For', 'XForwardedFor'])
    expect([name, twins.test(name)]).toEqual([name, false])
  // A header that is written with an underscore is itself, and one with a hyphen another.
  const own = new RegExp(`^${headerAliases('My_User')}$`, 'i')
  expect(['My_User', 'My-User', 'my.user'].map((name) => own.test(name))).toEqual([
    false,
    true,
    true,
  ])
  expect(headerAliases('Forwarded')).toBeNull()
})
