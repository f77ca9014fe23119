import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { XmlElement } from '../../../src/core/dialects/tomcat/xml/document.ts'
import { parseXml } from '../../../src/core/dialects/tomcat/xml/parse.ts'
import { parseVersion } from '../../../src/core/model/version.ts'
import type { Artifact } from '../../../src/core/render/artifact.ts'
import { type IsolatedXml, isolateXml } from '../../../src/core/validate/tomcat/isolate.ts'
import { planTomcats } from '../../../src/core/validate/tomcat/plan.ts'
import { clusterOf } from './cluster-of.ts'

const documentOf = (text: string | Uint8Array) => {
  const parsed = parseXml(typeof text === 'string' ? new TextEncoder().encode(text) : text)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return parsed.value
}
const madeHarmless = (text: string | Uint8Array): IsolatedXml => {
  const made = isolateXml(documentOf(text), '/stage/empty')
  if (typeof made === 'string') throw new Error(made)
  return made
}
const all = (element: XmlElement): readonly XmlElement[] => [
  element,
  ...element.children.flatMap(all),
]
const attributes = (text: string, name: string): readonly Record<string, string>[] =>
  all(documentOf(text.replace(/^<\?xml.*?\?>/, '')).root)
    .filter((element) => element.name === name)
    .map((element) => Object.fromEntries(element.attributes.map((one) => [one.name, one.value])))

const dangerous = `<?xml version="1.0" encoding="UTF-8"?>
<Server port="8005" shutdown="SHUTDOWN" portOffset="5">
  <Listener className="org.apache.catalina.security.SecurityListener"/>
  <Listener className="org.apache.catalina.mbeans.JmxRemoteLifecycleListener" rmiRegistryPortPlatform="10001"/>
  <GlobalNamingResources>
    <Resource name="UserDatabase" type="org.apache.catalina.UserDatabase" pathname="/etc/tomcat/users.xml"/>
    <Resource name="jdbc/x" type="javax.sql.DataSource"
              url="jdbc:postgresql://db/x"/>
  </GlobalNamingResources>
  <Service name="Catalina">
    <Connector port="80" protocol="HTTP/1.1" address="0.0.0.0"/>
    <Connector protocol="HTTP/1.1" unixDomainSocketPath="/run/t.sock"/>
    <Connector port="8443" SSLEnabled="true"><SSLHostConfig/></Connector>
    <Engine className="com.example.Engine" name="Catalina" defaultHost="localhost" jvmRoute="t1">
      <Cluster className="org.apache.catalina.ha.tcp.SimpleTcpCluster">
        <Channel className="org.apache.catalina.tribes.group.GroupChannel"/>
      </Cluster>
      <Realm className="org.apache.catalina.realm.LockOutRealm">
        <Realm className="org.apache.catalina.realm.JNDIRealm" connectionURL="ldap://l"/>
      </Realm>
      <Host name="localhost" appBase="/srv/apps" xmlBase="/srv/xml" workDir="/srv/work" deployOnStartup="false">
        <Context path="/x" docBase="/srv/x" workDir="/srv/y">
          <Manager pathname="/srv/SESSIONS.ser"/>
          <Loader className="org.apache.catalina.loader.WebappLoader"/>
        </Context>
        <Context path="/y" docBase="/srv/y">
          <Manager className="org.apache.catalina.session.PersistentManager" pathname="">
            <Store className="org.apache.catalina.session.FileStore" directory="/srv/sessions"/>
          </Manager>
        </Context>
        <Valve className="org.apache.catalina.valves.AccessLogValve" directory="/var/log/tomcat"/>
        <Valve className="com.example.Mine"/>
      </Host>
    </Engine>
  </Service>
</Server>
`

describe('isolateXml', () => {
  const { text, notes } = madeHarmless(dangerous)

  test('listens on loopback addresses and free ports only, without a shutdown port', () => {
    expect(attributes(text, 'Server')).toEqual([
      { port: '-1', shutdown: 'SHUTDOWN', portOffset: '0' },
    ])
    const connectors = attributes(text, 'Connector')
    expect(connectors).toHaveLength(3)
    for (const connector of connectors) {
      expect(connector).toMatchObject({ port: '0', address: '127.0.0.1' })
      expect(connector).not.toHaveProperty('unixDomainSocketPath')
      expect(connector['SSLEnabled'] ?? 'false').toBe('false')
    }
  })

  test('contains no path outside of the stage', () => {
    expect(text).not.toMatch(/\/srv|\/var|\/etc|ldap:|jdbc:/)
    expect(attributes(text, 'Host')).toEqual([
      { name: 'localhost', appBase: 'webapps', deployOnStartup: 'true' },
    ])
    expect(attributes(text, 'Context')).toEqual([
      { path: '/x', docBase: '/stage/empty' },
      { path: '/y', docBase: '/stage/empty' },
    ])
    expect(attributes(text, 'Manager')).toEqual([
      { pathname: 'SESSIONS.ser' },
      { className: 'org.apache.catalina.session.PersistentManager', pathname: '' },
    ])
  })

  test('reports what it left out, and where', () => {
    expect(notes).toEqual([
      '<Listener> in line 3 was left out: it uses something outside this Tomcat',
      '<Listener> in line 4 was left out: it uses something outside this Tomcat',
      '<Resource> in line 7 was left out: it uses something outside this Tomcat',
      'className in line 14 was left out: com.example.Engine is not part of Tomcat',
      '<Cluster> in line 15 was left out: it uses something outside this Tomcat',
      '<Realm> in line 19 was left out: it uses something outside this Tomcat',
      '<Loader> in line 24 was left out: it uses something outside this Tomcat',
      '<Valve> in line 32 was left out: its class com.example.Mine is not part of Tomcat',
    ])
  })

  test('moves no line', () => {
    expect(text.split('\n')).toHaveLength(dangerous.split('\n').length)
  })

  test.each([
    '<!DOCTYPE Server [<!ENTITY c SYSTEM "connectors.xml">]>',
    '<!DOCTYPE Server [<!ENTITY c "<Connector port=\'80\'/>">]>',
    '<!DOCTYPE Server [<!ENTITY c "a><Connector port=\'80\'/>">]>',
    '<!DOCTYPE Server [<!ENTITY c "&#60;Connector port=\'80\'/>">]>',
    '<!DOCTYPE Server [<!ENTITY % c "x"> %c;]>',
    '<!DOCTYPE Server SYSTEM "server.dtd">',
  ])('refuses what a DOCTYPE could include: %s', (doctype) => {
    expect(isolateXml(documentOf(`${doctype}<Server/>`), '/e')).toMatch(/DOCTYPE/)
  })

  const bases = fileURLToPath(new URL('../../../fixtures/tomcat/base/', import.meta.url))
  const files = readdirSync(bases).filter(
    (name) => name.startsWith('server') && !/doctype/.test(name),
  )

  test.each(files)('%s', (name) => {
    const bytes = readFileSync(`${bases}${name}`)
    const { text } = madeHarmless(bytes)
    expect(text.split(/\r\n|\r|\n/)).toHaveLength(documentOf(bytes).text.split(/\r\n|\r|\n/).length)
    for (const connector of attributes(text, 'Connector')) {
      expect(connector).toMatchObject({ port: '0', address: '127.0.0.1' })
    }
  })
})

const artifact = (path: string, text: string): Artifact => ({
  dialect: 'tomcat',
  path,
  source: null,
  text,
  bytes: new TextEncoder().encode(text),
})
const serverXml = (route: string, port: number, more = '') =>
  `<Server port="8005">\n  <Service name="Catalina">\n    <Connector port="${port}"/>${more}\n    <Engine name="Catalina" defaultHost="localhost" jvmRoute="${route}">\n      <Host name="localhost" appBase="webapps"/>\n    </Engine>\n  </Service>\n</Server>\n`

const tool = { product: 'Tomcat', version: '9.0.118', program: 'java', answer: '', home: '/home' }
const job = {
  cluster: clusterOf(
    'version: 1\nname: s\ntargets: { haproxy: { version: "2.6" } }\nfrontends: { w: { listen: [80], locations: [{ match: /, upstream: u }] } }\nupstreams: { u: { servers: { a: "h:1" } } }',
  ),
  inputs: new Map(),
  artifacts: [],
  folder: '/stage',
  isRoot: false,
}
const filesOf = (name: string, version: string, server: string, context = '<Context/>') => ({
  base: `tomcat/${name}`,
  version: parseVersion(version),
  artifacts: [
    artifact(`tomcat/${name}/conf/server.xml`, server),
    artifact(`tomcat/${name}/conf/Catalina/localhost/shop#a.xml`, context),
  ],
})
const planFor = (...tomcats: ReturnType<typeof filesOf>[]) =>
  planTomcats(job, tool, tomcats).map((one) => {
    if ('reason' in one) throw new Error(one.reason)
    return one
  })

describe('planTomcats', () => {
  test('one server represents all that differ only in routes and ports', () => {
    const planned = planFor(
      filesOf('a', '9.0.118', serverXml('a', 8080)),
      filesOf('b', '9.0.118', serverXml('b', 18081)),
      filesOf('c', '9.0.118', serverXml('c', 8080, '<Valve/>')),
      filesOf('d', '9.0.118', serverXml('d', 8080), '<Context cookies="false"/>'),
      filesOf('e', '9.0.117', serverXml('e', 8080)),
    )
    expect(planned.map(({ covers }) => covers[0])).toEqual(
      ['a', 'c', 'd', 'e'].map((name) => `tomcat/${name}/conf/server.xml`),
    )
    expect(planned[0]?.twins).toEqual([
      { path: 'tomcat/b/conf/server.xml', like: 'tomcat/a/conf/server.xml' },
      {
        path: 'tomcat/b/conf/Catalina/localhost/shop#a.xml',
        like: 'tomcat/a/conf/Catalina/localhost/shop#a.xml',
      },
    ])
    expect(planned.map(({ insteadOf }) => insteadOf)).toEqual([null, null, null, 'Tomcat 9.0.117'])
  })

  test('each context file gets an application, and the base what it needs', () => {
    const [planned] = planFor(filesOf('a', '9.0.118', serverXml('a', 8080)))
    expect(planned?.check.folders).toEqual(
      expect.arrayContaining([
        'empty',
        'tomcat/a/webapps/ROOT',
        'tomcat/a/webapps/shop#a',
        'tomcat/a/temp',
      ]),
    )
    expect(planned?.check.args).toContain('-Dcatalina.base=/stage/tomcat/a')
    expect(
      planned?.until?.test(
        'x INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [134] milliseconds',
      ),
    ).toBe(true)
  })
})

test('jars are not searched for tag libraries, unless a Host allows no context files of applications', () => {
  const pathsOf = (server: string) =>
    planFor(filesOf('a', '9.0.118', server)).flatMap(({ check }) =>
      check.files.map(({ path }) => path),
    )
  const own = 'tomcat/a/webapps/ROOT/META-INF/context.xml'
  const given = serverXml('a', 8080)
  expect(pathsOf(given)).toContain(own)
  expect(pathsOf(given.replace('appBase=', "deployXML = 'false' appBase="))).not.toContain(own)
})

describe('reading the log of a start', () => {
  const xml = serverXml('a', 8080, '<Valve className="org.apache.Nope"/>')
  const [planned] = planFor(filesOf('a', '9.0.118', xml))
  const [newer] = planFor(filesOf('a', '9.0.122', xml))
  const record = (level: string, source: string, message: string) =>
    `21-Nov-2026 06:40:44.254 ${level} [main] org.apache.catalina.${source} ${message}`
  const up = record('INFO', 'startup.Catalina.start', 'Server startup in [134] milliseconds')
  const read = (lines: readonly string[], isReached: boolean, which = planned) =>
    which?.read({ exitCode: null, isReached, isTimedOut: false, output: lines.join('\n') })

  test('started without a message', () => {
    expect(read([record('INFO', 'x.Y.z', 'Starting'), up], true)).toEqual({
      kind: 'accepted',
      findings: [],
    })
  })

  test.each([
    [
      'startup.x',
      'Match [Server/Service/Connector] failed to set property [bogus] to [1]',
      'bogus="1"',
    ],
    [
      'startup.x',
      "[SetAllPropertiesRule]{Server/Service/Connector} Setting property 'bogus' to '1' did not find a matching property.",
      'bogus="1"',
    ],
    ['startup.x', 'No rules found matching [Server/Service/Valve]', 'element Server/Service/Valve'],
    [
      'startup.x',
      "  No rules found matching 'Server/Service/Valve'.",
      'element Server/Service/Valve',
    ],
  ])('what Tomcat ignores is refused: %s %s', (source, message, said) => {
    expect(read([record('WARNING', source, message), up], true)).toMatchObject({
      kind: 'refused',
      others: 'accepted',
      findings: [{ severity: 'error', message: expect.stringContaining(said) }],
    })
  })

  test('an unknown attribute is inconclusive in an older release, not in a newer one', () => {
    const lines = [
      record(
        'WARNING',
        'x.Y.z',
        'Match [Server/Service/Connector] failed to set property [bogus] to [1]',
      ),
      up,
    ]
    expect(read(lines, true, newer)).toMatchObject({
      kind: 'not-checked',
      reason: expect.stringMatching(/^Tomcat 9.0.118 is not 9.0.122: Tomcat ignores bogus/),
    })
    const [older] = planFor(filesOf('a', '9.0.100', xml))
    expect(read(lines, true, older)?.kind).toBe('refused')
  })

  const parseError = [
    record('SEVERE', 'Digester.startElement', 'Begin event threw exception'),
    '\tjava.lang.ClassNotFoundException: org.apache.Nope',
    '\t\tat java.base/java.net.URLClassLoader.findClass(URLClassLoader.java:445)',
    record(
      'WARNING',
      'startup.Catalina.parseServerXml',
      'Unable to load server configuration from [/stage/x]',
    ),
    '\torg.xml.sax.SAXParseException; systemId: file:/stage/tomcat/a/conf/server.xml; lineNumber: 3; columnNumber: 44; Error at line [3] column [44]: [org.apache.Nope]',
    '\tCaused by: java.lang.ClassNotFoundException: org.apache.Nope',
    '\t\t... 21 more',
    record(
      'SEVERE',
      'startup.Catalina.start',
      'Cannot start server, server instance is not configured',
    ),
  ]

  test('a parse error has its file and line, and is reported once', () => {
    expect(read(parseError, false)).toEqual({
      kind: 'refused',
      others: 'not-checked',
      findings: [
        {
          severity: 'error',
          path: 'tomcat/a/conf/server.xml',
          line: 3,
          message: 'ClassNotFoundException: org.apache.Nope',
        },
      ],
    })
  })

  test('also in Tomcat 7', () => {
    const lines = [
      record(
        'WARNING',
        'startup.Catalina.load',
        'Catalina.start using conf/server.xml: Error at (3, 44) : org.apache.Nope',
      ),
    ]
    expect(read(lines, false)).toMatchObject({
      kind: 'refused',
      findings: [{ path: 'tomcat/a/conf/server.xml', line: 3, message: 'org.apache.Nope' }],
    })
  })

  test('a component that does not start is reported with its cause', () => {
    const lines = [
      record(
        'SEVERE',
        'core.StandardService.startInternal',
        'Failed to start connector [Connector["ajp"]]',
      ),
      '\torg.apache.catalina.LifecycleException: Protocol handler start failed',
      '\tCaused by: java.lang.IllegalArgumentException: The AJP Connector has no secret',
      up,
    ]
    expect(read(lines, true)).toMatchObject({
      kind: 'refused',
      findings: [
        {
          message: expect.stringMatching(/^Failed to start .*: IllegalArgumentException: The AJP/),
        },
      ],
    })
  })

  test('messages about this host, and about the way it is stopped, are ignored', () => {
    const lines = [
      record(
        'WARNING',
        'loader.WebappClassLoaderBase.checkThreadLocalsForLeaks',
        'You need to add',
      ),
      record(
        'WARNING',
        'util.SessionIdGeneratorBase.createSecureRandom',
        'Creation of SecureRandom took [900] ms',
      ),
      up,
    ]
    expect(read(lines, true)).toEqual({ kind: 'accepted', findings: [] })
  })

  test('inconclusive without a start: an old Java, missing jars, a timeout', () => {
    expect(read(['Error: java.lang.UnsupportedClassVersionError: x'], false)).toMatchObject({
      kind: 'not-checked',
      reason: expect.stringContaining('Java'),
    })
    expect(
      read(['java.lang.ClassNotFoundException: org.apache.catalina.startup.Catalina'], false),
    ).toMatchObject({ kind: 'not-checked', reason: expect.stringContaining('jars') })
    expect(read([record('INFO', 'x.Y.z', 'Deploying')], false)).toMatchObject({
      kind: 'not-checked',
      reason: 'Tomcat ended before it had started; its last message: Deploying',
    })
  })

  test('if only consequences are known, the first is shown', () => {
    expect(read([record('SEVERE', 'x.Y.z', 'Cannot start server')], false)).toMatchObject({
      kind: 'refused',
      findings: [{ message: 'Cannot start server' }],
    })
  })
})
