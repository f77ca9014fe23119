import { expect, test } from 'vitest'
import { type HttpdHost, httpdHosts } from '../../../src/core/config/httpd/balancers.ts'
import { readHttpdFiles } from '../../../src/core/config/httpd/files.ts'

const hostsOf = (files: Readonly<Record<string, string>>): readonly HttpdHost[] => {
  const given = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))
  return httpdHosts(readHttpdFiles('httpd.conf', given).statements)
}

const place = ({ directive, path }: { directive: { line: number }; path: string }): string =>
  `${path.replace('.conf', '')}:${directive.line}`

interface Shown {
  readonly host: string
  readonly balancers: Readonly<Record<string, readonly string[]>>
}

/** Members, `-` for ignored ones, `name=value` for parameters, `>` for uses; each with its place. */
const shown = (hosts: readonly HttpdHost[]): readonly Shown[] =>
  hosts.map(({ balancers, statement }) => ({
    host: statement?.args.join(' ') ?? 'main',
    balancers: Object.fromEntries(
      balancers.map(({ ignored, members, name, parameters, uses }) => [
        name,
        [
          ...members.map(({ parameters: of, statement: at, url }) =>
            [url, ...of.map((each) => `${each.name}=${each.value}`), place(at)].join(' '),
          ),
          ...ignored.map(({ reason, statement: at, url }) => `- ${url} ${reason} ${place(at)}`),
          ...parameters.map((each) => `${each.name}=${each.value} ${place(each.statement)}`),
          ...uses.map((use) => `> ${use.name} ${place(use)}`),
        ],
      ]),
    ),
  }))

test('a balancer has members, parameters and uses with their lines, also from included files', () => {
  const hosts = hostsOf({
    'httpd.conf': `Define base http://10.0.0
Include pool.conf
<VirtualHost *:80>
  ServerName shop.example
  ProxyPass /static !
  ProxyPass / balancer://Shop/ stickysession=ROUTE nofailover=On nocanon
  ProxyPassReverse / balancer://shop/
  BalancerPersist On
</VirtualHost>
<VirtualHost *:81>
  <Location /a>
    ProxyPass "balancer://shop/a" "timeout=5"
  </Location>
  <LocationMatch ^/b>
    SetHandler "proxy:balancer://shop/"
  </LocationMatch>
  RewriteRule ^/c(.*) balancer://shop/c$1 [QSA,P]
  RewriteRule ^/d(.*) balancer://other/d$1 [R]
</VirtualHost>
`,
    'pool.conf': `<Proxy "balancer://shop/" growth=10>
  BalancerMember \${base}.1:8080 route=a loadfactor=2
  BalancerMember \${base}.2:8080 route=b \\
    Status=+H
  ProxySet lbmethod=bytraffic stickysession=JSESSIONID|jsessionid
  ProxySet lbmethod=byrequests
</Proxy>
BalancerMember balancer://more ajp://10.0.0.3:8009 route=c
ProxySet balancer://more lbmethod=bybusyness
`,
  })
  const members = [
    'http://10.0.0.1:8080 route=a loadfactor=2 pool:2',
    'http://10.0.0.2:8080 route=b status=+H pool:3',
  ]
  const more = ['ajp://10.0.0.3:8009 route=c pool:8', 'lbmethod=bybusyness pool:9']
  expect(shown(hosts)).toEqual([
    {
      host: 'main',
      balancers: {
        shop: [
          ...members,
          'growth=10 pool:1',
          'lbmethod=byrequests pool:6',
          'stickysession=JSESSIONID|jsessionid pool:5',
        ],
        more,
      },
    },
    {
      host: '*:80',
      balancers: {
        shop: [
          ...members,
          'growth=10 pool:1',
          'stickysession=ROUTE httpd:6',
          'nofailover=On httpd:6',
          '> proxypass httpd:6',
        ],
        more,
      },
    },
    {
      host: '*:81',
      balancers: {
        shop: [
          ...members,
          'growth=10 pool:1',
          'stickysession=JSESSIONID|jsessionid pool:5',
          'timeout=5 httpd:12',
          '> proxypass httpd:12',
          '> sethandler httpd:15',
          '> rewriterule httpd:17',
        ],
        more,
      },
    },
  ])
  expect(hosts.map(({ persist }) => persist?.args)).toEqual([undefined, ['On'], undefined])
})

test('a virtual host that only rewrites to a balancer keeps the method of the main server', () => {
  const hosts = hostsOf({
    'httpd.conf':
      '<Proxy balancer://a>\nBalancerMember http://h\nProxySet lbmethod=bytraffic\n</Proxy>\n<VirtualHost *>\nRewriteRule . balancer://a/ [P]\n</VirtualHost>\n',
  })
  expect(shown(hosts)[1]?.balancers).toEqual({
    a: ['http://h httpd:2', 'lbmethod=bytraffic httpd:3', '> rewriterule httpd:6'],
  })
})

test('members of a virtual host have no effect if the main server names the balancer', () => {
  const own = '<VirtualHost *>\n<Proxy balancer://a>\nBalancerMember http://h\n</Proxy>\n'
  const main = 'ProxyPass /a balancer://a/\n'
  expect(shown(hostsOf({ 'httpd.conf': `${own}</VirtualHost>\n${main}` }))[1]?.balancers).toEqual({
    a: ['- http://h main server httpd:3'],
  })
  const half = `${own}BalancerInherit OFF\n</VirtualHost>\n${main}`
  expect(shown(hostsOf({ 'httpd.conf': half }))[1]?.balancers).toEqual({
    a: ['- http://h main server httpd:3'],
  })
  const apart = hostsOf({ 'httpd.conf': `${half}ProxyPassInherit Off\n` })
  expect(shown(apart)[1]?.balancers).toEqual({ a: ['http://h httpd:3'] })
})

test('a member with the URL of another one, or with the beginning of it, is repeated', () => {
  const [main] = hostsOf({
    'httpd.conf': `<Proxy balancer://a>
BalancerMember HTTP://Host:80 route=a
BalancerMember http://host/ route=b
BalancerMember http://host/app route=c
BalancerMember http://host:8080/app route=d
BalancerMember http://host:8080 route=e
BalancerMember http://host:8080/app2 route=f
BalancerMember https://host:443 route=g
BalancerMember https://host route=h
</Proxy>
`,
  })
  expect(main?.balancers[0]?.members.map(({ url }) => url)).toEqual([
    'HTTP://Host:80',
    'http://host:8080/app',
    'http://host:8080',
    'https://host:443',
  ])
  expect(main?.balancers[0]?.ignored.map(({ reason, url }) => [url, reason])).toEqual([
    ['http://host/', 'repeated'],
    ['http://host/app', 'repeated'],
    ['http://host:8080/app2', 'repeated'],
    ['https://host', 'repeated'],
  ])
})

test('conditions and macros are executed', () => {
  const [main] = hostsOf({
    'httpd.conf': `<Macro Pool $name $host>
<Proxy balancer://$name>
BalancerMember http://$host route=$host
</Proxy>
</Macro>
Use Pool one h1
<IfModule mod_proxy.c>
Use Pool two h2
</IfModule>
<IfDefine never>
Use Pool three h3
</IfDefine>
`,
  })
  expect(main?.balancers.map(({ members, name }) => [name, members[0]?.url])).toEqual([
    ['one', 'http://h1'],
    ['two', 'http://h2'],
  ])
})
