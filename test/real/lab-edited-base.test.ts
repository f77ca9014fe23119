import { describe, expect, vi } from 'vitest'
import type { ScenarioName } from '../../src/core/traffic/scenario.ts'
import { type Programs, pairSpec, resultOf, scenarioOptions, trialsOf } from './support/lab.ts'
import { findServer, findTomcat, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findServer('nginx', '1.30')

const comments = `<!-- <Connector port="1" protocol="HTTP/1.1"/>
  <Manager className="com.example.Nowhere"/> -->`

/** Two Services; the balancer connects to the second, by the port of the spec. */
const serverXml = (inShop = '', inHost = '', inEngine = ''): string => `<?xml version="1.0"?>
<Server port="8005" shutdown="SHUTDOWN">
  ${comments}
  <Listener className="com.example.Watch"/>
  <Service name="Catalina">
    <Connector port="9090" protocol="HTTP/1.1"/>
    <Engine name="Catalina" defaultHost="localhost">
      <Host name="localhost" appBase="/srv/admin"/>
    </Engine>
  </Service>
  <Service name="Shop">
    <Connector port="8080" protocol="HTTP/1.1" address="10.0.0.1"${inShop}/>
    <Connector port="8443" protocol="HTTP/1.1" SSLEnabled="true"/>
    <Engine name="Shop" defaultHost="shop" jvmRoute="old">
      <Valve className="org.apache.catalina.valves.RemoteIpValve" internalProxies="10\\.0\\.0\\.7"/>${inEngine}
      <Host name="shop" appBase="/srv/shop">${inHost}
        <Valve className="org.apache.catalina.valves.AccessLogValve" directory="/var/log/shop" pattern="%h"/>
      </Host>
    </Engine>
  </Service>
</Server>
`

const files = (more: Readonly<Record<string, string>>) => ({
  'server.xml': serverXml(),
  ...more,
})

const spec = (version: string, base: string, more = ''): string =>
  pairSpec({
    target: 'nginx: { version: "1.30.6" }',
    app: `{ runtime: tomcat, version: "${version}", tomcat: { ${base} }${more} }`,
  })

/** What the lab says of one spec with its files. */
const trial = async (
  programs: Programs,
  text: string,
  beside: Readonly<Record<string, string>>,
  more: readonly ScenarioName[] = [],
) => {
  const args = [...scenarioOptions('sticky', ...more), '--clients', '23']
  const [only] = await trialsOf({ specs: { shop: text }, programs, args, beside })
  if (only === undefined) throw new Error('no trial')
  return only
}

const on = (release: string) => ({ nginx, tomcat: findTomcat(release) })
const both = 'base: server.xml, contextBase: context.xml'

describe.each(['9', '10.1', '11'])('the lab with edited files of Tomcat %s', (release) => {
  withServers(
    on(release),
    'runs them and names the parts that it leaves out',
    async ({ nginx, tomcat }) => {
      const context = '<Context sessionCookieName="SHOPID"><Manager pathname="S.ser"/></Context>'
      const done = await trial(
        { nginx, tomcat },
        spec(tomcat.version, both),
        files({ 'context.xml': context }),
        ['spread'],
      )
      for (const name of ['sticky', 'spread'] as const)
        expect(`${name} ${resultOf(done, name).status}`).toBe(`${name} held`)
      const notes = done.notes.join('\n')
      expect(notes).toContain('<Service> in line 6 was left out')
      expect(notes).toContain('<Listener> in line 5 was left out')
      expect(notes).toContain('internalProxies of <Valve> in line')
      expect(notes).not.toContain('new files')
    },
  )
})

// What Tomcats of other lines use of several files is in effective-context.test.ts.
describe('the lab uses of edited files what Tomcat uses', () => {
  const wide = '<Manager maxActiveSessions="-1"/>'
  const narrow = '<Manager maxActiveSessions="1"/>'
  const contextWith = (managers: string) => `<Context>${comments}${managers}</Context>`

  withServers(on('11'), 'the last Manager of a file is used', async ({ nginx, tomcat }) => {
    const beside = files({ 'context.xml': contextWith(wide + narrow) })
    const done = await trial({ nginx, tomcat }, spec(tomcat.version, both), beside)
    expect(resultOf(done, 'sticky').status).toBe('failed')
  })

  /** A balancer that reads JSESSIONID, whatever the files say. */
  const byDefault = (version: string, base: string): string =>
    spec(version, base).replace(
      '{ method: jvm_route }',
      '{ method: jvm_route, cookie: JSESSIONID }',
    )

  describe.each(['9', '11'])('Tomcat %s', (release) => {
    withServers(
      on(release),
      'sends the session cookie that is named only in a file',
      async ({ nginx, tomcat }) => {
        const programs = { nginx, tomcat }
        const statusOf = async (text: string, beside: Readonly<Record<string, string>>) =>
          resultOf(await trial(programs, text, beside), 'sticky').status
        // That a balancer follows this one is the first test.
        const inContext = files({ 'context.xml': '<Context sessionCookieName="SHOPID"/>' })
        expect(await statusOf(byDefault(tomcat.version, both), inContext)).toBe('failed')
        const config =
          '<web-app><session-config><cookie-config><name>WEBID</name></cookie-config></session-config></web-app>'
        const inWebXml = { 'conf/server.xml': serverXml(), 'conf/web.xml': config }
        const base = 'base: conf/server.xml'
        expect(await statusOf(spec(tomcat.version, base), inWebXml)).toBe('held')
        expect(await statusOf(byDefault(tomcat.version, base), inWebXml)).toBe('failed')
      },
    )
  })

  withServers(
    on('9'),
    'a Context in server.xml overrides the others',
    async ({ nginx, tomcat }) => {
      const inline =
        '<Context path="" docBase="/srv/shop" override="true"><Manager maxActiveSessions="1"/></Context>'
      const done = await trial({ nginx, tomcat }, spec(tomcat.version, 'base: server.xml'), {
        'server.xml': serverXml('', inline),
      })
      expect(resultOf(done, 'sticky').status).toBe('failed')
    },
  )

  withServers(on('11'), 'entities are expanded or left out', async ({ nginx, tomcat }) => {
    const doctype = `<!DOCTYPE Server [
  <!ENTITY connectors '<Connector port="8080" protocol="HTTP/1.1"/>'>
  <!ENTITY hosts SYSTEM "hosts.xml">
]>`
    const text = `${doctype}<Server port="8005"><Service name="S">&connectors;
  <Engine name="S" defaultHost="h"><Host name="h" appBase="/srv/h" deployXML="false"/>&hosts;</Engine></Service></Server>`
    const done = await trial({ nginx, tomcat }, spec(tomcat.version, both), {
      'server.xml': text,
      // The last Manager again: the first would refuse the second session.
      'context.xml': contextWith(narrow + wide),
    })
    expect(resultOf(done, 'sticky').status).toBe('held')
    expect(done.notes.join('\n')).toContain('&hosts; in line 5 was left out')
  })
})
