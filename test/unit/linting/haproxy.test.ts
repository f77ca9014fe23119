import { describe, expect, test } from 'vitest'
import type { FileKind } from '../../../src/core/linting/files/kind.ts'
import { kindOf } from '../../../src/core/linting/files/kind.ts'
import { lintFiles } from '../../../src/core/linting/files/lint.ts'

type Kind = Exclude<FileKind, 'spec'>

/** `code FILE:LINE`, of files by their names. */
const lint = (files: Readonly<Record<string, readonly [kind: Kind, text: string]>>) =>
  lintFiles(
    Object.entries(files).map(([file, [kind, text]]) => ({
      ...{ path: `/etc/${file}`, file, kind, isIncluded: false },
      bytes: new TextEncoder().encode(text),
    })),
    { nginxVersion: null },
  ).map(({ code, location: { file, line } }) => `${code} ${file}:${line}`)

const lintHaproxy = (text: string): readonly string[] =>
  lint({ 'haproxy.cfg': ['haproxy', text] }).map((each) => each.replace('haproxy.cfg:', ''))

/** A file as people write it, without a mistake. */
const whole = `global
    maxconn 4096

defaults
    mode http
    timeout connect 5s
    cookie SRV insert indirect nocache

frontend www
    bind :80
    acl is_api path_beg /api
    use_backend api if is_api
    default_backend shop

backend shop
    balance leastconn
    server a 10.0.0.1:8080 check cookie a
    server b 10.0.0.2:8080 check cookie b
    server spare 10.0.0.9:8080 backup

backend api
    server x 10.0.1.1:80
    server y 10.0.1.2:80

listen mail
    mode tcp
    bind :25
    balance source
    server m 10.0.2.1:25 cookie m
    server n 10.0.2.2:25
`

test('a file without a mistake has no finding', () => {
  expect(lintHaproxy(whole)).toEqual([])
})

describe('a mistake that is planted in it is found at its line:', () => {
  test.each([
    [
      'cookie of defaults, without a cookie on one server',
      [' check cookie b', ' check'],
      ['route-missing 18'],
    ],
    [
      'cookie of defaults, without a cookie on any server',
      [/ check cookie \w/g, ' check'],
      ['route-missing 7'],
    ],
    [
      'cookies of servers, without "cookie" in defaults or in the backend',
      ['    cookie SRV insert indirect nocache\n', ''],
      ['route-unused 16'],
    ],
    ['two servers with one cookie', ['cookie b', 'cookie a'], ['route-repeated 18']],
    [
      'cookie of defaults with the name of the session cookie',
      ['cookie SRV', 'cookie JSESSIONID'],
      ['affinity-cookie-known 7'],
    ],
    [
      'cookie of the backend with the name of the session cookie',
      [
        / {4}cookie SRV insert indirect nocache\n([\s\S]*)balance leastconn/,
        '$1cookie PHPSESSID insert',
      ],
      ['affinity-cookie-known 15'],
    ],
    [
      'balance source behind a CDN',
      [/path_beg \/api([\s\S]*)leastconn/, 'hdr(CF-Connecting-IP) -m found$1source'],
      ['ip-hash-shared-address 16'],
    ],
    [
      'balance source of defaults behind a CDN',
      [
        /(\n {4}timeout[\s\S]*)path_beg \/api([\s\S]*) {4}balance leastconn\n/,
        '\n    balance source$1hdr(CF-Connecting-IP) -m found$2',
      ],
      ['ip-hash-shared-address 6'],
    ],
    [
      'stick on src behind a load balancer',
      [
        /path_beg \/api([\s\S]*)balance leastconn/,
        'req.hdr(X-Forwarded-Proto) https$1stick-table type ip size 1m expire 1h\n    stick on src',
      ],
      ['ip-hash-shared-address 17'],
    ],
    [
      'a hash of the session cookie',
      [
        / {4}cookie SRV insert indirect nocache\n([\s\S]*)leastconn([\s\S]*) cookie a([\s\S]*) cookie b/,
        '$1hash req.cook(PHPSESSID)$2$3',
      ],
      ['affinity-key-issued 15'],
    ],
    [
      'two methods',
      ['balance leastconn', 'balance source\n    balance leastconn'],
      ['balance-twice 16'],
    ],
    [
      'retries of defaults after an answer was awaited',
      ['    timeout connect', '    retry-on all-retryable-errors\n    timeout connect'],
      ['next-upstream-repeats 6'],
    ],
    ['a quote that is not closed', ['path_beg /api', 'path_beg "/api'], ['file-syntax 11']],
    ['a line before the first section', [/^/, 'maxconn 10\n'], ['file-syntax 1']],
  ] as const)('%s', (_, [from, to], expected) => {
    const planted = whole.replace(from, to)
    expect(planted).not.toBe(whole)
    expect(lintHaproxy(planted)).toEqual(expected)
    const crlf = planted.replaceAll('\n', '\r\n')
    expect(lintHaproxy(crlf)).toEqual(expected)
  })
})

describe('no finding where the mistake is not certain:', () => {
  const lacking = whole.replace(' check cookie b', ' check')
  const behind = whole.replace('path_beg /api', 'hdr(CF-Connecting-IP) -m found')
  test.each([
    ['computed cookies', lacking.replace('indirect nocache', 'dynamic')],
    [
      'a cookie of default-server',
      lacking.replace('leastconn', 'leastconn\n default-server cookie z'),
    ],
    ['mode tcp in defaults', lacking.replace('mode http', 'mode tcp')],
    [
      'a server in a conditional block',
      lacking.replace(/( {4}server b.*\n)/, '.if defined(B)\n$1.endif\n'),
    ],
    [
      'retries before the request was sent',
      whole.replace('    timeout', '    retry-on conn-failure 0rtt-rejected\n$&'),
    ],
    [
      'a session cookie that is read besides a cookie of HAProxy',
      whole.replace(
        'leastconn',
        'leastconn\n stick-table type string size 1m\n stick on req.cook(JSESSIONID)',
      ),
    ],
    ['a server of a template', lacking.replace('10.0.0.2', '{{ address }}')],
    [
      'the address of the client, from the proxy in front',
      behind.replace('leastconn', 'source').replace(':80\n', ':80 accept-proxy\n'),
    ],
  ])('%s', (_, text) => {
    expect(lintHaproxy(text)).toEqual([])
  })

  test('a fragment, whose defaults are in another file', () => {
    const fragment = whole.slice(
      whole.indexOf('\nbackend shop') + 1,
      whole.indexOf('\nbackend api'),
    )
    expect(lintHaproxy(fragment)).toEqual([])
    const files = (cookie: string) => ({
      'haproxy.cfg': ['haproxy', `defaults\n    mode http\n${cookie}`] as const,
      'conf.d/shop.cfg': ['haproxy', fragment] as const,
    })
    expect(lint(files('    cookie SRV insert\n'))).toEqual([])
    expect(lint(files(''))).toEqual(['route-unused conf.d/shop.cfg:3'])
  })
})

test('a comment in the file hides a finding, and is reported where nothing is hidden', () => {
  const planted = whole.replace(' check cookie b', ' check')
  const with_ = (code: string): string =>
    planted.replace(
      '    server b',
      `    # sessctl: ignore ${code} it has no sessions\n    server b`,
    )
  expect(lintHaproxy(with_('route-missing'))).toEqual([])
  expect(lintHaproxy(with_('route-repeated'))).toEqual(['spec-ignore 18', 'route-missing 19'])
})

describe('the jvmRoute of a Tomcat is compared with the routes of use-server:', () => {
  const tomcat = (route: string) =>
    [
      'tomcat',
      `<Server><Service><Engine name="Catalina" jvmRoute="${route}"/></Service></Server>\n`,
    ] as const
  const backend = (...lines: readonly string[]) =>
    [
      'haproxy',
      `backend shop\n${lines.map((line) => `    ${line}\n`).join('')}    server t1 10.0.0.1:80\n    server t2 10.0.0.2:80\n`,
    ] as const

  test.each([
    ['in a condition', ['use-server t1 if { req.cook(JSESSIONID) -m end .t1 }']],
    ['in an acl', ['acl to_t1 cook_end(JSESSIONID) -i .t1', 'use-server t1 if to_t1']],
    ['as an expression', ['use-server t1 if { cook_reg(JSESSIONID) \\.t1$ }']],
    ['as a sample', ['use-server %[var(txn.route)] if { var(txn.route) -m found }']],
  ])('%s', (_, lines) => {
    const of = (route: string) =>
      lint({ 'haproxy.cfg': backend(...lines), 'server.xml': tomcat(route) })
    expect(of('t1')).toEqual([])
    expect(of('T1')).toEqual(['route-unmatched server.xml:1'])
  })

  test('not with the cookies of the servers, which are HAProxy’s own', () => {
    const haproxy = [
      'haproxy',
      'backend shop\n cookie SRV insert\n server a 10.0.0.1:80 cookie a\n server b 10.0.0.2:80 cookie b\n',
    ] as const
    expect(lint({ 'haproxy.cfg': haproxy, 'server.xml': tomcat('t1') })).toEqual([])
  })
})

test('templates of HAProxy files are known by their lines and names', () => {
  const servers = 'backend <%= @title %>_backend\n  balance source\n'
  expect(kindOf('service.erb', servers)).toBe('haproxy')
  expect(kindOf('x.j2', 'backend a\n  server {{ name }} {{ address }}\n')).toBe('haproxy')
  expect(kindOf('x.j2', 'server {\n  listen {{ port }};\n}\n')).toBe('nginx')
  expect(kindOf('shop.cfg.erb', '<% x %>\n')).toBe('haproxy')
})
