import { describe, expect, test } from 'vitest'
import { type SpecParts, specOf, write } from './support.ts'

const valve =
  '<Valve className="org.apache.catalina.valves.RemoteIpValve" protocolHeader="X-Forwarded-Proto" portHeader="X-Forwarded-Port"/>'
const engine = (name: string, host: string, alias = '') =>
  `<Engine name="${name}" defaultHost="${host}" jvmRoute="tomcat01">${valve}<Host name="${host}">${alias}</Host></Engine>`

const edited = (
  text: string,
  parts: Partial<SpecParts> & { readonly context?: boolean } = {},
  servers = '{ tomcat01: "10.0.0.1:8081" }',
) => {
  const { context = false, ...rest } = parts
  const app = `version: "9.0.122", tomcat: { base: s.xml }${context ? ', context: /x' : ''}`
  const inputs = new Map([['s.xml', new TextEncoder().encode(text)]])
  const written = write(specOf({ servers, app, ...rest }), inputs)
  return { text: written.files.get('tomcat01/conf/server.xml') ?? '', ...written }
}

const two = `<Server port="8005"><Service name="Public">
<Connector port="8080"/>${engine('Public', 'www.example.com', '<Alias> shop.example.com </Alias>')}
</Service><Service name="Admin">
<Connector port="8081"/>${engine('Admin', 'admin.example.com')}
</Service></Server>`

describe('of several Services', () => {
  test('the Service with the Connector on the port is edited, regardless of its Hosts', () => {
    const { text, said, files } = edited(two, { serverNames: '[www.example.com]', context: true })
    expect(text.match(/port="808\d"/g)).toEqual(['port="8080"', 'port="8081"'])
    expect(said).toContain(
      'tomcat-base-choice: of the Engines "Public", "Admin", "Admin" is edited: it has the Connector on port 8081',
    )
    expect([...files.keys()]).toContain('tomcat01/conf/Admin/admin.example.com/x.xml')
  })

  test('without a Connector on the port, the Service with an Alias that a frontend serves is edited', () => {
    const servers = '{ tomcat01: "10.0.0.1:8090" }'
    const { said } = edited(two, { serverNames: '[SHOP.example.com]' }, servers)
    expect(said).toContain(
      'tomcat-base-choice: of the Engines "Public", "Admin", "Public" is edited: it has a Host that a frontend serves',
    )
    expect(said).toContain('tomcat-base-port: port "8080" of this Connector changes to 8090')
  })

  test('an Alias also selects the Host', () => {
    const text = `<Server port="-1"><Service><Connector port="8081"/><Engine name="C" defaultHost="a"><Host name="a"/><Host name="b"><Alias>shop.example.com</Alias></Host></Engine></Service></Server>`
    const { files } = edited(text, { serverNames: '[shop.example.com]', context: true })
    expect([...files.keys()]).toContain('tomcat01/conf/C/b/x.xml')
  })
})

const one = (connectors: string, server = 'port="8005"') =>
  `<Server ${server}><Service>${connectors}${engine('Catalina', 'localhost')}</Service></Server>`

describe('every port of the file is checked', () => {
  test.each([
    ['a TLS connector', '<Connector port="8080"/><Connector port="8081" SSLEnabled="true"/>', ''],
    ['the shutdown port', '<Connector port="8080"/>', 'port="8081"'],
    ['AJP', '<Connector port="8080"/><Connector port="8081" protocol="AJP/1.3"/>', ''],
    [
      'a second AJP',
      '<Connector port="8080"/><Connector port="1" protocol="AJP/1.3"/><Connector port="8081" protocol="AJP/1.3"/>',
      '',
    ],
    [
      'two TLS connectors',
      '<Connector port="8081"/><Connector port="9" SSLEnabled="true"/><Connector port="9" SSLEnabled="true"/>',
      '',
    ],
    [
      'one on all addresses',
      '<Connector port="8081"/><Connector port="8081" address="10.0.0.1"/>',
      '',
    ],
  ])('%s', (_, connectors, server) => {
    expect(edited(one(connectors, server || 'port="8005"')).codes).toContain('tomcat-port-clash')
  })

  test.each([
    ['the port of redirects is none', '<Connector port="8081" redirectPort="8005"/>'],
    [
      'each on an address of its own',
      '<Connector port="8081" address="10.0.0.1"/><Connector port="8081" address="10.0.0.2"/>',
    ],
    [
      'a port that is chosen at random',
      '<Connector port="8081"/><Connector port="0" SSLEnabled="true"/><Connector port="0" SSLEnabled="true"/>',
    ],
  ])('%s', (_, connectors) => {
    const { text, codes } = edited(one(connectors))
    expect(codes).toEqual([])
    expect(text).toContain(connectors)
  })

  test('two Tomcats can share a TLS port on different hosts only', () => {
    const file = one(
      '<Connector port="8081"/><Connector port="8443" SSLEnabled="true"/>',
      'port="-1"',
    )
    const near = '{ tomcat01: "10.0.0.1:8081", tomcat02: "10.0.0.1:8082" }'
    expect(edited(file, {}, near).said).toContain(
      'tomcat-port-clash: port 8443 of 10.0.0.1 is used by "tomcat01" and "tomcat02"',
    )
    const far = '{ tomcat01: "10.0.0.1:8081", tomcat02: "10.0.0.2:8082" }'
    expect(edited(file, {}, far).codes).not.toContain('tomcat-port-clash')
  })
})

describe('a changed port is reported', () => {
  const placeholder = '$' + '{http.port}'

  test('a placeholder is replaced unless its default is the port', () => {
    const { text, said } = edited(one(`<Connector port="${placeholder}"/>`))
    expect(text).toContain('<Connector port="8081"/>')
    expect(said).toEqual([
      `tomcat-base-port: port "${placeholder}" of this Connector changes to 8081`,
    ])
    const same = one('<Connector port="$' + '{http.port:-8081}"/>')
    expect(edited(same)).toMatchObject({ text: same, said: [] })
  })

  test('shutdown and AJP port', () => {
    const servers =
      '{ tomcat01: { address: "10.0.0.1:8081", tomcat: { shutdownPort: 8105, ajpPort: 8109 } } }'
    const file = one('<Connector port="8081"/><Connector port="8009" protocol="AJP/1.3"/>')
    expect(edited(file, {}, servers).said).toEqual(
      expect.arrayContaining([
        'tomcat-base-port: port "8005" of this Server changes to 8105',
        'tomcat-base-port: port "8009" of this Connector changes to 8109',
      ]),
    )
  })

  test('portOffset is added to ports', () => {
    const file = one('<Connector port="8071"/>', 'port="8005" portOffset="10"')
    expect(edited(file)).toMatchObject({ text: file, said: [] })
    expect(edited(file, {}, '{ tomcat01: "10.0.0.1:9010" }').text).toContain('port="9000"')
  })
})

test('a Connector on loopback is a warning if the balancer connects to another address', () => {
  const file = one('<Connector port="8081" address="127.0.0.1"/>')
  expect(edited(file).said).toEqual([
    'tomcat-base-address: this Connector listens on 127.0.0.1 only, but the balancer connects to 10.0.0.1',
  ])
  expect(edited(file, {}, '{ tomcat01: "127.0.0.1:8081" }').codes).toEqual([])
})

describe('entities', () => {
  const withEntity = (entity: string, connectors = '') =>
    `<!DOCTYPE Server [ <!ENTITY connectors ${entity}> ]>\n${one(`\n${connectors}&connectors;\n`)}`

  test('an external entity is reported, and no second Connector is written', () => {
    const { text, said } = edited(withEntity('SYSTEM "connectors.xml"'))
    expect(text).not.toContain('<Connector')
    expect(said.filter((each) => !each.startsWith('tomcat-base-doctype'))).toEqual([
      'tomcat-base-entity: &connectors; includes "connectors.xml" in this <Service>: sessctl does not read that file',
    ])
  })

  test('the Connector of an internal entity is used', () => {
    const entity = `"<Connector port='8081'/><Connector port='8443' SSLEnabled='true'/>"`
    const { text, said, codes } = edited(withEntity(entity))
    expect(text).toContain('&connectors;')
    expect(text.match(/<Connector/g)).toHaveLength(2)
    expect(said).toContain(
      'tomcat-base-entity: &connectors; adds <Connector> to this <Service>: sessctl does not edit the content of an entity',
    )
    expect([...codes].sort()).toEqual(['tomcat-base-doctype', 'tomcat-base-entity'])
    const clash = edited(
      withEntity(entity, '<Connector port="8443"/>'),
      {},
      '{ tomcat01: "h:8443" }',
    )
    expect(clash.codes).toContain('tomcat-port-clash')
  })

  test('entities in comments, in attributes and outside of Server, Service, Engine and Host are ignored', () => {
    const file = one('<!-- &connectors; --><Connector port="8081" server="&connectors;"/>')
    expect(edited(`<!DOCTYPE Server [ <!ENTITY connectors "x"> ]>\n${file}`).codes).toEqual([
      'tomcat-base-doctype',
    ])
  })
})
