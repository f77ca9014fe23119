import { describe, expect, test } from 'vitest'
import { editFiles, type Wanted } from '../../support/edit-base.ts'

const edit = (
  files: Readonly<Record<string, string>>,
  wanted: Wanted = {},
  encoding?: BufferEncoding,
) => editFiles('httpd', files, wanted, encoding)

/** A site as people write it. */
const site = `# The shop
<Proxy balancer://shop>
  # first rack
  BalancerMember   http://10.0.0.1:8080   route=a retry=30 loadfactor=1
  # second rack
  BalancerMember   http://10.0.0.2:8080/  route=b retry=30 ping=2
  ProxySet lbmethod=bybusyness
  ProxySet stickysession=JSESSIONID|jsessionid \\
           scolonpathdelim=On
</Proxy>

<VirtualHost *:80>
  ServerName shop.example.com
  ProxyPass / balancer://shop/ lbmethod=bybusyness
  ProxyPassReverse / balancer://shop/
</VirtualHost>
`

const asWritten: Wanted = {
  affinity: { method: 'jvm_route' },
  upstream: { balance: 'least_conn' },
}

const linesOf = (text: string | undefined): readonly string[] => (text ?? '').split('\n')

describe('an existing balancer', () => {
  test.each([
    ['as it is', site],
    ['with line ends of Windows', site.replaceAll('\n', '\r\n')],
    ['without a last line end', site.trimEnd()],
    [
      'in a virtual host',
      site
        .replace('<Proxy', '<VirtualHost *:81>\n<Proxy')
        .replace('</Proxy>', '</Proxy>\nProxyPass / balancer://shop/\n</VirtualHost>')
        .replace(/<VirtualHost \*:80>[\s\S]*/, ''),
    ],
    [
      'outside of a section',
      'BalancerMember balancer://shop http://10.0.0.1:8080 route=a\nBalancerMember balancer://shop http://10.0.0.2:8080 route=b\nProxySet balancer://shop lbmethod=bybusyness stickysession=JSESSIONID|jsessionid scolonpathdelim=on\nProxyPass / balancer://shop/\n',
    ],
    [
      'with its affinity where requests are sent to it',
      `${site
        .replace(/ {2}ProxySet [^<]*/, '')
        .replace('shop/ lb', 'shop/ stickysession=JSESSIONID|jsessionid scolonpathdelim=On lb')}
<VirtualHost *:81>
  <Location />
    ProxyPass balancer://shop/ lbmethod=bybusyness stickysession=JSESSIONID|jsessionid scolonpathdelim=on
  </Location>
</VirtualHost>
`.replace('</Proxy>', '  ProxySet lbmethod=bybusyness\n</Proxy>'),
    ],
    [
      'with variables, and in sections that httpd decides about',
      `Define rack1 10.0.0.1\n<IfModule mod_proxy_balancer.c>\n${site.replace('10.0.0.1', '$' + '{rack1}')}</IfModule>\n`,
    ],
  ])('that is the one of the spec keeps every byte: %s', (_, text) => {
    expect(edit({ 'shop.conf': text }, asWritten)).toEqual({
      files: { 'shop.conf': text },
      said: [],
    })
  })

  test('that is not UTF-8 keeps every byte', () => {
    const text = site.replace('rack', 'r\xe4ck')
    expect(edit({ 'shop.conf': text }, asWritten, 'latin1').files['shop.conf']).toBe(text)
  })

  test('gets one line for one more server, with what all of them have', () => {
    const servers = {
      a: '10.0.0.1:8080',
      b: '10.0.0.2:8080',
      c: { address: '10.0.0.3:8080', weight: 2 },
    }
    const { files, said } = edit({ 'shop.conf': site }, { ...asWritten, servers })
    const lines = linesOf(files['shop.conf'])
    const added = '  BalancerMember   http://10.0.0.3:8080  route=c loadfactor=2 retry=30'
    expect(lines.filter((line) => line !== added)).toEqual(linesOf(site))
    expect(lines.indexOf(added)).toBe(6)
    expect(said).toEqual([])
  })

  test('has the URL of one more server in quotes where the others are', () => {
    const text = site.replace(/(http:\S+)/g, '"$1"')
    const servers = { a: '10.0.0.1:8080', b: '10.0.0.2:8080', c: '10.0.0.3:8080' }
    const edited = edit({ 'shop.conf': text }, { ...asWritten, servers }).files['shop.conf']
    expect(linesOf(edited).filter((line) => !linesOf(text).includes(line))).toEqual([
      '  BalancerMember   "http://10.0.0.3:8080"  route=c retry=30',
    ])
  })

  test('loses the line of a server that is not in the spec', () => {
    const { files, said } = edit(
      { 'shop.conf': site },
      { ...asWritten, servers: { b: '10.0.0.2:8080' } },
    )
    expect(linesOf(files['shop.conf'])).toEqual(
      linesOf(site).filter((line) => !line.includes('10.0.0.1')),
    )
    expect(said).toHaveLength(1)
  })

  test('changes only the parameters that differ', () => {
    const servers = {
      a: { address: '10.0.0.1:8080', weight: 5 },
      b: { address: '10.0.0.9:8080', state: 'down' },
    }
    const { files, said } = edit({ 'shop.conf': site }, { ...asWritten, servers })
    expect(files['shop.conf']).toBe(
      site
        .replace('loadfactor=1', 'loadfactor=5')
        .replace('http://10.0.0.2:8080/', 'http://10.0.0.9:8080')
        .replace('ping=2', 'ping=2 status=+D'),
    )
    expect(said.map((each) => each.replace(/^\S+ \S+: /, ''))).toEqual([
      '"loadfactor=1" changes to "loadfactor=5" in server "http://10.0.0.1:8080"',
      'the address "http://10.0.0.2:8080/" of this server changes to "http://10.0.0.9:8080"',
      '"status=+D" is added in server "http://10.0.0.9:8080"',
    ])
  })

  test('gets the method and the affinity of the spec', () => {
    const { files } = edit({ 'shop.conf': site }, { upstream: { balance: 'least_conn' } })
    expect(linesOf(files['shop.conf'])).toEqual(
      linesOf(site).filter((line) => !/stickysession|scolonpath/.test(line)),
    )
    const strict = { ...asWritten, affinity: { method: 'jvm_route', onFailure: 'strict' } }
    const edited = edit({ 'shop.conf': site }, strict).files['shop.conf']
    expect(linesOf(edited).filter((line) => !linesOf(site).includes(line))).toEqual([
      '  ProxySet nofailover=On',
    ])
    expect(edit({ 'shop.conf': edited ?? '' }, strict)).toEqual({
      files: { 'shop.conf': edited },
      said: [],
    })
  })

  test('gets the affinity of the spec where requests are sent to it, too', () => {
    const text = site
      .replace(/ {2}ProxySet stick[^<]*/, '')
      .replace('shop/ lb', 'shop/ stickysession=SID nofailover=On lb')
      .concat(
        '<VirtualHost *:81>\n  ProxyPass / balancer://shop/ stickysession=OLD lbmethod=byrequests\n</VirtualHost>\n',
      )
    const { files, said } = edit({ 'shop.conf': text }, asWritten)
    expect(files['shop.conf']).toBe(
      text
        .replace('=SID nofailover=On', '=JSESSIONID|jsessionid')
        .replace('=OLD lbmethod=byrequests', '=JSESSIONID|jsessionid lbmethod=bybusyness')
        .replace('bybusyness\n</Proxy>', 'bybusyness\n  ProxySet scolonpathdelim=On\n</Proxy>'),
    )
    expect(said).toHaveLength(5)
  })

  test('gets the cookie of its affinity once', () => {
    const affinity = { method: 'sticky', by: 'cookie', cookie: 'ROUTEID' }
    const wanted = { ...asWritten, affinity }
    const edited = edit({ 'shop.conf': site }, wanted).files['shop.conf']
    expect(edited).toMatch(
      /<\/Proxy>\nHeader add Set-Cookie "ROUTEID=\.%\{BALANCER_WORKER_ROUTE\}e/,
    )
    expect(edit({ 'shop.conf': edited ?? '' }, wanted)).toEqual({
      files: { 'shop.conf': edited },
      said: [],
    })
    const own = site.replace(
      '<VirtualHost',
      'Header add Set-Cookie "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; path=/" env=BALANCER_ROUTE_CHANGED\n<VirtualHost',
    )
    const kept = edit({ 'shop.conf': own }, wanted).files['shop.conf']
    expect(linesOf(kept).filter((line) => line.startsWith('Header'))).toHaveLength(1)
  })

  const cookieLine =
    'Header add Set-Cookie "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; Version=1; path=/; Secure" env=BALANCER_ROUTE_CHANGED'
  const withCookie = site
    .replace('stickysession=JSESSIONID|jsessionid', 'stickysession=ROUTEID')
    .replace('<VirtualHost', `${cookieLine}\n<VirtualHost`)

  test('changes the attributes of its cookie that the spec has, in their place', () => {
    const affinity = {
      ...{ method: 'sticky', by: 'cookie', cookie: 'ROUTEID' },
      ...{ path: '/shop', sameSite: 'lax' },
    }
    const { files } = edit({ 'shop.conf': withCookie }, { ...asWritten, affinity })
    expect(linesOf(files['shop.conf']).filter((line) => line.startsWith('Header'))).toEqual([
      'Header add Set-Cookie "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; Version=1; path=/shop; SameSite=Lax" env=BALANCER_ROUTE_CHANGED',
    ])
  })

  test('sets no cookie that its affinity does not read, unless another balancer does', () => {
    const wanted = { ...asWritten, affinity: { method: 'jvm_route' } }
    const { files, said } = edit({ 'shop.conf': withCookie }, wanted)
    expect(files['shop.conf']).not.toContain('Set-Cookie')
    expect(said.join()).toContain('the cookie "ROUTEID" is no longer set')
    const shared = `${withCookie}<Proxy balancer://other>\n  BalancerMember http://10.9.9.9:80 route=o\n  ProxySet stickysession=ROUTEID\n</Proxy>\n`
    expect(edit({ 'shop.conf': shared }, wanted).files['shop.conf']).toContain(cookieLine)
  })
})

describe('the expression of health checks', () => {
  const check = { uri: '/up', interval: '5s', expect: { status: [200] } }
  const wanted = { ...asWritten, upstream: { ...asWritten.upstream, check } }

  test('is defined before the balancer, and then kept', () => {
    const edited = edit({ 'shop.conf': site }, wanted).files['shop.conf'] ?? ''
    expect(edited).toMatch(/^# The shop\nProxyHCExpr check-shop "[^"]+"\n<Proxy /)
    expect(edited.match(/hcexpr=check-shop/g)).toHaveLength(2)
    expect(edit({ 'shop.conf': edited }, wanted).files['shop.conf']).toBe(edited)
  })

  test('keeps its name in the file', () => {
    const edited = edit({ 'shop.conf': site }, wanted).files['shop.conf'] ?? ''
    const renamed = edited.replaceAll('check-shop', 'alive').replace('-ge 200', '-ge 204')
    const { files, said } = edit({ 'shop.conf': renamed }, wanted)
    expect(files['shop.conf']).toBe(edited.replaceAll('check-shop', 'alive'))
    expect(said).toHaveLength(1)
  })
})

test.each([
  ['/etc/apache2', 'sites-enabled/shop.conf'],
  ['/etc/httpd', '../sites-enabled/shop.conf'],
])('the files of a copy of %s are those that it includes', (root, path) => {
  const main = `ServerRoot "${root}"\nInclude sites-enabled/*.conf\n`
  expect(edit({ 'httpd.conf': main, [path]: site }, asWritten).files).toEqual({ 'shop.conf': site })
})

test('the included file that holds the balancer is the one that is written', () => {
  const main = 'Define NAME shop\nInclude sites/*.conf\n'
  const { files } = edit({ 'httpd.conf': main, 'sites/shop.conf': site }, asWritten)
  expect(files).toEqual({ 'shop.conf': site })
})

describe('a balancer that the files do not have', () => {
  const host = '# The site\n<VirtualHost *:80>\n  ProxyPass / balancer://shop/\n</VirtualHost>\n'

  test.each([
    [
      'before the first virtual host',
      `Listen 80\n\n${host}`,
      /^Listen 80\n\n<Proxy balancer:\/\/shop>\n/,
    ],
    [
      'after the other balancers',
      `<Proxy balancer://x>\n  BalancerMember http://x\n</Proxy>\n\n${host}`,
      /<\/Proxy>\n\n<Proxy balancer:\/\/shop>\n/,
    ],
    [
      'at the end of a template',
      `{% if a %}\n${host}{% endif %}\n`,
      /{% endif %}\n\n<Proxy balancer:\/\/shop>\n/,
    ],
    ['at the end', 'Listen 80', /^Listen 80\n\n<Proxy balancer:\/\/shop>\n/],
  ])('is written %s, and then kept', (_, text, expected) => {
    const first = edit({ 'httpd.conf': text }, { affinity: { method: 'jvm_route' } }).files[
      'httpd.conf'
    ]
    expect(first).toMatch(expected)
    const again = edit({ 'httpd.conf': first ?? '' }, { affinity: { method: 'jvm_route' } })
    expect(again.files).toEqual({ 'httpd.conf': first })
  })
})

describe('what the rest of the files must have', () => {
  const check = (text: string): readonly string[] => edit({ 'shop.conf': text }, asWritten).said

  test('a directive that sends requests to the balancer', () => {
    expect(check(site.replace(/ {2}ProxyPass \/.*\n/, ''))[0]).toMatch(
      /^httpd-base-not-passed conf\/shop.conf:4: no directive /,
    )
    const rewrite = '  RewriteRule ^/(.*)$ balancer://shop/$1 [P]\n'
    expect(check(site.replace(/ {2}ProxyPass \/.*\n/, rewrite))).toEqual([])
  })

  test('the method in each virtual host', () => {
    expect(check(site.replace('shop/ lbmethod=bybusyness', 'shop/'))).toEqual([
      'httpd-base-method-reset conf/shop.conf:14: balancer "shop" has the method byrequests in this virtual host, not bybusyness',
    ])
  })

  test('no members without effect', () => {
    const own = '<Proxy balancer://shop>\n    BalancerMember http://10.0.0.5:80\n  </Proxy>\n'
    expect(check(site.replace('  ServerName', `  ${own}  ServerName`))).toEqual([
      'httpd-base-shadowed conf/shop.conf:14: member "http://10.0.0.5:80" of balancer "shop" has no effect: the main server has a balancer of this name',
    ])
  })
})

describe('files that cannot be edited', () => {
  test.each([
    ['a section that is open', '<Proxy balancer://shop>\n', 'httpd-base-invalid conf/a.conf:1'],
    [
      'a macro',
      '<Macro App $n>\n<Proxy balancer://shop>\n  BalancerMember http://$n\n</Proxy>\n</Macro>\nUse App a\nUse App b\n',
      'httpd-base-template conf/a.conf:3',
    ],
    [
      'two virtual hosts',
      '<VirtualHost *:80>\n<Proxy balancer://shop>\nBalancerMember http://a\n</Proxy>\n</VirtualHost>\n<VirtualHost *:81>\n<Proxy balancer://shop>\nBalancerMember http://b\n</Proxy>\n</VirtualHost>\n',
      'httpd-base-twice conf/a.conf:8',
    ],
  ])('%s', (_, text, expected) => {
    const { files, said } = edit({ 'a.conf': text }, asWritten)
    expect(files).toEqual({})
    expect(said.filter((each) => each.startsWith(`${expected}: `))).toHaveLength(1)
  })
})
