import { describe, expect, test } from 'vitest'
import {
  cookiePaths,
  type Replacement,
  redirectPaths,
  requestedPrefix,
  setCookies,
} from '../../../src/core/dialects/path-mapping.ts'
import { pathAtServers, pathInBrowser } from '../../../src/core/model/path-mapping.ts'
import { compileText } from '../../support/compile.ts'

const toFolder = { from: '/shop/', to: '/internal/' }
const fromRoot = { from: '/', to: '/internal/' }
const toRoot = { from: '/shop/', to: '/' }
/** Each path contains the other one. */
const longer = { from: '/a/b/', to: '/a/' }
const shorter = { from: '/a/', to: '/a/b/' }

const applied = (replacements: readonly Replacement[], text: string): string =>
  replacements.reduce(
    (result, { expression, prefix }) =>
      result.replace(new RegExp(`^${expression}$`), (_, group: string = '') => `${prefix}${group}`),
    text,
  )

describe('redirectPaths', () => {
  test.each([
    [toFolder, '/internal/x?y=/internal/#z', '/shop/x?y=/internal/#z'],
    [toFolder, '/internal?x', '/shop?x'],
    [toFolder, '/internals', '/internals'],
    [fromRoot, '/internal?x', '/?x'],
    [fromRoot, '/internal/internal', '/internal'],
    [fromRoot, '/internal//host/x', '/host/x'],
    [fromRoot, '/internal/\\/host', '/host'],
    [toRoot, '/', '/shop/'],
    [toRoot, '/?x', '/shop/?x'],
    [toRoot, '//host/x', '//host/x'],
    [longer, '/a', '/a/b'],
    [longer, '/a/b/x', '/a/b/b/x'],
    [shorter, '/a/b/b/x', '/a/b/x'],
  ])('%j: %s becomes %s', (mapping, path, expected) => {
    expect(applied(redirectPaths(mapping), path)).toBe(expected)
  })
})

test.each([
  [toFolder, '/internal', '/shop'],
  [toFolder, '/internal/', '/shop/'],
  [toFolder, '/internals', '/internals'],
  [fromRoot, '/internal', '/'],
  [fromRoot, '/internal/x', '/x'],
  [toRoot, '/', '/shop/'],
  [toRoot, '/x', '/shop/x'],
  [longer, '/a', '/a/b'],
])('cookiePaths, %j: %s becomes %s', (mapping, path, expected) => {
  expect(applied(cookiePaths(mapping), path)).toBe(expected)
})

test('setCookies finds the path among the attributes of other cookies than its own', () => {
  const [replacement] = setCookies(toFolder, 'SRV')
  // JavaScript has no (?i:…) before Node 23.
  const expression = new RegExp((replacement?.expression ?? '').replace('(?i:path)', '[Pp]ath'))
  expect('SID=/internal; path=/internal; HttpOnly').toMatch(expression)
  expect('SID=1; Max-Age=1;Path = /internal/x').toMatch(expression)
  expect('SID=1; Domain=x').not.toMatch(expression)
  expect('SRV=1; path=/internal').not.toMatch(expression)
})

test('requestedPrefix matches every way to write the prefix', () => {
  const expression = new RegExp(requestedPrefix({ from: '/a.b/~/', to: '/' }))
  for (const path of ['/a.b/~/x', '//a.b//~/', '/%61%2eb/%7E%2f', '%2Fa%2Eb%2f~%2F'])
    expect(path).toMatch(expression)
  for (const path of ['/axb/~/', '/a.b/~', '/x/a.b/~/']) expect(path).not.toMatch(expression)
})

test.each([
  [toFolder, '/shop/x', '/internal/x'],
  [fromRoot, '/x', '/internal/x'],
  [toRoot, '/shop/', '/'],
])('pathInBrowser is the reverse of pathAtServers: %j', (mapping, browser, server) => {
  expect(pathAtServers(mapping, browser)).toBe(server)
  expect(pathInBrowser(mapping, server)).toBe(browser)
  expect(pathInBrowser(mapping, '/elsewhere')).toBe(
    mapping === toRoot ? '/shop/elsewhere' : '/elsewhere',
  )
})

const problemsOf = (location: string, upstream = ''): readonly string[] =>
  compileText(`version: 1
name: shop
targets: { httpd: { version: "2.4" } }
frontends: { web: { listen: [80], locations: [{ ${location} }] } }
upstreams: { app: { servers: { a: "10.0.0.1:80" } ${upstream} } }
`)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message)

test.each([
  'match: /shop/, upstream: app, upstreamPath: /internal/',
  'match: ^~ /shop/, upstream: app, upstreamPath: /',
  'match: /, upstream: app, upstreamPath: /a.b/~c/',
  'match: /same/, upstream: app, upstreamPath: /same/',
])('permits %s', (location) => {
  expect(problemsOf(location)).toEqual([])
})

test.each([
  ['match: /shop, upstream: app, upstreamPath: /internal/', 'found match "/shop"'],
  ['match: = /shop/, upstream: app, upstreamPath: /internal/', 'starts and ends with'],
  ["match: '~ ^/shop/', upstream: app, upstreamPath: /internal/", 'starts and ends with'],
  ['match: /caf\u00e9/, upstream: app, upstreamPath: /internal/', 'starts and ends with'],
  ['match: /shop/, upstream: app, upstreamPath: /internal', 'must be a path that'],
  ['match: /shop/, upstream: app, upstreamPath: /a/../b/', 'must be a path that'],
  ['match: /shop/, upstream: app, upstreamPath: /$1/', 'must be a path that'],
  ['match: /shop/, redirect: { to: / }, upstreamPath: /x/', 'is not proxied'],
])('refuses %s', (location, reason) => {
  expect(problemsOf(location).join()).toContain(reason)
})

test('refuses protocols that send the path as the name of a script', () => {
  const location = 'match: /shop/, upstream: app, upstreamPath: /x/'
  expect(problemsOf(location, ', protocol: uwsgi').join()).toContain('protocol: uwsgi')
})
