import { describe, expect, test } from 'vitest'
import { fieldsWithLines } from '../../../src/core/dialects/haproxy/snippets/fields.ts'
import { fieldsWithDirectives as httpdFields } from '../../../src/core/dialects/httpd/snippets/fields.ts'
import { fieldsWithDirectives as nginxFields } from '../../../src/core/dialects/nginx/snippets/fields.ts'
import { inputFiles, readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { quotedKey } from '../../../src/core/spec/known-keys.ts'
import { compileText } from '../../support/compile.ts'
import { snippetPlaces } from '../../support/snippet-levels.ts'

/** The codes of errors and of hints about snippets. */
const codesOf = (place: string, snippet: string): readonly string[] => {
  const found = snippetPlaces.find(({ name }) => name === place)
  if (found === undefined) throw new Error(`no level ${place}`)
  const { diagnostics } = compileText(JSON.stringify(found.spec(snippet)))
  return diagnostics
    .filter(({ code, severity }) => severity === 'error' || code === 'snippet-field')
    .map(({ code }) => code)
}

describe('a snippet is used as it is', () => {
  test.each([
    ['nginx main', 'worker_rlimit_nofile 4096;\nstream { server { listen 1; } }'],
    ['nginx http', 'open_file_cache max=1000;'],
    ['nginx server', 'set $a "}";\nif ($a = "x") {\n    return 403;\n}'],
    ['nginx location', '# } not an end\nlimit_rate 5k;'],
    ['nginx upstream', 'keepalive_requests 5;'],
    ['haproxy global', 'tune.bufsize 32768'],
    ['haproxy defaults', 'no option http-keep-alive'],
    ['haproxy frontend', "http-request deny if { path_beg '/#' } # why"],
    ['haproxy backend', 'log-tag shop'],
    ['httpd host', '<IfModule mod_x.c>\n  X on\n</IfModule>'],
    ['httpd location', 'LimitRequestLine 9000'],
    ['httpd balancer', 'ProxySet growth=2'],
  ])('%s: %s', (place, snippet) => {
    expect(codesOf(place, snippet)).toEqual([])
  })
})

describe('a snippet cannot leave its block', () => {
  test.each([
    ['nginx server', '}'],
    ['nginx server', 'if ($a) { return 403;'],
    ['nginx server', 'set $a "b;'],
    ['nginx server', 'etag off'],
    ['nginx server', '# End of snippet'],
    // A template language would read both braces as one placeholder; nginx does not.
    ['nginx server', 'set $a {{ } };'],
    ['haproxy backend', "log-tag 'x"],
    ['haproxy backend', 'fullconn 5 \\'],
    ['haproxy backend', '"frontend" x'],
    ['haproxy backend', '"$X" x'],
    ['haproxy backend', '.if 0'],
    ['httpd host', '</VirtualHost>'],
    ['httpd host', '"</VirtualHost>"'],
    // httpd replaces variables before it looks for sections.
    ['httpd host', '$\u007bEND}'],
    ['httpd host', '# a comment \\'],
    ['httpd host', '<If "true">'],
    ['httpd balancer', '</Proxy>'],
  ])('%s: %s', (place, snippet) => {
    expect(codesOf(place, snippet)).toContain('snippet-syntax')
  })
})

describe('a snippet cannot set what sessctl sets, hide the affinity, include files or load code', () => {
  test.each([
    ['nginx server', 'proxy_set_header host x;', 'snippet-conflict'],
    ['nginx server', 'listen 9;', 'snippet-conflict'],
    ['nginx server', 'location /a { }', 'snippet-conflict'],
    ['nginx location', 'proxy_set_header X-New 1;', 'snippet-conflict'],
    ['nginx location', 'add_header X-New 1;', 'snippet-conflict'],
    ['nginx http', 'map $uri $forwarded_port { default 1; }', 'snippet-conflict'],
    ['nginx http', 'server { listen 9; }', 'snippet-conflict'],
    ['nginx main', 'worker_processes 2;', 'snippet-conflict'],
    ['nginx upstream', 'ip_hash;', 'snippet-affinity'],
    ['nginx upstream', 'server 10.0.0.9:80;', 'snippet-affinity'],
    ['nginx location', 'if ($a) { proxy_pass http://10.0.0.9; }', 'snippet-affinity'],
    ['nginx server', 'if ($a) { include x.conf; }', 'snippet-include'],
    ['nginx main', 'load_module x.so;', 'snippet-code'],
    ['nginx server', 'content_by_lua_block { }', 'snippet-code'],
    ['haproxy defaults', 'timeout connect 9s', 'snippet-conflict'],
    ['haproxy defaults', 'mode tcp', 'snippet-conflict'],
    ['haproxy frontend', 'http-request set-header x-real-ip 1', 'snippet-conflict'],
    ['haproxy frontend', 'http-request set-var(txn.path) str(/)', 'snippet-conflict'],
    ['haproxy frontend', 'default_backend other', 'snippet-affinity'],
    ['haproxy frontend', 'backend other', 'snippet-conflict'],
    ['haproxy backend', 'balance source', 'snippet-affinity'],
    ['haproxy backend', 'cookie OTHER insert', 'snippet-affinity'],
    ['haproxy backend', 'server c 10.0.0.9:80', 'snippet-affinity'],
    ['haproxy backend', 'no option redispatch', 'snippet-affinity'],
    ['haproxy global', 'lua-load x.lua', 'snippet-code'],
    ['httpd host', 'proxypass / http://10.0.0.9/', 'snippet-affinity'],
    ['httpd host', 'RewriteRule ^ http://10.0.0.9/ [L,P]', 'snippet-affinity'],
    ['httpd host', 'ServerName other', 'snippet-conflict'],
    ['httpd host', '<If "true">\nIncludeOptional x\n</If>', 'snippet-include'],
    ['httpd host', 'Use Macro', 'snippet-include'],
    ['httpd balancer', 'ProxySet lbmethod=bytraffic', 'snippet-affinity'],
    ['httpd balancer', 'BalancerMember http://10.0.0.9', 'snippet-affinity'],
  ])('%s: %s', (place, snippet, code) => {
    expect(codesOf(place, snippet)).toContain(code)
  })
})

describe('a snippet has an effect, or is reported as a snippet without effect', () => {
  const targets = [
    { nginx: { version: '1.18.0' } },
    { nginx: { version: '1.30.6', standalone: true } },
    { nginx: { version: '1.26.3', modules: ['jvm_route'] } },
    { haproxy: { version: '2.2' } },
    { httpd: { version: '2.4.62' } },
  ]
  const texts = { nginx: 'env X;', haproxy: 'maxconn 77', httpd: 'ProxySet growth=7' }
  test.each(snippetPlaces)('$name', ({ dialect, spec }) => {
    for (const target of targets) {
      const { artifacts, diagnostics } = compileText(
        JSON.stringify({ ...spec(texts[dialect]), targets: target }),
      )
      const isWritten = artifacts.some(({ text }) => text.includes(texts[dialect]))
      const isReported = diagnostics.some(
        ({ code, location }) =>
          code.startsWith('field-') && /(^|\.)snippets\./.test(location.path ?? ''),
      )
      expect([isWritten, isReported]).toContain(true)
      expect(isWritten).not.toBe(isReported)
    }
  })
})

test.each(snippetPlaces)('$name: a file is an input of its dialect', ({ spec }) => {
  const text = JSON.stringify(spec('x')).replace('"x"', '{"file":"x.conf"}')
  const { cluster } = resolveSpec(readSpec('sessctl.yaml', text), {})
  const files = cluster === null ? [] : inputFiles(cluster, null)
  expect(files.map(({ path }) => path)).toEqual(['x.conf'])
})

/** The field that the hint about a snippet names. */
const hintsOf = (place: string, snippet: string): readonly string[] => {
  const found = snippetPlaces.find(({ name }) => name === place)
  const { diagnostics } = compileText(JSON.stringify(found?.spec(snippet)))
  return diagnostics.flatMap(({ code, help }) =>
    code === 'snippet-field' ? [/"(\w+)"/.exec(help ?? '')?.[1] ?? ''] : [],
  )
}

describe('limits of requests and connections in a snippet are pointed out', () => {
  test.each([
    ['nginx http', 'limit_req_zone $binary_remote_addr zone=a:1m rate=5r/s;'],
    ['nginx http', 'limit_conn_zone $binary_remote_addr zone=a:1m;'],
    ['nginx http', 'limit_req zone=a;'],
    ['nginx server', 'limit_req zone=a burst=5 nodelay;'],
    ['nginx server', 'limit_req_status 429;'],
    ['nginx location', 'limit_conn a 10;'],
    ['nginx location', 'limit_conn_status 429;'],
    ['haproxy frontend', 'http-request track-sc0 src table counters if { path_beg /a }'],
    ['haproxy frontend', 'tcp-request connection track-sc1 src table counters'],
    ['haproxy frontend', 'http-request sc-inc-gpc0(0)'],
    ['haproxy frontend', 'http-request deny deny_status 429 if { sc_http_req_rate(0) gt 20 }'],
    ['haproxy frontend', 'http-request deny if { sc0_conn_cur gt 5 }'],
    ['haproxy backend', 'tcp-request content reject if { src_conn_rate gt 5 }'],
  ])('%s: %s', (place, snippet) => {
    expect(hintsOf(place, snippet)).toEqual(['limits'])
  })

  test.each([
    ['nginx location', 'limit_rate 5k;'],
    ['nginx http', 'limit_req_log_level warn;'],
    ['haproxy frontend', 'http-request deny if { path_beg /limits }'],
    // The field is not followed in httpd, so a module of another author is the way.
    ['httpd host', 'QS_SrvMaxConnPerIP 50'],
  ])('%s: %s is no such limit', (place, snippet) => {
    expect(hintsOf(place, snippet)).toEqual([])
  })
})

test('a setting that has a field is pointed out', () => {
  expect(codesOf('nginx server', 'proxy_set_header X-Env prod;')).toEqual(['snippet-field'])
  expect(codesOf('haproxy frontend', 'http-request set-header X-Env prod')).toEqual([
    'snippet-field',
  ])
  expect(codesOf('httpd host', 'RequestHeader set X-Env prod')).toEqual(['snippet-field'])
})

/** Directives like those of fields, for which there is none at this level. */
test.each([
  ['nginx server', 'ssl_early_data on;'],
  ['nginx server', 'ssl_session_tickets off;'],
  ['nginx location', 'send_timeout 300s;'],
  ['nginx location', 'client_body_buffer_size 64k;'],
  ['nginx server', 'gzip_comp_level 6;'],
  ['haproxy global', 'ssl-default-bind-curves X25519'],
  ['httpd host', 'SSLOptions +StdEnvVars'],
])('%s: %s has no field', (place, snippet) => {
  expect(codesOf(place, snippet)).toEqual([])
})

test.each([
  ['nginx server', 'ssl_protocols TLSv1.3;'],
  ['nginx server', 'send_timeout 300s;'],
  ['nginx location', 'proxy_buffering off;'],
  ['haproxy frontend', 'timeout client-fin 5s'],
  ['haproxy backend', 'timeout check 5s'],
  ['httpd host', 'RequestReadTimeout header=5'],
])('%s: %s has a field', (place, snippet) => {
  expect(codesOf(place, snippet)).toEqual(['snippet-field'])
})

/** What is told about a snippet of a server whose location "/own" has its own headers. */
const lostIn = (snippet: string, fields = 'headers: { X-A: b }'): readonly string[] =>
  compileText(`version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends:
  web:
    listen: [80]
    snippets: { nginx: { server: '${snippet}' } }
    locations: [{ match: /, upstream: app }, { match: /own, upstream: app, ${fields} }]
upstreams: { app: { servers: { a: "10.0.0.1:80" } } }
`).diagnostics.flatMap(({ code, message }) => (code === 'snippet-not-inherited' ? [message] : []))

test('a line of a snippet that nginx does not inherit in a location is a warning', () => {
  const lost = 'has no effect in "location /own", which has its own'
  expect(lostIn('proxy_set_header X-B c;')).toEqual([`"proxy_set_header" ${lost}`])
  expect(lostIn('add_header X-B c;', 'responseHeaders: { set: { X-A: b } }')).toEqual([
    `"add_header" ${lost}`,
  ])
  expect(lostIn('proxy_set_header X-B c;', 'maxBodySize: 5m')).toEqual([])
  expect(lostIn('add_header X-B c;')).toEqual([])
  expect(lostIn('proxy_read_timeout 5s;', 'timeouts: { read: 5m }')).toEqual([])
})

test('the fields that hints name are fields of the spec', () => {
  const named = [...nginxFields, ...fieldsWithLines, ...httpdFields]
  expect(named.filter((field) => quotedKey(field) === null)).toEqual([])
})

test('the line of a mistake is named', () => {
  const place = snippetPlaces.find(({ name }) => name === 'nginx server')
  const { diagnostics } = compileText(JSON.stringify(place?.spec('etag off;\n\n}')))
  expect(diagnostics.map(({ message }) => message)).toContain('line 3: unexpected "}"')
})
