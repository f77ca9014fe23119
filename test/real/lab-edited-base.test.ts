import { describe, expect, vi } from 'vitest'
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

const args = scenarioOptions('sticky', 'spread')

/** What the lab says of one spec with its files. */
const trial = async (
  programs: Programs,
  text: string,
  beside: Readonly<Record<string, string>>,
) => {
  const [only] = await trialsOf({ specs: { shop: text }, programs, args, beside })
  if (only === undefined) throw new Error('no trial')
  return only
}

describe.each(['9', '10.1', '11'])('the lab with edited files of Tomcat %s', (release) => {
  const needs = { nginx, tomcat: findTomcat(release) }
  const both = 'base: server.xml, contextBase: context.xml'

  withServers(needs, 'runs them, and names what it leaves out', async ({ nginx, tomcat }) => {
    const context = '<Context sessionCookieName="SHOPID"><Manager pathname="S.ser"/></Context>'
    const done = await trial(
      { nginx, tomcat },
      spec(tomcat.version, both),
      files({ 'context.xml': context }),
    )
    for (const name of ['sticky', 'spread'] as const)
      expect(`${name} ${resultOf(done, name).status}`).toBe(`${name} held`)
    const notes = done.notes.join('\n')
    expect(notes).toContain('<Service> in line 6 was left out')
    expect(notes).toContain('<Listener> in line 5 was left out')
    expect(notes).toContain('internalProxies of <Valve> in line')
    expect(notes).not.toContain('new files')
  })

  withServers(needs, 'the last Manager of a file decides', async ({ nginx, tomcat }) => {
    const wide = '<Manager maxActiveSessions="-1"/>'
    const narrow = '<Manager maxActiveSessions="1"/>'
    const statusWith = async (managers: string) => {
      const context = `<Context>${comments}${managers}</Context>`
      const text = spec(tomcat.version, both)
      const done = await trial({ nginx, tomcat }, text, files({ 'context.xml': context }))
      return resultOf(done, 'sticky').status
    }
    expect(await statusWith(narrow + wide)).toBe('held')
    expect(await statusWith(wide + narrow)).toBe('failed')
  })
})
