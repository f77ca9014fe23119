import type { Attack } from './attacks.ts'

const one = (target: string, ...fields: readonly string[]) => ({
  name: [target, ...fields].join(' | '),
  bytes: (host: string): string =>
    [`GET ${target.replaceAll('HOST', host)} HTTP/1.1`, `Host: ${host}`, ...fields, '', ''].join(
      '\r\n',
    ),
})

/** Every way to write the start of `/intern/hidden` that Tomcat, or another server, could take for it. */
const targets = [
  ...['/intern/hidden', '//intern/hidden', '///intern///hidden', '/./intern/hidden'],
  ...[
    '/x/../intern/hidden',
    '/ok/../intern/hidden',
    '/%2e/intern/hidden',
    '/x/%2e%2e/intern/hidden',
  ],
  ...['/x/..;/intern/hidden', '/ok/..;a=b/intern/hidden', '/ok/..;a/..;/intern/hidden'],
  ...['/ok/%2e%2e;/intern/hidden', '/ok/.%2e;/intern/hidden', '/ok/..%3b/intern/hidden'],
  ...['/ok/..%3B/intern/hidden', '/;/intern/hidden', '/;a=b/intern/hidden', '/.;/intern/hidden'],
  ...['/./;/intern/hidden', '/%3b/intern/hidden', '/;a/;b/intern/hidden', '/ok/;/../intern/hidden'],
  ...[
    '/intern;/hidden',
    '/intern;a=b/hidden',
    '/intern;jsessionid=1.t9/hidden',
    '/intern%3b/hidden',
  ],
  ...['/intern;a/;b/hidden', '/intern/;a/hidden', '/intern;%2f/hidden', '/i%6etern;/hidden'],
  ...['/%69ntern/hidden', '/%2569ntern/hidden', '/intern%2fhidden', '/%2fintern/hidden'],
  ...['/ok%2f..%2fintern/hidden', '/ok/..%2fintern/hidden', '/ok%5c..%5cintern/hidden'],
  ...['\\intern\\hidden', '/\\intern/hidden', '/ok\\..\\intern/hidden', '/intern\\hidden'],
  ...[
    '/ok/..\\intern/hidden',
    '/ok/%5c../intern/hidden',
    '/intern%00/hidden',
    '/%00/intern/hidden',
  ],
  ...['/intern/%00hidden', '/intern/%zzhidden', '/%zz/../intern/hidden', '/intern%/hidden'],
  ...[
    '/x%/../intern/hidden',
    '/intern/hidden%',
    '/%c0%ae%c0%ae/intern/hidden',
    '/%c0%afintern/hidden',
  ],
  ...[
    '/%u0069ntern/hidden',
    '/ok/..%c0%afintern/hidden',
    '/ok/../../intern/hidden',
    '/../intern/hidden',
  ],
  ...['intern/hidden', '?/../intern/hidden', '/?/../intern/hidden', '/#/../intern/hidden'],
  ...['/intern/hidden#', '/ok#/../../intern/hidden', '/ok?a=b/../intern/hidden', '*'],
  ...['/ok/a;/../../intern/hidden', '/ok/a;x=/../../intern/hidden', '/ok/;x=/../../intern/hidden'],
  ...['/intern/hidden;a=b', '/intern/hidden%3ba', '/intern/%2e/hidden', '/intern/x/..;/hidden'],
  ...[
    'http://HOST/intern/hidden',
    'http://HOST//intern/hidden',
    'http://HOST/ok/..;/intern/hidden',
  ],
  ...['http://HOST/;/intern/hidden', 'http://HOST/intern;/hidden', 'HTTP://HOST/intern/hidden'],
  ...['http:/intern/hidden', 'http:intern/hidden', 'http:///intern/hidden', '//HOST/intern/hidden'],
  ...['https://HOST/intern/hidden', 'ftp://HOST/intern/hidden', 'x:/intern/hidden', 'http://HOST'],
  ...['http://HOST?/intern/hidden', 'http://HOST#/intern/hidden', 'http://user@HOST/intern/hidden'],
  // Parameters that satisfy the expression of another location.
  ...['/intern/hidden;x.png', '/intern/hidden;%2f.png', '/a.adm;x.png', '/secret;x.png'],
  ...['/intern/hidden;.png?a', '/secret;%2f.png', '/a.adm;%2f.png', '/intern/hidden%3b.png'],
  // An exact path, and the end of an expression.
  ...['/secret', '/secret;', '/secret;a=b', '/secret;jsessionid=1.t9', '/secret%3ba', '/secret/.'],
  ...[
    '//secret',
    '/./secret',
    '/x/..;/secret',
    '/secret/..;/secret',
    '/;/secret',
    '/secret?',
    '/secret;?',
  ],
  ...[
    '/a.adm',
    '/a.adm;',
    '/a.adm;a=b',
    '/a.adm;jsessionid=1.t9',
    '/a.adm/.',
    '/a.adm%3b',
    '/a.adm;?x',
  ],
  ...[
    '/a.ad;x/../a.adm',
    '/x/a.adm;a',
    '/x;a/a.adm',
    '/x;a/a.adm;b',
    '/a%2eadm',
    '/a.adm%00',
    '/a.adm%0a',
  ],
  ...['/a.adm;%0a', '/a.adm;a%2fb', '/secret;%2f', '/a.adm%0a;', '/a.adm;%0ax'],
]

/** Another host than the one that the proxy takes. */
const hosts: readonly Attack[] = [
  one('http://internal.test/hidden'),
  one('http://internal.test:80/hidden'),
  one('http://HOST@internal.test/hidden'),
  one('http://internal.test#@HOST/hidden'),
  one('/hidden', 'Host: internal.test'),
  one('/hidden', ' internal.test'),
  one('/hidden', 'X-Forwarded-Host: internal.test'),
  one('/hidden', 'X_Forwarded_Host: internal.test'),
  one('/hidden', 'Forwarded: host=internal.test'),
  one('/hidden', 'X-Forwarded-Server: internal.test'),
  one('/hidden', 'Connection: Host'),
  ...[
    ['Host : internal.test', 'Host: HOST'],
    ['Host: internal.test', 'Host: HOST'],
    [' Host: internal.test', 'Host: HOST'],
    ['Host:', ' internal.test', 'Host: HOST'],
    ['Host: HOST,internal.test'],
    ['Host: HOST internal.test'],
    ['Host: internal.test/HOST'],
    ['Host: HOST:internal.test'],
    ['Host: HOST:80@internal.test'],
    ['Host: internal.test\0HOST'],
    ['Host: internal.test#HOST'],
    ['Host: HOST/../internal.test'],
    ['Host: HOST\rHost: internal.test'],
    ['Host: HOST\nHost: internal.test'],
    ['X: 1'],
    ['Host:'],
  ].map((fields) => ({
    name: fields.join(' | '),
    bytes: (host: string): string =>
      ['GET /hidden HTTP/1.1', ...fields.map((each) => each.replaceAll('HOST', host)), '', ''].join(
        '\r\n',
      ),
  })),
]

const rewriting: readonly Attack[] = [
  'X-Original-URL',
  'X-Rewrite-URL',
  'X-Forwarded-Prefix',
  'X-Forwarded-Path',
].map((name) => one('/ok/a', `${name}: /intern/hidden`))

const methods: readonly Attack[] = [
  'TRACE',
  'CONNECT',
  'get',
  'GET\t',
  'OPTIONS',
  'PRI',
  'X-HTTP',
].map((method) => ({
  name: `${JSON.stringify(method)} of the hidden path`,
  bytes: (host) => `${method} /intern/hidden HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
}))

/** Everything in which the meaning of a path, or of a host, could differ. */
export const meanings: readonly Attack[] = [
  ...targets.map((target) => one(target)),
  ...hosts,
  ...rewriting,
  ...methods,
]
