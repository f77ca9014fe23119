import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const compiled = (target: string, upstream: string, address = '10.0.0.1:8443') =>
  compileText(`version: 1
name: shop
targets: { ${target} }
frontends: { web: { listen: [80], serverNames: [shop.example.com], locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    ${upstream}
    servers: { app1: "${address}" }
`)

const textOf = (...parts: Parameters<typeof compiled>): string =>
  compiled(...parts)
    .artifacts.map(({ text }) => text)
    .join('\n')

const codesOf = (...parts: Parameters<typeof compiled>): readonly string[] =>
  compiled(...parts).diagnostics.map(({ code }) => code)

const nginx = 'nginx: { version: "1.30.6" }'
const haproxy = 'haproxy: { version: "3.0" }'
const httpd = 'httpd: { version: "2.4" }'

const https =
  'protocol: https\n    tls: { ca: /etc/ssl/ca.pem, serverName: app.internal, certificate: /etc/ssl/client.pem }'
const fastcgi = 'protocol: fastcgi\n    documentRoot: /srv/www'
const uwsgi = 'protocol: uwsgi'

test.each([
  [
    nginx,
    https,
    [
      'proxy_pass https://app;',
      'proxy_ssl_server_name on;',
      'proxy_ssl_name app.internal;',
      'proxy_ssl_verify on;',
      'proxy_ssl_trusted_certificate /etc/ssl/ca.pem;',
      'proxy_ssl_certificate /etc/ssl/client.pem;',
    ],
  ],
  [
    haproxy,
    https,
    [
      'ssl verify required ca-file /etc/ssl/ca.pem verifyhost app.internal sni str(app.internal) check-sni app.internal crt /etc/ssl/client.pem',
    ],
  ],
  [
    httpd,
    https,
    [
      'BalancerMember https://10.0.0.1:8443',
      'SSLProxyEngine on',
      'SSLProxyVerify require',
      'SSLProxyCACertificateFile /etc/ssl/ca.pem',
      'SSLProxyMachineCertificateFile /etc/ssl/client.pem',
    ],
  ],
  [nginx, 'protocol: https\n    tls: { verify: false }', ['proxy_pass https://app;']],
  [haproxy, 'protocol: https\n    tls: { verify: false }', [' ssl verify none']],
  [httpd, 'protocol: https\n    tls: { verify: false }', ['SSLProxyVerify none']],
  [
    nginx,
    fastcgi,
    [
      'fastcgi_pass app;',
      'fastcgi_param SCRIPT_FILENAME /srv/www$fastcgi_script_name;',
      'fastcgi_param HTTP_X_FORWARDED_FOR $remote_addr;',
      'fastcgi_param HTTP_FORWARDED "";',
    ],
  ],
  [nginx, uwsgi, ['uwsgi_pass app;', 'uwsgi_param PATH_INFO $document_uri;']],
  [
    haproxy,
    fastcgi,
    ['fcgi-app app', 'docroot /srv/www', 'use-fcgi-app app', 'default-server proto fcgi'],
  ],
  [
    httpd,
    fastcgi,
    [
      'BalancerMember fcgi://10.0.0.1:8443',
      'ProxyFCGISetEnvIf true SCRIPT_FILENAME "/srv/www%{REQUEST_URI}"',
      'ProxyFCGISetEnvIf true !PATH_INFO',
    ],
  ],
  [httpd, uwsgi, ['BalancerMember uwsgi://10.0.0.1:8443']],
  [
    httpd,
    'protocol: ajp\n    ajpSecret: { env: AJP_SECRET }',
    ['BalancerMember ajp://10.0.0.1:8443', ' "secret=$\u007bAJP_SECRET}" '],
  ],
])('%s with %s writes %j', (target, upstream, lines) => {
  const text = textOf(target, upstream)
  for (const line of lines) expect(text).toContain(line)
})

test.each([
  [nginx, 'protocol: ajp', 'nginx-protocol'],
  [haproxy, 'protocol: ajp', 'haproxy-protocol'],
  [haproxy, uwsgi, 'haproxy-protocol'],
  [httpd, 'protocol: ajp\n    ajpSecret: { file: /run/secrets/ajp }', 'httpd-secret'],
  [
    'httpd: { version: "2.4.41" }',
    'protocol: ajp\n    ajpSecret: { env: AJP_SECRET }',
    'httpd-ajp-secret',
  ],
  [httpd, 'protocol: uwsgi\n    app: { runtime: tomcat, version: "9.0.122" }', 'tomcat-protocol'],
  [nginx, 'protocol: https', 'server-tls'],
  [nginx, 'protocol: https\n    tls: { ca: /etc/ssl/ca.pem }', 'server-tls'],
  [nginx, 'tls: { verify: false }', 'field-without-effect'],
  [nginx, 'documentRoot: /srv/www', 'field-without-effect'],
])('%s with %s reports %s', (target, upstream, code) => {
  expect(codesOf(target, upstream)).toContain(code)
})

test('a host name is the name in the certificate', () => {
  const upstream = 'protocol: https\n    tls: { ca: /etc/ssl/ca.pem }'
  expect(codesOf(nginx, upstream, 'app.internal:8443')).not.toContain('server-tls')
  expect(textOf(nginx, upstream, 'app.internal:8443')).toContain('proxy_ssl_name app.internal;')
})

test.each([
  ['app: { runtime: php, version: "8.3" }', '10.0.0.1:9000', 'protocol: fastcgi'],
  ['zone: 64k', 'unix:/run/php/php8.3-fpm.sock', 'protocol: fastcgi'],
  ['zone: 64k', 'unix:/run/uwsgi/app.sock', 'protocol: uwsgi'],
])('with %s, HTTP to %s is a warning', (upstream, address, remedy) => {
  const found = compiled(nginx, upstream, address).diagnostics.find(
    ({ code }) => code === 'server-not-http',
  )
  expect(found).toMatchObject({ severity: 'warning' })
  expect(found?.help).toContain(remedy)
  const spoken = `${upstream}\n    ${remedy}\n    documentRoot: /srv/www`
  expect(codesOf(nginx, spoken, address)).not.toContain('server-not-http')
})
