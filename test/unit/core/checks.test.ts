import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const compiled = (target: string, check: string) =>
  compileText(`version: 1
name: shop
targets: { ${target} }
frontends: { web: { listen: [80], serverNames: [shop.example.com], locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    check: { ${check} }
    servers: { app1: "10.0.0.1:8080", app2: "10.0.0.2:8080" }
`)

const textOf = (target: string, check: string): string =>
  compiled(target, check)
    .artifacts.map(({ text }) => text)
    .join('\n')

const told = (target: string, check: string): readonly string[] =>
  compiled(target, check).diagnostics.flatMap(({ code, location }) =>
    code.startsWith('field-') ? [location.path?.replace('upstreams.app.check.', '') ?? ''] : [],
  )

const haproxy = 'haproxy: { version: "3.0" }'
const httpd = 'httpd: { version: "2.4" }'
const plus = 'nginx: { version: R33, flavor: nginx-plus }'
const tengine = 'nginx: { version: "3.1.0", flavor: tengine, modules: [upstream_check] }'

const all =
  'uri: /health, method: HEAD, host: health.example.com, headers: { User-Agent: health check, Accept: "*/*" }, timeout: 4s, expect: { status: [200, 204, "301-308"], text: "all {fine}" }, port: 8081, downInterval: 500ms, onDown: close'

test.each([
  [haproxy, '', ['default-server check inter 2s rise 2 fall 3\n']],
  [httpd, '', ['hcmethod=TCP hcinterval=2000ms hcpasses=2 hcfails=3']],
  [
    haproxy,
    all,
    [
      "http-check send meth HEAD uri /health ver HTTP/1.1 hdr Host health.example.com hdr Accept */* hdr User-Agent 'health check'",
      'timeout check 4s',
      'http-check expect status 200,204,301-308',
      "http-check expect string 'all {fine}'",
      'inter 2s fastinter 500ms downinter 500ms rise 2 fall 3 port 8081 on-marked-down shutdown-sessions',
    ],
  ],
  [
    httpd,
    'uri: /health, expect: { status: [200, "301-308"], text: "a/b" }',
    [
      'ProxyHCExpr check-app "((%{REQUEST_STATUS} -ge 200 && %{REQUEST_STATUS} -le 200) || (%{REQUEST_STATUS} -ge 301 && %{REQUEST_STATUS} -le 308)) && hc(\'body\') =~ /a\\x2fb/"',
      'hcexpr=check-app',
    ],
  ],
  [httpd, 'uri: /health, method: OPTIONS', ['hcmethod=OPTIONS']],
  [
    plus,
    'uri: /health, expect: { status: [200, "301-308"], text: "a.b" }, port: 8081',
    ['match app {\n    status 200 301-308;\n    body ~ a\\.b;\n}', 'port=8081 match=app'],
  ],
  [
    tengine,
    'uri: /health, method: HEAD, host: health.example.com, headers: { User-Agent: health check }, timeout: 4s, expect: { status: ["200-299"] }, port: 8081',
    [
      'timeout=4000 type=http port=8081;',
      'check_http_send "HEAD /health HTTP/1.0\\r\\nHost: health.example.com\\r\\nUser-Agent: health check\\r\\n\\r\\n"',
      'check_http_expect_alive http_2xx;',
    ],
  ],
])('%s with { %s } writes %j', (target, check, lines) => {
  for (const line of lines) expect(textOf(target, check)).toContain(line)
})

test.each([
  [haproxy, all, []],
  [
    haproxy,
    'method: HEAD, headers: { A: b }, expect: { text: ok }',
    ['expect', 'headers', 'method'],
  ],
  [httpd, all, ['downInterval', 'expect', 'headers', 'host', 'onDown', 'port', 'timeout']],
  [plus, all, ['downInterval', 'headers', 'host', 'method', 'onDown', 'timeout']],
  [tengine, all, ['downInterval', 'expect', 'onDown']],
  [tengine, 'uri: /health, expect: { status: [200] }', ['expect']],
  [tengine, 'uri: /health, expect: { status: ["200-399"] }', []],
])('%s with { %s } does not follow %j', (target, check, keys) => {
  expect([...told(target, check)].sort()).toEqual(keys)
})
