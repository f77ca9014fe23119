import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { renderUpstream } from './render-upstream.ts'

const stock = { version: '1.26.3' }
const toApp = [{ match: '/', upstream: 'app' }]
/** The lines before the headers in a frontend for all hosts. */
const forAll = [
  '# All hosts. The name is used for requests without a Host header.',
  'server_name web.invalid;',
]
const headerNote = '# Forwarding headers are set by nginx; values sent by the client are discarded.'
const usual = [
  headerNote,
  'proxy_set_header Host $host$port_in_host;',
  'proxy_set_header X-Real-IP $remote_addr;',
  'proxy_set_header X-Forwarded-For $remote_addr;',
  'proxy_set_header X-Forwarded-Proto $scheme;',
  'proxy_set_header X-Forwarded-Port $forwarded_port;',
  'proxy_set_header X-Forwarded-Host "";',
  'proxy_set_header X-Forwarded-Prefix "";',
  'proxy_set_header Forwarded "";',
]
const proxying = ['location / {', 'proxy_pass http://app;', '}']

const server = (frontend: object, upstream: object = {}, target: object = stock) =>
  renderUpstream({ ...target }, { ...upstream }, { ...frontend })
    .inside('server')
    .filter((line) => line !== '')

const codes = (frontend: object) => renderUpstream(stock, {}, { ...frontend }).codes

describe('listeners', () => {
  const key = { certificate: '/etc/ssl/a b.crt', key: '/etc/ssl/a.key' }

  test('are written as listen directives', () => {
    const listen = [80, '*:81', '127.0.0.1:82', '[::1]:83', 'localhost:84', 'unix:/run/n.sock']
    expect(server({ listen })).toEqual([
      'listen 80;',
      'listen 81;',
      'listen 127.0.0.1:82;',
      'listen [::1]:83;',
      'listen localhost:84;',
      'listen unix:/run/n.sock;',
      ...forAll,
      ...usual,
      ...proxying,
    ])
  })

  test('use TLS with one certificate', () => {
    const listen = [80, { address: 443, tls: key }, { address: '[::]:443', tls: key }]
    expect(server({ listen }).slice(0, 8)).toEqual([
      'listen 80;',
      'listen 443 ssl;',
      'listen [::]:443 ssl;',
      ...forAll,
      'ssl_certificate "/etc/ssl/a b.crt";',
      'ssl_certificate_key /etc/ssl/a.key;',
      'ssl_protocols TLSv1.2 TLSv1.3;',
    ])
    expect(server({ listen }, {}, { version: '1.12.2' })).toContain('ssl_protocols TLSv1.2;')
  })

  test.each([
    [[80, 80], ['listener-duplicate']],
    [[80, '0.0.0.0:80'], ['listener-duplicate']],
    [['[::1]:80', '[0:0::1]:80'], ['listener-duplicate']],
    [['[::ffff:10.0.0.1]:80', '[::ffff:a00:1]:80'], ['listener-duplicate']],
    [[80, '[::]:80', '127.0.0.1:80'], []],
    [
      [
        { address: 443, tls: key },
        { address: 444, tls: { ...key, key: '/etc/ssl/b.key' } },
      ],
      ['nginx-certificates'],
    ],
    [[{ address: 443, tls: { ...key, key: '/etc/$ssl/b.key' } }], ['nginx-dollar']],
  ])('%j: %j', (listen, expected) => {
    expect(codes({ listen })).toEqual(expected)
  })
})

describe('several frontends', () => {
  const between = (first: object, second: object) => {
    const spec = {
      version: 1,
      name: 'shop',
      targets: { nginx: stock },
      frontends: { one: { locations: toApp, ...first }, two: { locations: toApp, ...second } },
      upstreams: { app: { servers: { a: '10.0.0.1:80' } } },
    }
    return compileText(JSON.stringify(spec)).diagnostics.map(({ code }) => code)
  }
  const tls = { certificate: '/a.crt', key: '/a.key' }

  test.each([
    [{ listen: [80] }, { listen: [81] }, []],
    [{ listen: [80] }, { listen: ['*:80'] }, ['nginx-server-name-conflict']],
    [{ listen: [80], serverNames: ['a.b'] }, { listen: [80] }, []],
    [
      { listen: [80], serverNames: ['a.b', 'c.d'] },
      { listen: ['0.0.0.0:80'], serverNames: ['A.b', 'e.f'] },
      ['nginx-server-name-conflict'],
    ],
    [
      { listen: [80], serverNames: ['.a.b'] },
      { listen: [80], serverNames: ['a.b', '*.a.b'] },
      ['nginx-server-name-conflict', 'nginx-server-name-conflict'],
    ],
    [
      { listen: [{ address: 443, tls }], serverNames: ['a.b'] },
      { listen: [443], serverNames: ['c.d'] },
      ['nginx-listen'],
    ],
  ])('%j and %j: %j', (first, second, expected) => {
    expect(between(first, second)).toEqual(expected)
  })
})

describe('server names', () => {
  const namesCodes = (...serverNames: string[]) => codes({ serverNames })

  test('are host names, with a wildcard, or expressions', () => {
    const serverNames = ['a.example.com', '*.b.example.com', 'c.*', '.d.example', '~^e{2}$']
    expect(server({ serverNames })[1]).toBe(
      'server_name a.example.com *.b.example.com c.* .d.example "~^e{2}$";',
    )
  })

  test.each([
    ['a b'],
    ['a/b'],
    ['a:80'],
    ['*x.example.com'],
    ['a.*.com'],
    ['*.a.*'],
    ['münchen.example'],
    ['$hostname'],
    ['~'],
    ['~('],
    ['~^(?<host>a)$'],
    ['~^a/b$'],
    ['a..b'],
  ])('"%s" is refused', (name) => {
    expect(namesCodes(name)).toEqual(['nginx-server-name'])
  })

  test.each(['*', '.', '_'])('"%s" is refused as a catch-all', (name) => {
    expect(namesCodes(name)).toEqual(['server-name-catch-all'])
  })

  test('are unique, regardless of case', () => {
    expect(namesCodes('a.example', 'A.example')).toEqual(['nginx-server-name'])
  })

  test('that are long need a larger hash table', () => {
    const long = 'a-name-that-is-longer-than-what-nginx-holds.example'
    const { text } = renderUpstream(stock, {}, { serverNames: [long] })
    expect(text).toContain('\nserver_names_hash_bucket_size 128;\n')
    expect(namesCodes(long)).toEqual(['nginx-hash-size'])
  })
})

describe('the proxied request', () => {
  test('has forwarding headers, which headers of the spec replace', () => {
    const headers = { 'x-forwarded-proto': 'https', 'X-Env': 'a; b' }
    expect(server({ headers }).slice(3, 13)).toEqual([
      ...usual.filter((line) => !line.includes('-Proto')),
      'proxy_set_header X-Env "a; b";',
      'proxy_set_header x-forwarded-proto https;',
    ])
  })

  test('is sent to the next server under the conditions of the upstream', () => {
    const nextUpstream = { on: ['error', 'http_502', 'error'], tries: 2, timeout: '1500ms' }
    expect(renderUpstream(stock, { nextUpstream }).inside('location /')).toEqual([
      'proxy_pass http://app;',
      'proxy_next_upstream error http_502;',
      'proxy_next_upstream_tries 2;',
      'proxy_next_upstream_timeout 1500ms;',
    ])
  })

  test.each([
    ['1.9.12', ['non_idempotent'], ['nginx-next-upstream']],
    ['1.9.13', ['non_idempotent'], []],
    ['1.11.12', ['http_429'], ['nginx-next-upstream']],
    ['1.11.13', ['http_429'], []],
    ['1.26.3', ['error', 'off'], ['nginx-next-upstream']],
    ['1.26.3', ['off'], []],
  ])('nginx %s: on %j: %j', (version, on, expected) => {
    expect(renderUpstream({ version }, { nextUpstream: { on } }).codes).toEqual(expected)
  })

  test.each([
    ['a variable of nginx', 'a $scheme', ['variable-unknown']],
    ['a word after a dollar sign', 'a $b', []],
    ['a dollar sign', '5 $', []],
    ['4,094 bytes', 'x'.repeat(4094), []],
    ['4,095 bytes', 'x'.repeat(4095), ['nginx-word-long']],
    ['2,047 letters of two bytes', 'é'.repeat(2047), []],
    ['2,048 letters of two bytes', 'é'.repeat(2048), ['nginx-word-long']],
    ['4,092 bytes with escapes', `"'`.repeat(1364), []],
    ['4,095 bytes with escapes', `"'`.repeat(1365), ['nginx-word-long']],
  ])('a header with %s', (_, value, expected) => {
    expect(codes({ headers: { 'X-A': value } })).toEqual(expected)
  })

  test('a header that is set twice is refused', () => {
    expect(codes({ headers: { 'X-A': 'a', 'x-a': 'a' } })).toEqual(['nginx-header-twice'])
  })

  test('headers with long names need a larger hash table', () => {
    const lines = server({ headers: { [`X-${'a'.repeat(45)}`]: 'b' } })
    expect(lines).toContain('proxy_headers_hash_bucket_size 128;')
  })

  test('has the client address of a trusted header', () => {
    const clientAddress = { trust: ['10.1.2.3/8', '2001:db8:1::/32', '192.0.2.1'], header: 'X-A' }
    expect(server({ clientAddress }).slice(3, 8)).toEqual([
      'set_real_ip_from 10.0.0.0/8;',
      'set_real_ip_from 2001:db8::/32;',
      'set_real_ip_from 192.0.2.1;',
      'real_ip_header X-A;',
      'real_ip_recursive on;',
    ])
    expect(codes({ clientAddress: { trust: ['::1'], header: 'Proxy_Protocol' } })).toEqual([
      'client-address-header',
    ])
  })
})

describe('locations', () => {
  const location = (written: object) => {
    const lines = server({ locations: [{ upstream: 'app', ...written }] })
    return lines.slice(lines.findIndex((line) => line.startsWith('location ')))
  }

  test.each([
    ['/', 'location / {'],
    ['/a b/', 'location "/a b/" {'],
    ['= /login', 'location = /login {'],
    ['^~ /static/', 'location ^~ /static/ {'],
    ['~ .*\\.(do|jsp|action)?$', 'location ~ .*\\.(do|jsp|action)?$ {'],
    ['~* \\.(gif|png)$', 'location ~* \\.(gif|png)$ {'],
    ['~ ^/[a-z]{2}/', 'location ~ "^/[a-z]{2}/" {'],
    ['~ "quoted";', `location ~ '"quoted";' {`],
    ['/$x', 'location /$x {'],
    ['/}', 'location "/}" {'],
  ])('%s is written as %s', (match, head) => {
    expect(location({ match })[0]).toBe(head)
  })

  test.each([
    'shop',
    '@named',
    '= login',
    '~ (',
    '~ a)',
    '~ [a',
    '~* *a',
    '~ a|+',
    '~ ^+a',
    '~ a{2,1}',
    '~ [b-a]',
    '~ \\y',
    '~ \\\\\\y',
    '~ a\\',
    '~ ^/(?<uri>.*)',
    "~ (?'arg_x'a)",
  ])('%s is refused', (match) => {
    expect(codes({ locations: [{ match, upstream: 'app' }] })).toEqual(['nginx-location'])
  })

  test.each([
    '~ [(*+?]',
    '~ []a]',
    '~ [^]a]',
    '~ [[:alpha:]]+',
    '~ \\(',
    '~ \\Q(\\E',
    '~ (?i)a',
    '~ (?:a|b)?',
    '~ (?>a)++',
    '~ (*UTF8)é',
    '~ a{,3}',
    '~ \\\\y',
    "~ (?P<a>x)(?'b'y)(?#c)",
    '~ a{2}+',
  ])('%s is accepted', (match) => {
    expect(codes({ locations: [{ match, upstream: 'app' }] })).toEqual([])
  })

  test('a prefix with "^~" and the same prefix without it are refused', () => {
    const same = [
      { match: '/a', upstream: 'app' },
      { match: '^~ /a', upstream: 'app' },
    ]
    expect(codes({ locations: same })).toEqual(['nginx-location'])
    const other = [
      { match: '/a', upstream: 'app' },
      { match: '= /a', upstream: 'app' },
      { match: '~ /a', upstream: 'app' },
      { match: '~* /a', upstream: 'app' },
    ]
    expect(codes({ locations: other })).toEqual([])
  })

  test('can serve files and restrict access', () => {
    const files = { match: '/', root: '/srv/a b', index: ['index.html', '/x y.html'] }
    expect(location({ ...files, allow: ['10.9.8.7/16', '::1'] })).toEqual([
      'location / {',
      'root "/srv/a b";',
      'index index.html "/x y.html";',
      'allow 10.9.0.0/16;',
      'allow ::1;',
      'deny all;',
      'proxy_pass http://app;',
      '}',
    ])
    expect(location({ match: '/', allow: ['all'] })).toEqual([
      'location / {',
      'allow all;',
      'proxy_pass http://app;',
      '}',
    ])
  })

  test.each([
    [{ root: '/srv/$host' }, ['nginx-dollar']],
    [{ index: ['$uri'] }, ['nginx-dollar']],
    [{ index: ['/a', 'b'] }, ['nginx-index']],
  ])('%j: %j', (written, expected) => {
    expect(codes({ locations: [{ match: '/', upstream: 'app', ...written }] })).toEqual(expected)
  })

  test('that serve files only set no headers', () => {
    expect(server({ locations: [{ match: '/', root: 'html' }] })).toEqual([
      'listen 80;',
      'location / {',
      'root html;',
      '}',
    ])
  })
})

describe('the status of an upstream', () => {
  const status = (target: object, upstream: object = {}) => {
    const locations = [{ match: '/status', status: 'app' }]
    const {
      inside,
      codes: said,
      text,
    } = renderUpstream({ ...target }, { ...upstream }, { locations })
    const warned = said.includes('nginx-status-connections')
    return [inside('location /status'), warned, text.includes('\nvhost_traffic_status_zone;\n')]
  }
  const jvmRoute = { affinity: { method: 'jvm_route' } }
  const check = { check: { uri: '/health' } }

  test.each([
    [
      { ...stock, modules: ['jvm_route', 'vts'] },
      jvmRoute,
      ['jvm_route_status app;'],
      false,
      false,
    ],
    [
      { ...stock, modules: ['jvm_route', 'vts'] },
      {},
      ['vhost_traffic_status_display;', 'vhost_traffic_status_display_format html;'],
      false,
      true,
    ],
    [{ flavor: 'nginx-plus', version: '1.25.5' }, jvmRoute, ['api;'], false, false],
    [
      { flavor: 'angie', version: '1.9.0' },
      jvmRoute,
      ['api /status/http/upstreams/app/;'],
      false,
      false,
    ],
    [{ ...stock, modules: ['upstream_check', 'vts'] }, check, ['check_status;'], false, false],
    [stock, jvmRoute, ['stub_status;'], true, false],
  ])('%j %j: %j', (target, upstream, lines, warned, isVts) => {
    const access = ['allow 127.0.0.0/8;', 'allow ::1;', 'deny all;']
    expect(status(target, upstream)).toEqual([[...access, ...lines], warned, isVts])
  })
})

describe('active checks', () => {
  const check = { interval: '1500ms', rise: 1, fall: 2, uri: '/health;a?b="c"'.replaceAll('"', '') }

  test('use the check directive of nginx_upstream_check_module', () => {
    const target = { ...stock, modules: ['upstream_check'] }
    expect(renderUpstream(target, { check }).inside('upstream app').slice(2)).toEqual([
      'check interval=1500 rise=1 fall=2 type=http;',
      'check_http_send "GET /health;a?b=c HTTP/1.0\\r\\n\\r\\n";',
      'check_http_expect_alive http_2xx http_3xx;',
    ])
    const byConnection = renderUpstream(target, { check: {} }).inside('upstream app')
    expect(byConnection.slice(2)).toEqual(['check interval=2000 rise=2 fall=3 type=tcp;'])
  })

  test('use health_check of NGINX Plus in the location', () => {
    const plus = { flavor: 'nginx-plus', version: '1.25.5' }
    const rendered = renderUpstream(plus, { check: { ...check, interval: '5s' } })
    expect(rendered.inside('location /').at(-1)).toBe(
      'health_check interval=5s passes=1 fails=2 "uri=/health;a?b=c";',
    )
    expect(renderUpstream(plus, { check }).codes).toContain('nginx-duration')
    expect(renderUpstream(plus, { check: {} }).codes).toContain('nginx-check-uri')
  })

  test('are reported as missing in other targets', () => {
    expect(renderUpstream(stock, { check }).codes).toEqual(['nginx-check-passive'])
    const maps = { affinity: { method: 'jvm_route', via: 'maps' }, check: { uri: '/' } }
    expect(renderUpstream({ flavor: 'nginx-plus', version: '1.25.5' }, maps).codes).toContain(
      'nginx-check-passive',
    )
  })
})
