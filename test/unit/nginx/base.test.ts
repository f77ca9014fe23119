import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { editFiles, type Wanted } from '../../support/edit-base.ts'

const edit = (
  files: Readonly<Record<string, string>>,
  wanted: Wanted = {},
  encoding?: BufferEncoding,
) => editFiles('nginx', files, wanted, encoding)

/** A site as people write it. */
const site = `# The shop
upstream shop {
\tleast_conn;   # the application is slow
\tserver   10.0.0.1:8080   weight=1 max_fails=3 slow_start=30s; # first rack
\t# second rack
\tserver   10.0.0.2:8080   fail_timeout=10;
\tkeepalive 16;
}

server {
\tlisten 80;
\tlocation / {
\t\tproxy_pass http://shop;
\t\tproxy_http_version 1.1;
\t\tproxy_set_header Connection "";
\t}
}
`

const least = { upstream: { balance: 'least_conn' } }

const linesOf = (text: string): readonly string[] => text.split('\n')

describe('an existing upstream', () => {
  test.each([
    ['as it is', site],
    ['with line ends of Windows', site.replaceAll('\n', '\r\n')],
    ['without a last line end', site.trimEnd()],
    [
      'on one line',
      'upstream shop { least_conn; server 10.0.0.1:8080; server 10.0.0.2:8080; } server { location / { proxy_pass http://shop; } }',
    ],
  ])('that is the one of the spec keeps every byte: %s', (_, text) => {
    const { files, said } = edit({ 'shop.conf': text }, least)
    expect(files).toEqual({ 'shop.conf': text })
    expect(said).toEqual([])
  })

  test('that is not UTF-8 keeps every byte', () => {
    const text = site.replace('rack', 'r\xe4ck')
    expect(edit({ 'shop.conf': text }, least, 'latin1').files['shop.conf']).toBe(text)
  })

  test('gets one line for one more server, in the layout of the others', () => {
    const servers = {
      a: '10.0.0.1:8080',
      b: '10.0.0.2:8080',
      c: { address: '10.0.0.3:8080', weight: 2 },
    }
    const { files, said } = edit({ 'shop.conf': site }, { ...least, servers })
    const lines = linesOf(files['shop.conf'] ?? '')
    const added = '\tserver   10.0.0.3:8080   weight=2;'
    expect(lines.filter((line) => line !== added)).toEqual(linesOf(site))
    expect(lines.indexOf(added)).toBe(6)
    expect(said).toEqual([])
  })

  test('loses the line of a server that is not in the spec, with its comment', () => {
    const { files, said } = edit(
      { 'shop.conf': site },
      { ...least, servers: { b: '10.0.0.2:8080' } },
    )
    const lines = linesOf(site).filter((line) => !line.includes('10.0.0.1'))
    expect(linesOf(files['shop.conf'] ?? '')).toEqual(lines)
    expect(said).toEqual([
      'nginx-base-server conf/shop.conf:4: server "10.0.0.1:8080 weight=1 max_fails=3 slow_start=30s" is removed, because it is not in the spec',
    ])
  })

  test('changes only the parameters that differ', () => {
    const servers = {
      a: { address: '10.0.0.1:8080', weight: 5, maxFails: 2 },
      b: { address: '10.0.0.2:8080', failTimeout: '10s', state: 'down' },
    }
    const { files, said } = edit({ 'shop.conf': site }, { ...least, servers })
    const expected = site
      .replace('weight=1 max_fails=3 slow_start=30s', 'weight=5 max_fails=2 slow_start=30s')
      .replace('fail_timeout=10;', 'fail_timeout=10 down;')
    expect(files['shop.conf']).toBe(expected)
    expect(said.map((each) => each.replace(/.*: /, ''))).toEqual([
      '"weight=1" changes to "weight=5" in server "10.0.0.1:8080"',
      '"max_fails=3" changes to "max_fails=2" in server "10.0.0.1:8080"',
      '"down" is added in server "10.0.0.2:8080"',
    ])
  })

  test('replaces all its servers in their place', () => {
    const { files } = edit(
      { 'shop.conf': site },
      { ...least, servers: { x: '10.0.1.1:80', y: '10.0.1.2:80' } },
    )
    expect(linesOf(files['shop.conf'] ?? '').slice(2, 7)).toEqual([
      '\tleast_conn;   # the application is slow',
      '\tserver   10.0.1.1:80;',
      '\tserver   10.0.1.2:80;',
      '\t# second rack',
      '\tkeepalive 16;',
    ])
  })

  test('keeps a server whose route is known when its address changes', () => {
    const text =
      'upstream shop {\n  server a.example:8080 srun_id=a max_fails=2;\n  jvm_route $cookie_JSESSIONID|jsessionid;\n}\nserver { location / { proxy_pass http://shop; } }\n'
    const { files } = edit(
      { 'shop.conf': text },
      {
        affinity: { method: 'jvm_route', reverse: false },
        servers: { a: 'b.example:8081' },
        target: { modules: ['jvm_route'] },
      },
    )
    expect(files['shop.conf']).toBe(text.replace('a.example:8080', 'b.example:8081'))
  })

  test('gets the method of the spec before its servers, and loses its own', () => {
    const { files, said } = edit({ 'shop.conf': site }, { affinity: { method: 'ip_hash' } })
    expect(linesOf(files['shop.conf'] ?? '').slice(1, 5)).toEqual([
      'upstream shop {',
      '\tip_hash;',
      '\tserver   10.0.0.1:8080   weight=1 max_fails=3 slow_start=30s; # first rack',
      '\t# second rack',
    ])
    expect(said.map((each) => each.replace(/:.*: /, ': '))).toEqual([
      'nginx-base-method conf/shop.conf: "ip_hash" is added to this block',
      'nginx-base-method conf/shop.conf: "least_conn" is removed, because it is not in the spec',
    ])
  })

  test('gets the affinity after its servers', () => {
    const { files } = edit(
      { 'shop.conf': site },
      { ...least, affinity: { method: 'jvm_route' }, target: { modules: ['jvm_route'] } },
    )
    const lines = linesOf(files['shop.conf'] ?? '')
    expect(lines.slice(3, 8)).toEqual([
      '\tserver   10.0.0.1:8080   weight=1 max_fails=3 slow_start=30s srun_id=a; # first rack',
      '\t# second rack',
      '\tserver   10.0.0.2:8080   fail_timeout=10 srun_id=b;',
      '\tjvm_route $cookie_JSESSIONID|jsessionid reverse;',
      '\tkeepalive 16;',
    ])
  })

  test('keeps what the spec cannot say of a sticky cookie', () => {
    const text =
      'upstream shop {\n  server 10.0.0.1:8080;\n  server 10.0.0.2:8080;\n  sticky cookie srv expires=60m max-age=1h;\n}\nserver { location / { proxy_pass http://shop; } }\n'
    const affinity = {
      method: 'sticky',
      by: 'cookie',
      cookie: 'srv',
      expires: '1h',
      httpOnly: false,
      secure: false,
    }
    const { files } = edit({ 'shop.conf': text }, { affinity, target: { version: '1.30.3' } })
    expect(files['shop.conf']).toBe(text)
  })
})

test('an existing block without servers gets those of the spec', () => {
  const location = 'server { location / { proxy_pass http://shop; } }\n'
  const filled = 'upstream shop {\n    server 10.0.0.1:8080;\n    server 10.0.0.2:8080;\n}\n'
  const { files } = edit({ 'a.conf': `upstream shop {}\n${location}` })
  expect(files['a.conf']).toBe(`${filled}${location}`)
})

test('servers in a file that is included are edited there', () => {
  const { files } = edit({
    'a.conf':
      'upstream shop {\n  include servers.conf;\n}\nserver { location / { proxy_pass http://shop; } }\n',
    'servers.conf': 'server 10.0.0.1:8080;\n',
  })
  expect(Object.keys(files).sort()).toEqual(['a.conf', 'servers.conf'])
  expect(files['servers.conf']).toBe('server 10.0.0.1:8080;\nserver 10.0.0.2:8080;\n')
})

describe('the files of a base', () => {
  const main = `events {}\nhttp {\n  include /etc/nginx/mime.types;\n  include sites/*.conf;\n}\n`

  test('the included file that holds the block is the one that is written', () => {
    const { files } = edit(
      { 'nginx.conf': main, 'sites/shop.conf': site, 'mime.types': 'types { text/html html; }' },
      { ...least, servers: { b: '10.0.0.2:8080' } },
    )
    expect(Object.keys(files)).toEqual(['shop.conf'])
    expect(files['shop.conf']).not.toContain('10.0.0.1')
  })

  test.each([
    [
      'after the other upstreams',
      'upstream a {\n  server b;\n} # a\n\nserver { location / { proxy_pass http://shop; } }\n',
      'upstream a {\n  server b;\n} # a\n\nupstream shop {\n  server 10.0.0.1:8080;\n  server 10.0.0.2:8080;\n}\n\nserver { location / { proxy_pass http://shop; } }\n',
    ],
    [
      'before the first server and its comment',
      '# Main\n\n# The site\nserver {\n\tlisten 80;\n\tlocation / { proxy_pass http://shop; }\n}\n',
      '# Main\n\nupstream shop {\n\tserver 10.0.0.1:8080;\n\tserver 10.0.0.2:8080;\n}\n\n# The site\nserver {\n\tlisten 80;\n\tlocation / { proxy_pass http://shop; }\n}\n',
    ],
    [
      'at the end of http',
      'events {}\r\nhttp {\r\n   gzip on;\r\n}\r\n',
      'events {}\r\nhttp {\r\n   gzip on;\r\n   upstream shop {\r\n      server 10.0.0.1:8080;\r\n      server 10.0.0.2:8080;\r\n   }\r\n\r\n}\r\n',
    ],
    [
      'in an empty file',
      '',
      'upstream shop {\n    server 10.0.0.1:8080;\n    server 10.0.0.2:8080;\n}\n',
    ],
  ])('a missing block is added %s', (_, text, expected) => {
    expect(edit({ 'nginx.conf': text }).files['nginx.conf']).toBe(expected)
  })

  test('the maps in front of the upstreams are written and then kept', () => {
    const affinity = { method: 'jvm_route', via: 'maps' }
    const text =
      'events {}\nhttp {\n    server {\n        location / {\n            proxy_pass http://$pool_shop;\n        }\n    }\n}\n'
    const first = edit({ 'nginx.conf': text }, { affinity })
    const written = first.files['nginx.conf'] ?? ''
    expect(written).toContain('    map $http_cookie $route_shop {\n')
    expect(edit({ 'nginx.conf': written }, { affinity })).toEqual({
      files: { 'nginx.conf': written },
      said: [],
    })
    const more = edit(
      { 'nginx.conf': written },
      { affinity, servers: { a: '10.0.0.1:8080', b: '10.0.0.2:8080', c: '10.0.0.3:8080' } },
    )
    expect(more.files['nginx.conf']).toContain('        ~^c$ shop-c;\n')
    expect(more.files['nginx.conf']).toContain('    upstream shop-c {\n')
    expect(edit({ 'nginx.conf': more.files['nginx.conf'] ?? '' }, { affinity }).files).toEqual({
      'nginx.conf': written,
    })
  })

  test('the maps of an affinity before are removed when nothing uses them', () => {
    const affinity = { method: 'jvm_route', via: 'maps' }
    const text = 'server {\n    location / {\n        proxy_pass http://$pool_shop;\n    }\n}\n'
    const written = edit({ 'shop.conf': text }, { affinity }).files['shop.conf'] ?? ''
    const used = edit({ 'shop.conf': written })
    expect(used.files['shop.conf']).toContain('map $route_shop $pool_shop {')
    const unused = written.replace('$pool_shop;', 'shop;')
    const edited = edit({ 'shop.conf': unused })
    expect(edited.files['shop.conf']).toBe(
      `upstream shop {\n    server 10.0.0.1:8080;\n    server 10.0.0.2:8080;\n}\n\n${text.replace('$pool_shop', 'shop')}`,
    )
    expect(edited.said.join()).toContain(
      '"upstream shop-a" is removed: the spec no longer needs it',
    )
    const logged = `log_format x '$route_shop';\n${unused}`
    expect(edit({ 'shop.conf': logged }).files['shop.conf']).toContain('$route_in_url_shop {')
    const unread = `include other/*.conf;\n${unused}`
    expect(edit({ 'shop.conf': unread }).files['shop.conf']).toContain('$pool_shop {')
  })
})

describe('what the rest of the files must have', () => {
  const upstream = 'upstream shop {\n  server 10.0.0.1:8080;\n  server 10.0.0.2:8080;\n'
  const check = (text: string, wanted: Wanted = {}): readonly string[] =>
    edit({ 'shop.conf': text }, wanted).said

  test('a location with proxy_pass', () => {
    expect(
      check(`${upstream}}\nserver { location / { proxy_pass http://10.0.0.1:8080; } }`),
    ).toEqual([
      'nginx-base-not-passed conf/shop.conf:1: no location of this file, or of a file that it includes, has "proxy_pass http://shop": the upstream is not used',
    ])
    expect(check(`${upstream}}\nserver { location / { proxy_pass http://SHOP/x; } }`)).toEqual([])
    expect(check(`${upstream}}\nserver { location / { proxy_pass http://$name; } }`)).toEqual([])
  })

  test.each([
    ['proxy_pass http://shop;', true],
    ['proxy_pass http://shop; proxy_http_version 1.1;', true],
    ['proxy_pass http://shop; proxy_http_version 1.1; proxy_set_header Connection close;', true],
    ['proxy_pass http://shop; proxy_http_version 1.1; proxy_set_header Connection "";', false],
    [
      'proxy_pass http://shop; proxy_http_version 1.1; proxy_set_header Connection $upgrade;',
      false,
    ],
    ['proxy_pass http://shop; proxy_http_version 1.1; proxy_set_header X 1;', true],
  ])('headers for keepalive: %s', (directives, isMissing) => {
    const text = `${upstream}  keepalive 8;\n}\nserver {\n  proxy_set_header Connection ${isMissing ? 'close' : '""'};\n  location / { ${directives} }\n}`
    expect(
      check(text).some((each) => each.startsWith('nginx-base-keepalive conf/shop.conf:8')),
    ).toBe(isMissing)
    expect(check(text, { target: { version: '1.30.3' } })).toEqual([])
  })

  test('the address of the client behind a proxy', () => {
    const text = `${upstream.replace('{\n', '{\n  ip_hash;\n')}}\nserver {\n  listen 80 proxy_protocol;\n  location / { proxy_pass http://shop; }\n}`
    const affinity = { method: 'ip_hash' }
    expect(check(text, { affinity })).toEqual([
      'nginx-base-real-ip conf/shop.conf:7: upstream "shop" chooses the server by the address of the client, which is that of the proxy in front',
    ])
    const fixed = text.replace('  listen', '  set_real_ip_from 10.0.0.0/8;\n  listen')
    expect(check(fixed, { affinity })).toEqual([])
  })

  test('no second method', () => {
    const text = `${upstream}  fair;\n}\nserver { location / { proxy_pass http://shop; } }`
    expect(check(text, least)[1]).toBe(
      'nginx-base-second-method conf/shop.conf:4: "fair" is a second balancing method of upstream "shop", together with "least_conn"',
    )
    expect(check(text)).toEqual([])
  })
})

describe('files that cannot be edited', () => {
  test.each([
    [
      'a mistake',
      { 'a.conf': 'upstream shop {\n  server a\n}' },
      'nginx-base-invalid conf/a.conf:3',
    ],
    ['a mistake in an include', { 'a.conf': 'include b;', b: '}' }, 'nginx-base-invalid conf/b:1'],
    [
      'servers that were not read',
      { 'a.conf': 'upstream shop {\n  include s.conf;\n}' },
      'nginx-base-invalid conf/a.conf:2',
    ],
    ['a circle', { 'a.conf': 'a;\ninclude a.conf;' }, 'nginx-base-invalid conf/a.conf:2'],
    [
      'a template in the block',
      { 'a.conf': 'upstream shop {\n{% for s in servers %}\n  server {{ s }};\n{% endfor %}\n}' },
      'nginx-base-template conf/a.conf:2',
    ],
    [
      'two blocks',
      { 'a.conf': 'upstream shop { server a; }\nupstream SHOP { server a; }' },
      'nginx-base-twice conf/a.conf:2',
    ],
  ])('%s', (_, files, expected) => {
    const { files: written, said } = edit(files)
    expect(written).toEqual({})
    expect(said.filter((each) => each.startsWith(`${expected}: `))).toHaveLength(1)
  })

  test('a template elsewhere is kept', () => {
    const text = `{% if tls %}\ngzip on;\n{% endif %}\n${site}`
    expect(edit({ 'shop.conf': text }, least).files['shop.conf']).toBe(text)
  })
})

describe('a variable of the spec', () => {
  const block = 'upstream shop { hash $key; server 10.0.0.1:8080; server 10.0.0.2:8080; }'
  const spec = (key: string): string =>
    JSON.stringify({
      version: 1,
      name: 'shop',
      targets: { nginx: { version: '1.26.3', base: 'a.conf' } },
      upstreams: {
        shop: {
          affinity: { method: 'hash', key },
          servers: { a: '10.0.0.1:8080', b: '10.0.0.2:8080' },
        },
      },
    })
  test.each([
    ['map $cookie_user $key { default $cookie_user; }', []],
    ['geo $KEY { default 1; }', []],
    ['server { location ~ ^/(?<key>.*) { proxy_pass http://shop; } }', []],
    ['server { set $key 1; }', []],
    ['map $key $other { default 1; }', ['nginx-variable-unknown']],
    ['', ['nginx-variable-unknown']],
  ])('is looked for in the existing files: %s', (text, expected) => {
    const files = new Map([['a.conf', Buffer.from(`${text}\n${block}\n`)]])
    const { diagnostics } = compileText(
      spec('$key'),
      new Map([['a.conf', { form: 'config', main: 'a.conf', files }]]),
    )
    const codes = diagnostics.map(({ code }) => code)
    expect(codes.filter((code) => code.startsWith('nginx-variable'))).toEqual(expected)
  })
})
