import { expect, test } from 'vitest'
import { httpd, imported, serverXml, tomcat } from './support.ts'

const balancer = (lines: string, rest = ''): string =>
  `<Proxy "balancer://app">\n${lines
    .split('; ')
    .map((line) => `    ${line}\n`)
    .join('')}</Proxy>\n${rest}ProxyPass / balancer://app/\n`

const member = 'BalancerMember http://10.0.0.1:8080 route=a'

test.each([
  ['ProxySet lbmethod=bybusyness', '', { balance: 'least_conn' }],
  [
    'ProxySet stickysession=JSESSIONID|jsessionid scolonpathdelim=On',
    '',
    { affinity: { method: 'jvm_route' } },
  ],
  ['ProxySet stickysession=JSESSIONID|jsessionid', '', { affinity: { method: 'jvm_route' } }],
  [
    'ProxySet stickysession=SID|sid nofailover=On',
    '',
    { affinity: { method: 'jvm_route', cookie: 'SID', onFailure: 'strict' } },
  ],
  [
    'ProxySet stickysession=pin stickysessionsep=Off',
    '',
    { affinity: { method: 'sticky', by: 'route', from: ['$cookie_pin', '$arg_pin'] } },
  ],
  [
    'ProxySet stickysession=ROUTEID',
    'Header add Set-Cookie "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; path=/shop; HttpOnly; SameSite=Lax" env=BALANCER_ROUTE_CHANGED\n',
    {
      affinity: {
        method: 'sticky',
        by: 'cookie',
        cookie: 'ROUTEID',
        path: '/shop',
        httpOnly: true,
        sameSite: 'lax',
        indirect: false,
      },
    },
  ],
])('%s', (lines, rest, app) => {
  const { reports, spec } = imported([httpd(balancer(`${member}; ${lines}`, rest))])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    targets: { httpd: { base: 'httpd.conf' } },
    upstreams: { app: { ...app, servers: { a: '10.0.0.1:8080' } } },
  })
})

test('members keep their routes, weights and states; other parameters stay in the file', () => {
  const lines = [
    'BalancerMember http://app1.internal route=one loadfactor=3 ping=5',
    'BalancerMember http://10.0.0.2:8080 route=10-0-0-2 status=+H retry=30',
    'BalancerMember http://[::1]:81 route=drained status=+N',
    'BalancerMember unix:/run/a.sock|http://localhost/ route=off status=+D',
  ].join('; ')
  const { reports, spec } = imported([httpd(balancer(lines))])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    upstreams: {
      app: {
        servers: {
          one: { address: 'app1.internal:80', weight: 3 },
          '10-0-0-2': { address: '10.0.0.2:8080', state: 'backup' },
          drained: { address: '[::1]:81', state: 'drain' },
          off: { address: 'unix:/run/a.sock', state: 'down' },
        },
      },
    },
  })
})

test('a balancer that a spec cannot have is left out at its line', () => {
  const other = '<Proxy balancer://ws>\n  BalancerMember ws://10.0.0.1:8080\n</Proxy>\n'
  const { reports, spec } = imported([httpd(`${other}${balancer(member)}`)])
  expect(reports).toEqual([
    expect.stringMatching(/^httpd\.conf:2 import-left-out: upstream "ws" is not in the spec: /),
  ])
  expect(spec).toMatchObject({ upstreams: { app: { servers: { a: '10.0.0.1:8080' } } } })
})

test('a server.xml belongs to the server with its route', () => {
  const { reports, spec } = imported([
    httpd(balancer(`${member}; ProxySet stickysession=JSESSIONID|jsessionid`)),
    ...tomcat('x', serverXml('a')),
  ])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    upstreams: { app: { servers: { a: { tomcat: { base: 'x/server.xml' } } } } },
  })
})

test('the protocol is that of the members', () => {
  const { reports, spec } = imported([
    httpd(balancer('BalancerMember ajp://10.0.0.1 route=a secret=x')),
  ])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    upstreams: { app: { protocol: 'ajp', servers: { a: '10.0.0.1:8009' } } },
  })
})

test('a configuration without balancers is only named', () => {
  const { reports, spec } = imported([httpd('ProxyPass / http://10.0.0.1:8080/\n')])
  expect(reports).toEqual([
    'httpd.conf:1 import-left-out: there are no upstreams in the spec: this configuration has no balancer with a member',
  ])
  expect(spec).toMatchObject({ targets: { httpd: { base: 'httpd.conf' } }, upstreams: {} })
})

test('the secret of an AJP Connector stays in both files, and is not in the spec', () => {
  const server = serverXml('a').replace(
    'port="8080" protocol="HTTP/1.1"',
    'port="8009" protocol="AJP/1.3" address="10.0.0.1" secret="own"',
  )
  const members =
    '<Proxy balancer://app>\n  BalancerMember ajp://10.0.0.1:8009 route=a secret=own\n  ProxySet stickysession=JSESSIONID|jsessionid scolonpathdelim=On\n</Proxy>\nProxyPass / balancer://app/\n'
  const { reports, spec, text } = imported([httpd(members), ...tomcat('tc', server)])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    upstreams: { app: { protocol: 'ajp', servers: { a: { tomcat: { base: 'tc/server.xml' } } } } },
  })
  expect(text).not.toContain('own')
})
