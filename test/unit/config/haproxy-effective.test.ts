import { describe, expect, test } from 'vitest'
import { readHaproxyConfig } from '../../../src/core/config/haproxy/config.ts'
import {
  type HaproxyDefaults,
  type HaproxyProxy,
  haproxyProxies,
  haproxySettings,
} from '../../../src/core/config/haproxy/effective.ts'

const proxiesOf = (...texts: readonly string[]): readonly HaproxyProxy[] =>
  haproxyProxies(
    texts.map((text, index) => ({ path: `${index + 1}.cfg`, config: readHaproxyConfig(text) })),
  )

/** `PATH:LINE SECTION: words` */
const settingsOf = (proxy: HaproxyProxy | undefined): readonly string[] =>
  (proxy === undefined ? [] : haproxySettings(proxy)).map(
    ({ args, isCertain, isOff, name, path, section, statement }) =>
      `${path}:${statement.line} ${section.name ?? section.keyword}: ${isOff ? 'no ' : ''}${[name, ...args].join(' ')}${isCertain ? '' : ' ?'}`,
  )

const chainOf = (defaults: HaproxyDefaults | null): readonly (string | null)[] =>
  defaults === null ? [] : [defaults.section.name, ...chainOf(defaults.defaults)]

const named = (proxies: readonly HaproxyProxy[], name: string): HaproxyProxy | undefined =>
  proxies.find(({ section }) => section.name === name)

const shop = `global
    maxconn 4000
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
    balance source
    option http-server-close
    option redispatch
    maxconn 2000
    errorfile 503 /etc/haproxy/503.http
    log global
frontend www
    bind :80
    timeout client 1m
    no option http-server-close
    log 10.0.0.9:514 local0
    default_backend app
backend app
    balance leastconn
    option http-keep-alive
    no option redispatch
    errorloc 503 /sorry
    cookie SRV insert
    default-server check
    server a 10.0.0.1:80 cookie a
    server b 10.0.0.2:80 cookie b
`

describe('what applies to a proxy', () => {
  const proxies = proxiesOf(shop)

  test('of a frontend, without the settings of backends', () => {
    expect(settingsOf(named(proxies, 'www'))).toEqual([
      '1.cfg:4 defaults: mode http',
      '1.cfg:11 defaults: maxconn 2000',
      '1.cfg:12 defaults: errorfile 503 /etc/haproxy/503.http',
      '1.cfg:13 defaults: log global',
      '1.cfg:15 www: bind :80',
      '1.cfg:16 www: timeout client 1m',
      '1.cfg:17 www: no option http-server-close',
      '1.cfg:18 www: log 10.0.0.9:514 local0',
      '1.cfg:19 www: default_backend app',
    ])
  })

  test('of a backend, without the settings of frontends', () => {
    expect(settingsOf(named(proxies, 'app'))).toEqual([
      '1.cfg:4 defaults: mode http',
      '1.cfg:5 defaults: timeout connect 5s',
      '1.cfg:7 defaults: timeout server 30s',
      '1.cfg:13 defaults: log global',
      '1.cfg:21 app: balance leastconn',
      '1.cfg:22 app: option http-keep-alive',
      '1.cfg:23 app: no option redispatch',
      '1.cfg:24 app: errorloc 503 /sorry',
      '1.cfg:25 app: cookie SRV insert',
      '1.cfg:26 app: default-server check',
      '1.cfg:27 app: server a 10.0.0.1:80 cookie a',
      '1.cfg:28 app: server b 10.0.0.2:80 cookie b',
    ])
  })

  test('of a listen section, those of both', () => {
    const [all] = proxiesOf('defaults\n balance source\n timeout client 1s\nlisten all\n bind :1\n')
    expect(settingsOf(all).length).toBe(3)
  })
})

describe('defaults', () => {
  const proxies = proxiesOf(
    'defaults base\n mode http\n retries 2\ndefaults quick from base\n retries 1\nbackend a from base\n',
    'backend b\nbackend c from base\ndefaults\nbackend d\nbackend e from none\ndefaults f from none\n mode tcp\nbackend g\n',
  )

  test('are the last ones before a section, also those of an earlier file, or those that it names', () => {
    const inherited = proxies.map(({ defaults, missing, section }) => [
      section.name,
      chainOf(defaults),
      missing,
    ])
    expect(inherited).toEqual([
      ['a', ['base'], null],
      ['b', ['quick', 'base'], null],
      ['c', ['base'], null],
      ['d', [null], null],
      ['e', [], 'none'],
      ['g', ['f'], null],
    ])
  })

  test('override those that they inherit from', () => {
    expect(settingsOf(named(proxies, 'b'))).toEqual([
      '1.cfg:2 base: mode http',
      '1.cfg:5 quick: retries 1',
    ])
  })

  test('a name that is used again means the section before', () => {
    const [, second] = proxiesOf(
      'defaults x\n retries 1\nbackend a from x\ndefaults x\n retries 2\nbackend b from x\n',
    )
    expect(settingsOf(second)).toEqual(['1.cfg:5 x: retries 2'])
  })
})

test.each<[string, string, readonly string[]]>([
  [
    'rules of defaults come before those of the proxy',
    'defaults x\n http-request deny\nbackend a from x\n http-request allow\n',
    ['1.cfg:2 x: http-request deny', '1.cfg:4 a: http-request allow'],
  ],
  [
    'a proxy with checks of its own does not inherit those of defaults',
    'defaults\n option httpchk\n http-check send uri /x\nbackend a\n http-check expect status 200\n http-check expect string ok\n',
    [
      '1.cfg:2 defaults: option httpchk',
      '1.cfg:5 a: http-check expect status 200',
      '1.cfg:6 a: http-check expect string ok',
    ],
  ],
  [
    'one kind of health check replaces another one',
    'defaults\n option httpchk\nbackend a\n option tcp-check\n tcp-check connect\n',
    ['1.cfg:4 a: option tcp-check', '1.cfg:5 a: tcp-check connect'],
  ],
  [
    'one connection mode replaces another one, and "no" removes the one that it names',
    'defaults\n option httpclose\nbackend a\n no option http-server-close\n',
    ['1.cfg:2 defaults: option httpclose', '1.cfg:4 a: no option http-server-close'],
  ],
  [
    '"default" removes what was inherited',
    'defaults\n no option redispatch\nbackend a\n default option redispatch\n',
    [],
  ],
  [
    '"no log" removes all logs',
    'defaults\n log global\n log 1.1.1.1 local0\nbackend a\n no log\n',
    [],
  ],
  [
    'the last of two lines applies',
    'backend a\n balance source\n timeout server 1s\n balance first\n timeout server 2s\n timeout queue 1s\n',
    ['1.cfg:4 a: balance first', '1.cfg:5 a: timeout server 2s', '1.cfg:6 a: timeout queue 1s'],
  ],
  [
    'a line in a conditional block may replace another one, and a later line replaces both',
    'backend a\n balance source\n retries 1\n .if feature(X)\n balance first\n retries 2\n .endif\n retries 3\n',
    ['1.cfg:2 a: balance source', '1.cfg:5 a: balance first ?', '1.cfg:8 a: retries 3'],
  ],
])('%s', (_, text, expected) => {
  const [proxy] = proxiesOf(text)
  expect(settingsOf(proxy)).toEqual(expected)
})
