import { describe, expect, test } from 'vitest'
import { fileOf, type Written, write } from './support.ts'

const specOf = (server: string, app = 'version: "9.0.122"', secret = '{ env: AJP_SECRET }') =>
  `version: 1
name: shop
targets: { httpd: { version: "2.4" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    protocol: ajp
    ${secret === '' ? '' : `ajpSecret: ${secret}`}
    servers: { tc01: ${server} }
    app: { runtime: tomcat, ${app} }
`

const serverXml = (written: Written): string => fileOf(written, 'tc01/conf/server.xml')
const connectorsIn = (written: Written): readonly string[] =>
  serverXml(written).match(/<Connector [^>]*>/g) ?? []

describe('a new server.xml', () => {
  test('has an AJP Connector, and none for HTTP', () => {
    const written = write(specOf('10.0.0.1:8009'))
    expect(connectorsIn(written)).toEqual([
      '<Connector port="8009" protocol="AJP/1.3" address="10.0.0.1" secret="$\u007bAJP_SECRET}" secretRequired="true" keepAliveTimeout="75000" redirectPort="8443" maxParameterCount="1000"/>',
    ])
    expect(fileOf(written, 'tc01/bin/setenv.sh')).toContain('EnvironmentPropertySource')
    expect(written.codes).toEqual([])
  })

  test('has one for HTTP as well where the spec has its port', () => {
    const written = write(specOf('{ address: "10.0.0.1:8009", tomcat: { httpPort: 8080 } }'))
    expect(connectorsIn(written)).toHaveLength(2)
    expect(connectorsIn(written)[1]).toContain('port="8080" protocol="HTTP/1.1"')
    expect(serverXml(written)).not.toContain('internalProxies')
  })

  test.each([
    ['"[2001:db8::1]:8009"', '2001:db8::1'],
    ['tc01.internal:8009', '0.0.0.0'],
    ['{ address: "10.0.0.1:18009", tomcat: { ajpPort: 8009 } }', '0.0.0.0'],
  ])('listens for %s on %s', (server, address) => {
    expect(connectorsIn(write(specOf(server)))[0]).toContain(`address="${address}"`)
  })

  test.each([
    ['7.0.99', 'requiredSecret="s3"', 'internalProxies=".*"'],
    ['8.5.51', 'secret="s3" secretRequired="true"', 'internalProxies=".*"'],
    ['11.0.13', 'secret="s3" secretRequired="true"', 'internalProxies="0.0.0.0/0,::/0"'],
  ])('of Tomcat %s has %s and %s', (version, secret, proxies) => {
    const written = write(specOf('10.0.0.1:8009', `version: "${version}"`, 's3'))
    expect(connectorsIn(written)[0]).toContain(` ${secret}`)
    expect(serverXml(written)).toContain(proxies)
  })

  test('a secret in a file is exported by bin/setenv.sh', () => {
    const written = write(specOf('10.0.0.1:8009', undefined, '{ file: /run/secrets/ajp }'))
    expect(connectorsIn(written)[0]).toContain('secret="$\u007bSESSCTL_SHOP_AJP}"')
    expect(fileOf(written, 'tc01/bin/setenv.sh')).toContain(
      'SESSCTL_SHOP_AJP=$(cat -- /run/secrets/ajp)',
    )
  })

  test('needs a secret', () => {
    expect(write(specOf('10.0.0.1:8009', undefined, '')).codes).toEqual(['tomcat-ajp-secret'])
  })
})

describe('an existing server.xml', () => {
  const baseOf = (connectors: string) =>
    new Map([
      [
        'server.xml',
        new TextEncoder().encode(
          `<Server port="8005"><Service name="Catalina">${connectors}<Engine name="Catalina" defaultHost="localhost"><Host name="localhost"/></Engine></Service></Server>`,
        ),
      ],
    ])
  const http = '<Connector port="8080" protocol="HTTP/1.1"/>'
  const edited = (connectors: string, secret?: string) =>
    write(
      specOf('10.0.0.1:8009', 'version: "9.0.122", tomcat: { base: server.xml }', secret),
      baseOf(connectors),
    )

  test('gets an AJP Connector if it has none; the one for HTTP is unchanged', () => {
    const written = edited(http)
    expect(connectorsIn(written)[0]).toBe(http)
    expect(connectorsIn(written)[1]).toContain('port="8009" protocol="AJP/1.3" address="10.0.0.1"')
    expect(written.codes).toEqual([])
  })

  test('gets port, address and secret in its AJP Connector', () => {
    const written = edited(`${http}<Connector protocol="AJP/1.3" port="8010" secret="old"/>`, 'new')
    expect(connectorsIn(written)).toEqual([
      http,
      '<Connector protocol="AJP/1.3" port="8009" secret="new" address="10.0.0.1"/>',
    ])
    expect(written.codes).toEqual(['tomcat-base-port', 'tomcat-base-attribute'])
    expect(written.said.join()).not.toMatch(/old|new/)
  })

  test('keeps the address of its AJP Connector, with a warning where the proxy cannot reach it', () => {
    const written = edited(
      '<Connector protocol="AJP/1.3" port="8009" address="::1" secret="s"/>',
      's',
    )
    expect(connectorsIn(written)[0]).toContain('address="::1"')
    expect(written.codes).toEqual(['tomcat-base-address'])
  })

  test('needs no secret where its Connector requires none', () => {
    const open =
      '<Connector protocol="AJP/1.3" port="8009" address="10.0.0.1" secretRequired="false"/>'
    expect(edited(open, '').codes).toEqual([])
    expect(edited(http, '').codes).toEqual(['tomcat-ajp-secret'])
  })

  test('keeps a secret that the spec does not have only with a balancer that keeps it, too', () => {
    const own = '<Connector protocol="AJP/1.3" port="8009" address="10.0.0.1" secret="own"/>'
    const written = edited(own, '')
    expect(written.said).toEqual([
      'tomcat-ajp-secret: the AJP Connector of the existing file has a secret, which the balancer does not send: Tomcat answers its requests with 403',
    ])
    const spec = specOf('10.0.0.1:8009', 'version: "9.0.122", tomcat: { base: server.xml }', '')
    const behindBase = spec.replace('version: "2.4"', 'version: "2.4", base: httpd.conf')
    const kept = write(behindBase, baseOf(own))
    expect(kept.codes).toEqual([])
    expect(connectorsIn(kept)).toEqual([own])
  })
})
