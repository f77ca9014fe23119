import { describe, expect, test } from 'vitest'
import { imported, nginx } from './support.ts'

const upstreamOf = (spec: unknown): unknown =>
  typeof spec === 'object' && spec !== null && 'upstreams' in spec
    ? Object.values(spec.upstreams ?? {})[0]
    : null

const block = (lines: string): string =>
  `http {\n  upstream shop {\n    ${lines}\n  }\n  server { location / { proxy_pass http://shop; } }\n}\n`

describe('affinity and method', () => {
  test.each([
    ['ip_hash; server a:1;', { affinity: { method: 'ip_hash' } }],
    [
      'hash $request_uri consistent; server a:1;',
      { affinity: { method: 'hash', key: '$request_uri', consistent: true } },
    ],
    ['least_conn; server a:1;', { balance: 'least_conn' }],
    ['random two least_conn; server a:1;', { balance: 'random' }],
    [
      'server a:1 srun_id=x; jvm_route $cookie_JSESSIONID|sessionid reverse strict;',
      {
        affinity: {
          method: 'jvm_route',
          cookie: 'JSESSIONID',
          url: 'sessionid',
          onFailure: 'strict',
        },
      },
    ],
    [
      'server a:1 route=x; sticky cookie srv expires=1h domain=.example.com path=/ httponly;',
      {
        affinity: {
          method: 'sticky',
          by: 'cookie',
          cookie: 'srv',
          expires: '1h',
          domain: '.example.com',
          httpOnly: true,
        },
      },
    ],
    [
      'server a:1 route=x; sticky route $cookie_r $arg_r;',
      { affinity: { method: 'sticky', by: 'route', from: ['$cookie_r', '$arg_r'] } },
    ],
    [
      'sticky name=srv expires=30m; server a:1;',
      { affinity: { method: 'sticky', by: 'cookie', cookie: 'srv', expires: '30m' } },
    ],
  ])('%s', (lines, expected) => {
    const { reports, spec } = imported([nginx(block(lines))])
    expect(reports).toEqual([])
    expect(upstreamOf(spec)).toMatchObject(expected)
  })
})

test('servers keep their weight, their state and their limits; the rest stays in the file', () => {
  const { reports, spec } = imported([
    nginx(
      block(
        'server 10.0.0.1 weight=3 max_fails=2 fail_timeout=15s; server 10.0.0.2:81 down slow_start=9s; server unix:/run/app.sock backup;',
      ),
    ),
  ])
  expect(reports).toEqual([])
  expect(upstreamOf(spec)).toEqual({
    servers: {
      '10.0.0.1': { address: '10.0.0.1:80', weight: 3, maxFails: 2, failTimeout: '15s' },
      '10.0.0.2': { address: '10.0.0.2:81', state: 'down' },
      'app-sock': { address: 'unix:/run/app.sock', state: 'backup' },
    },
  })
})

test('servers of one host are told apart by their ports, and one server has one name', () => {
  const { spec } = imported([
    nginx(
      'upstream a { server h:1; server h:2; } upstream b { server h:2; server other.example.com:2; }',
    ),
  ])
  expect(spec).toMatchObject({
    upstreams: {
      a: { servers: { 'h-1': 'h:1', 'h-2': 'h:2' } },
      b: { servers: { 'h-2': 'h:2', 'other.example.com': 'other.example.com:2' } },
    },
  })
})

test('an upstream that the spec cannot describe is left out, with its line', () => {
  const { reports, spec } = imported([
    nginx(
      'upstream good { server a:1; }\nupstream broken {\n  server {{ host }}:8080;\n}\nupstream good2 { server b:1; }\n',
    ),
  ])
  expect(Object.keys((spec as { upstreams: object }).upstreams)).toEqual(['good', 'good2'])
  expect(reports).toEqual([
    expect.stringMatching(
      /^nginx\.conf:[23] import-left-out: upstream "broken" is not in the spec: /,
    ),
  ])
})

test.each([
  [
    'server { location / { proxy_pass http://10.0.0.1:8080; } }',
    'nginx.conf:1 import-left-out: requests are passed to http://10.0.0.1:8080, which is not an upstream',
  ],
  ['gzip on;', 'nginx.conf:1 import-left-out: there are no upstreams in the spec'],
  [
    '\nupstream a { server {{ x }}; }',
    'nginx.conf:2 import-left-out: upstream "a" is not in the spec: "{{ x }}" is written by a template',
  ],
])('a file without an upstream that a spec can have is only named: %s', (text, report) => {
  const { reports, spec, text: written } = imported([nginx(text)])
  expect(spec).toMatchObject({ targets: { nginx: { base: 'nginx.conf' } }, upstreams: {} })
  expect(reports).toEqual([expect.stringContaining(report)])
  expect(written).toMatch(
    /# (?:No upstreams|Not in the spec|Without "a") \(nginx\.conf, line [12]\): /,
  )
})

describe('requests that are passed to an address', () => {
  const helpOf = (location: string) =>
    imported([nginx(`server {\n  location / { ${location} }\n}\n`)]).helps

  test.each([
    [
      'proxy_pass http://10.0.0.1:3000;',
      'write "upstream app { server 10.0.0.1:3000; }" before the server block and "proxy_pass http://app;" here with "proxy_set_header Host 10.0.0.1:3000;", as nginx sends it now, and import the file again',
    ],
    [
      'proxy_set_header Host $host; proxy_pass https://Api.internal/v1/;',
      'write "upstream api { server Api.internal:443; }" before the server block and "proxy_pass https://api/v1/;" here, and import the file again',
    ],
    [
      'proxy_pass http://unix:/run/app.sock:/x;',
      'write "upstream app { server unix:/run/app.sock; }" before the server block and "proxy_pass http://app/x;" here, and import the file again',
    ],
    [
      'fastcgi_pass unix:/run/php/php-fpm.sock;',
      'write "upstream app { server unix:/run/php/php-fpm.sock; }" before the server block and "fastcgi_pass app;" here, and import the file again',
    ],
  ])('%s', (location, help) => {
    expect(helpOf(location)).toEqual([help])
  })

  test('what the help says can be imported', () => {
    const [help = ''] = helpOf('proxy_pass http://10.0.0.1:3000;')
    const [, block = '', pass = '', header = ''] =
      /"(upstream .*?)" .*?"(proxy_pass .*?)" .*?"(proxy_set_header .*?)"/.exec(help ?? '') ?? []
    const { reports, spec } = imported([
      nginx(`${block}\nserver { location / { ${header} ${pass} } }\n`),
    ])
    expect(reports).toEqual([])
    expect(upstreamOf(spec)).toMatchObject({ servers: { '10.0.0.1': '10.0.0.1:3000' } })
  })

  test('are reported next to upstreams, each address once; variables are not', () => {
    const text = `upstream shop { server a:1; }
server {
  location / { proxy_pass http://shop; }
  location /a { proxy_pass http://10.0.0.1; }
  location /b { proxy_pass http://10.0.0.1/b; }
  location /c { proxy_pass http://$name; }
}
`
    const { reports, spec } = imported([nginx(text)])
    expect(reports).toEqual([
      'nginx.conf:4 import-left-out: requests are passed to http://10.0.0.1, which is not an upstream',
    ])
    const three = text
      .replace('$name', '10.0.0.2')
      .replace('a:1;', 'a:1; } upstream app { server b:1;')
    const names = imported([nginx(three)]).helps.map((help) => help?.match(/upstream \S+/)?.[0])
    expect(names).toEqual(['upstream app-2', 'upstream app-3'])
    expect(upstreamOf(spec)).toMatchObject({ servers: { a: 'a:1' } })
  })
})

test('a file with a mistake is refused at its line', () => {
  const { reports, spec } = imported([nginx('http {\n  upstream a { server b:1;\n')])
  expect(spec).toBeNull()
  expect(reports[0]).toContain('nginx.conf:3 nginx-base-invalid')
})

test('upstreams of included files are imported, and the main file is the base', () => {
  const { reports, spec } = imported([
    nginx('events {}\nhttp { include sites/*; }\n', {
      'sites/shop.conf': 'upstream shop { server a:1; }\r\n',
    }),
  ])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    targets: { nginx: { base: 'nginx.conf' } },
    upstreams: { shop: { servers: { a: 'a:1' } } },
  })
})

describe('the version', () => {
  const sticky = block('server a:1 route=x; sticky cookie srv;')
  test('is that of this host', () => {
    const host = { flavor: 'nginx', version: '1.30.6', modules: ['vts'] } as const
    const { spec, text } = imported([nginx(sticky)], { nginx: host })
    expect(spec).toMatchObject({ targets: { nginx: { version: '1.30.6', modules: ['vts'] } } })
    expect(text).toContain('version: 1.30.6 # of the nginx on this host')
  })
  test('is asked for where the nginx of this host cannot read the file', () => {
    const host = { flavor: 'nginx', version: '1.22.1', modules: [] } as const
    const { spec, text } = imported([nginx(sticky)], { nginx: host })
    expect(spec).not.toMatchObject({ targets: { nginx: { version: '1.22.1' } } })
    expect(text).toContain('# TODO: the release that "nginx -V" prints where this file is used')
  })
})

test('the name of the cluster is that of the first upstream', () => {
  const text = 'upstream Shop_API { server a:1; }'
  expect(imported([nginx(text)]).spec).toMatchObject({ name: 'shop-api' })
  expect(imported([nginx(text)], { name: 'x' }).spec).toMatchObject({ name: 'x' })
})

test('a value from a file never ends its comment or its line', () => {
  const { text, reports } = imported([
    nginx('upstream a { server b:1; fair; }\nupstream "c\n  evil: true" { server d:1; }\n'),
  ])
  expect(text).not.toMatch(/^\s*evil: true/m)
  expect(reports).toHaveLength(1)
})
