import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { imported, nginx, serverXml, tomcat } from './support.ts'

const site = (servers: string): string => `
http {
  upstream shop {
${servers}
    jvm_route $cookie_JSESSIONID|jsessionid reverse;
  }
  server { location / { proxy_pass http://shop; } }
}
`

const two = site('server app1:8080 srun_id=a; server app2:8081 srun_id=b;')

const managed = (manager: string): string => `<Context>\n  ${manager}\n</Context>\n`

const redisson = managed(
  `<Manager className="org.redisson.tomcat.RedissonSessionManager" configPath="\${catalina.base}/conf/redisson.yaml" updateMode="AFTER_REQUEST"/>`,
)

test('a server.xml is matched by its jvmRoute', () => {
  const { spec, reports } = imported([
    nginx(two),
    ...tomcat('one', serverXml('b', 9000)),
    ...tomcat('two', serverXml('a', 9001)),
  ])
  expect(reports.toSorted()).toEqual([
    expect.stringMatching(/^one\/server\.xml:4 import-refused: .*"9000" .* changes to 8081$/),
    expect.stringMatching(/^two\/server\.xml:4 import-refused: .*"9001" .* changes to 8080$/),
  ])
  expect(spec).toBeNull()
})

test('files with the routes and ports of the upstream become the bases of its servers', () => {
  const { spec, reports } = imported([
    nginx(two),
    ...tomcat('one', serverXml('b', 8081)),
    ...tomcat('two', serverXml('a', 8080)),
  ])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    upstreams: {
      shop: {
        servers: {
          a: { address: 'app1:8080', tomcat: { base: 'two/server.xml' } },
          b: { address: 'app2:8081', tomcat: { base: 'one/server.xml' } },
        },
        app: { runtime: 'tomcat', version: '9.0.98', sessions: { store: 'local' } },
      },
    },
  })
})

test('without routes, a server.xml is matched by the port and by the host', () => {
  const upstream = `upstream shop { ip_hash; server 10.0.0.1:8080; server 10.0.0.2:8081; }`
  const byPort = imported([
    nginx(upstream),
    ...tomcat('one', serverXml(null, 8081)),
    ...tomcat('two', serverXml(null, 8080)),
  ])
  expect(byPort.reports).toEqual([])
  expect(byPort.spec).toMatchObject({
    upstreams: { shop: { servers: { '10.0.0.1': { tomcat: { base: 'two/server.xml' } } } } },
  })
  const hosts = `upstream shop { ip_hash; server app1.internal:8080; server app2.internal:8080; }`
  const byHost = imported([
    nginx(hosts),
    ...tomcat('hosts/app1', serverXml(null)),
    ...tomcat('hosts/app2', serverXml(null)),
  ])
  expect(byHost.reports).toEqual([])
  expect(byHost.spec).toMatchObject({
    upstreams: {
      shop: { servers: { 'app2.internal': { tomcat: { base: 'hosts/app2/server.xml' } } } },
    },
  })
})

test('what cannot be matched is asked for at its place', () => {
  const { reports, text } = imported([
    nginx(two),
    ...tomcat('one', serverXml('a')),
    ...tomcat('other', serverXml('z', 9999)),
  ])
  expect(reports).toEqual([
    'other/server.xml:5 import-unmatched: no server of the upstreams has the jvmRoute "z" of this Tomcat',
  ])
  expect(text).toContain(
    '# TODO: other/server.xml (jvmRoute "z", port 9999) belongs to none of these servers; write tomcat: { base: other/server.xml } at its server\n    servers:',
  )
  expect(text).toContain('# TODO: no server.xml was given for this server')
})

test('a jvmRoute that differs from srun_id is refused at its line', () => {
  const one = site('server app1:8080 srun_id=a;')
  expect(imported([nginx(one), ...tomcat('one', serverXml('A'))]).reports).toEqual([
    'one/server.xml:5 import-refused: this file cannot be imported: jvmRoute "A" changes to "a"',
  ])
})

test('the store of a Manager is that of the spec', () => {
  const { reports, spec, text } = imported([
    nginx(two),
    ...tomcat('one', serverXml('a'), redisson),
    ...tomcat('two', serverXml('b', 8081), redisson),
  ])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    upstreams: {
      shop: {
        servers: { a: { tomcat: { contextBase: 'one/context.xml' } } },
        app: {
          sessions: { store: 'redisson', use: 'sessions', updateMode: 'AFTER_REQUEST' },
        },
      },
    },
    stores: { sessions: { kind: 'redis' } },
  })
  expect(text).toContain('# TODO: the mode and the addresses of Redis')
})

test.each([
  ['<Manager className="com.example.OurManager"/>', 'com.example.OurManager'],
  [
    '<Manager className="de.javakaffee.web.msm.MemcachedBackupSessionManager" memcachedNodes="n1:10.0.0.9:11211"/>',
    'MemcachedBackupSessionManager',
  ],
])('a Manager that sessctl would write differently is kept: %s', (manager, name) => {
  const { reports, spec, text } = imported([
    nginx(two),
    ...tomcat('one', serverXml('a'), managed(manager)),
  ])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({ upstreams: { shop: { app: { sessions: { store: 'local' } } } } })
  expect(text).toContain(`${name} in one/context.xml, line 2, is kept`)
})

test('Tomcats without a proxy are the servers of one upstream, and the proxy is asked for', () => {
  const { reports, spec, text } = imported([
    ...tomcat('one', serverXml('a')),
    ...tomcat('two', serverXml('b')),
  ])
  expect(reports).toEqual([])
  expect(spec).toMatchObject({
    upstreams: {
      tomcat: {
        affinity: { method: 'jvm_route' },
        servers: { a: { address: 'tomcat1:8080' }, b: { address: 'tomcat2:8080' } },
      },
    },
  })
  expect(text).toContain('# TODO: the addresses at which the proxy reaches the servers')
  expect(text).toContain('# TODO: the proxy in front of the Tomcats')
})

test('the version is that of the installation, else asked for', () => {
  const one = site('server app1:8080 srun_id=a;')
  const known = imported([nginx(one), ...tomcat('one', serverXml('a'))]).text
  expect(known).toContain('version: 9.0.98 # of the installation that the files are in')
  const asked = imported([nginx(one), ...tomcat('one', serverXml('a'), null, null)]).text
  expect(asked).toContain('version: "9.0" # TODO: the release that "catalina.sh version" prints')
})

test('a file that is not XML is refused at its line', () => {
  const { reports } = imported([nginx(two), ...tomcat('one', '<Server>\n<Service></Server>')])
  expect(reports[0]).toMatch(/^one\/server\.xml:2 tomcat-base-invalid: this is not well-formed XML/)
})

test('a jvmRoute that no spec can have, and a context.xml alone, are refused', () => {
  const template = serverXml('{{ route }}')
  expect(imported([nginx(two), ...tomcat('one', template)]).reports).toEqual([
    expect.stringMatching(
      /^one\/server\.xml:5 import-refused: jvmRoute "\{\{ route \}\}" is no route/,
    ),
  ])
  const [, context] = tomcat('one', serverXml('a'), redisson)
  expect(imported(context === undefined ? [] : [nginx(two), context]).reports).toEqual([
    'one/context.xml:1 import-refused: no server.xml of the folder of this context.xml is imported',
  ])
})

test.each(['static', 'static-service', 'multicast', 'dns', 'kubernetes'])(
  'replication with membership %s is that of the spec',
  (membership) => {
    const { artifacts } = compileText(`version: 1
name: app
targets: { nginx: { version: "1.26.3" } }
upstreams:
  app:
    affinity: { method: jvm_route }
    servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 }
    app: { runtime: tomcat, version: "9.0.98", sessions: { store: delta, membership: ${membership} } }
`)
    const textOf = (path: string): string => artifacts.find((one) => one.path === path)?.text ?? ''
    const files = ['a', 'b'].flatMap((name) =>
      tomcat(
        name,
        textOf(`tomcat/${name}/conf/server.xml`),
        textOf(`tomcat/${name}/conf/context.xml`),
      ),
    )
    const servers = 'server 10.0.0.1:8080 srun_id=a; server 10.0.0.2:8080 srun_id=b;'
    const proxy = nginx(site(servers).replaceAll('shop', 'app'))
    const { reports, spec } = imported([proxy, ...files])
    expect(reports).toEqual([])
    const wanted = membership === 'static' ? { store: 'delta' } : { store: 'delta', membership }
    expect(spec).toMatchObject({ upstreams: { app: { app: { sessions: wanted } } } })
  },
)
