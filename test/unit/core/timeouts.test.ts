import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const compiled = (target: string, ...timeouts: readonly string[]) =>
  compileText(`version: 1
name: shop
targets: { ${target} }
frontends:
${timeouts.map((each, at) => `  web${at}: { listen: [80], serverNames: [w${at}.example.com], timeouts: { ${each} }, locations: [{ match: /, upstream: app }] }`).join('\n')}
upstreams: { app: { check: {}, servers: { a: "10.0.0.1:8080" } } }
`)

const linesOf = (target: string, ...timeouts: readonly string[]): readonly string[] =>
  compiled(target, ...timeouts)
    .artifacts.flatMap(({ text }) => text.split('\n'))
    .map((line) => line.trim())
    .filter((line) =>
      /^(timeout (client|http-request|server-fin)|client_|Timeout|RequestRead)/.test(line),
    )

/** After those of `defaults`. */
const haproxyLines = (...timeouts: readonly string[]): readonly string[] =>
  linesOf('haproxy: { version: "3.0" }', ...timeouts).slice(2)

const toldOf = (target: string, timeouts: string): readonly string[] =>
  compiled(target, timeouts).diagnostics.flatMap(({ code }) =>
    code.startsWith('field-') ? [code] : [],
  )

const nginx = 'nginx: { version: "1.26.3" }'
const httpd = 'httpd: { version: "2.4" }'

test('headers has a time of its own in all proxies', () => {
  expect(linesOf(nginx, 'headers: 5s')).toEqual(['client_header_timeout 5s;'])
  expect(linesOf(nginx, 'headers: 5s, client: 20s')).toEqual([
    'client_header_timeout 5s;',
    'client_body_timeout 20s;',
  ])
  expect(haproxyLines('headers: 5s')).toEqual(['timeout http-request 5s'])
  expect(haproxyLines('headers: 5s, client: 20s')).toEqual([
    'timeout client 20s',
    'timeout http-request 5s',
  ])
  expect(linesOf(httpd, 'headers: 5s')).toEqual(['RequestReadTimeout header=5'])
  expect(linesOf(httpd, 'headers: 5s, client: 20s')).toEqual([
    'Timeout 20',
    'RequestReadTimeout header=5 body=20,MinRate=1',
  ])
})

test('without headers, client is the time for the headers, too', () => {
  expect(haproxyLines('client: 20s')).toEqual(['timeout client 20s', 'timeout http-request 20s'])
  expect(linesOf(nginx, 'client: 20s')[0]).toBe('client_header_timeout 20s;')
})

test('frontends on one address of HAProxy have the longest time for headers', () => {
  expect(haproxyLines('headers: 5s', 'headers: 15s')).toEqual(['timeout http-request 15s'])
  const { diagnostics } = compiled('haproxy: { version: "3.0" }', 'headers: 5s', 'headers: 15s')
  expect(diagnostics.map(({ code, location }) => [code, location.path])).toContainEqual([
    'field-not-followed',
    'frontends.web0.timeouts.headers',
  ])
})

test('closing is for both sides of HAProxy, and has no effect elsewhere', () => {
  expect(haproxyLines('closing: 2s')).toEqual(['timeout client-fin 2s', 'timeout server-fin 2s'])
  expect(toldOf('haproxy: { version: "2.6" }', 'closing: 2s')).toEqual([])
  expect(toldOf('haproxy: { version: "3.0" }', 'closing: 2s')).toEqual(['field-not-followed'])
  for (const target of [nginx, httpd]) {
    const { diagnostics } = compiled(target, 'closing: 2s')
    expect(diagnostics.map(({ code, location }) => [code, location.path])).toContainEqual([
      'field-without-effect',
      'frontends.web0.timeouts.closing',
    ])
  }
})
