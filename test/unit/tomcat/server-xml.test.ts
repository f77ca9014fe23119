import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { describe, expect, test } from 'vitest'
import { fileOf, specOf, write } from './support.ts'

const elementsOf = (text: string, name: string): readonly XmlElement[] => {
  const walk = (element: XmlElement): XmlElement[] => [
    ...(element.name === name ? [element] : []),
    ...element.children.flatMap((child) => (child instanceof XmlElement ? walk(child) : [])),
  ]
  const { root } = parseXml(text)
  return root === null ? [] : walk(root)
}

const classesOf = (text: string, name: string): readonly string[] =>
  elementsOf(text, name).map(({ attributes }) => attributes['className']?.split('.').at(-1) ?? '')

const serverXml = (version: string, more = ''): string =>
  fileOf(write(specOf({ app: `version: "${version}"${more}` })), 'tomcat01/conf/server.xml')

describe('server.xml by version', () => {
  const common = [
    'JreMemoryLeakPreventionListener',
    'GlobalResourcesLifecycleListener',
    'ThreadLocalLeakPreventionListener',
  ]
  test.each([
    ['7.0.55', ['AprLifecycleListener', 'JasperListener', ...common]],
    ['7.0.109', ['VersionLoggerListener', 'AprLifecycleListener', 'JasperListener', ...common]],
    ['8.5.100', ['VersionLoggerListener', 'AprLifecycleListener', ...common]],
    ['9.0.122', ['VersionLoggerListener', 'AprLifecycleListener', ...common]],
    ['10.1.60', ['VersionLoggerListener', 'AprLifecycleListener', ...common]],
    ['11.0.24', ['VersionLoggerListener', 'AprLifecycleListener', ...common]],
  ])('%s has the Listeners of the release', (version, listeners) => {
    expect(classesOf(serverXml(version), 'Listener')).toEqual(listeners)
  })

  test.each([
    ['7.0.109', 'on', undefined, 'localhost_access_log.'],
    ['8.5.100', 'on', '1000', 'localhost_access_log'],
    ['9.0.122', undefined, '1000', 'localhost_access_log'],
    ['10.1.60', undefined, '1000', 'localhost_access_log'],
    ['11.0.24', undefined, undefined, 'localhost_access_log'],
  ])(
    '%s has the Connector, AprLifecycleListener and AccessLogValve of the release',
    (version, sslEngine, parameters, prefix) => {
      const text = serverXml(version)
      const apr = elementsOf(text, 'Listener').find(({ attributes }) =>
        attributes['className']?.endsWith('AprLifecycleListener'),
      )
      expect(apr?.attributes['SSLEngine']).toBe(sslEngine)
      expect(elementsOf(text, 'Connector').map(({ attributes }) => ({ ...attributes }))).toEqual([
        {
          port: '8080',
          protocol: 'HTTP/1.1',
          connectionTimeout: '20000',
          keepAliveTimeout: '75000',
          redirectPort: '8443',
          ...(parameters === undefined ? {} : { maxParameterCount: parameters }),
        },
      ])
      const log = elementsOf(text, 'Valve').at(-1)?.attributes
      expect(log).toMatchObject({
        prefix,
        pattern: '%h %l %u %t "%r" %s %b',
        requestAttributesEnabled: 'true',
      })
    },
  )

  test('the Engine of every server has a jvmRoute, and RemoteIpValve is its first child', () => {
    const servers = '{ a: "10.0.0.1:8080", b: { address: "10.0.0.2:8080", route: b-2 } }'
    const written = write(specOf({ servers, app: 'version: "9.0.122"' }))
    const engines = ['a', 'b'].map((name) =>
      elementsOf(fileOf(written, `${name}/conf/server.xml`), 'Engine').map(({ attributes }) => ({
        ...attributes,
      })),
    )
    expect(engines).toEqual([
      [{ name: 'Catalina', defaultHost: 'localhost', jvmRoute: 'a' }],
      [{ name: 'Catalina', defaultHost: 'localhost', jvmRoute: 'b-2' }],
    ])
    const text = fileOf(written, 'a/conf/server.xml')
    expect(classesOf(text, 'Valve')).toEqual(['RemoteIpValve', 'AccessLogValve'])
    expect(elementsOf(text, 'Valve')[0]?.attributes).toMatchObject({
      remoteIpHeader: 'X-Forwarded-For',
      protocolHeader: 'X-Forwarded-Proto',
      portHeader: 'X-Forwarded-Port',
    })
    expect(written.said).toEqual([])
  })

  test.each(['8.0.53', '10.0.27', '6.0.53'])('%s is refused', (version) => {
    const written = write(specOf({ app: `version: "${version}"` }))
    expect(written.codes).toEqual(['tomcat-version'])
  })
})

describe('ports', () => {
  const serversXml = (servers: string) => {
    const written = write(specOf({ servers, app: 'version: "9.0.122"' }))
    return { written, ports: (name: string) => portsOf(fileOf(written, `${name}/conf/server.xml`)) }
  }
  const portsOf = (text: string) => [
    elementsOf(text, 'Server')[0]?.attributes['port'],
    elementsOf(text, 'Connector')[0]?.attributes['port'],
  ]

  test('are those of the spec', () => {
    const { ports, written } = serversXml(
      '{ a: { address: "10.0.0.1:8090", tomcat: { shutdownPort: 8105, httpPort: 8091, ajpPort: 8109 } } }',
    )
    expect(ports('a')).toEqual(['8105', '8091'])
    expect(written.codes).toEqual(['tomcat-port-differs', 'tomcat-ajp-unused'])
    expect(fileOf(written, 'a/conf/server.xml')).toContain(
      '<Connector port="8109" protocol="AJP/1.3"',
    )
    expect(elementsOf(fileOf(written, 'a/conf/server.xml'), 'Connector')).toHaveLength(1)
  })

  test('every Tomcat on a host gets a different shutdown port', () => {
    const { ports, written } = serversXml(
      '{ a: "127.0.0.1:8080", b: "127.0.0.2:8006", c: { address: "localhost:8082", tomcat: { shutdownPort: 8007 } }, d: "127.0.0.1:8083", e: { address: "127.0.0.1:8084", tomcat: { shutdownPort: -1 } }, f: "10.0.0.1:8080" }',
    )
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ports(name)[0])).toEqual([
      '8005',
      '8008',
      '8007',
      '8009',
      '-1',
      '8005',
    ])
    expect(written.codes).toEqual(['tomcat-shutdown-port', 'tomcat-shutdown-port'])
  })

  test.each([
    ['two connectors', '{ a: "127.0.0.1:8080", b: "127.0.0.2:8080" }'],
    [
      'two shutdown ports',
      '{ a: { address: "h:8080", tomcat: { shutdownPort: 9 } }, b: { address: "H:8081", tomcat: { shutdownPort: 9 } } }',
    ],
    [
      'a connector and a shutdown port',
      '{ a: "h:8080", b: { address: "h:8081", tomcat: { shutdownPort: 8080 } } }',
    ],
    ['both ports of one', '{ a: { address: "h:8080", tomcat: { shutdownPort: 8080 } } }'],
  ])('%s with the same port are an error', (_, servers) => {
    expect(serversXml(servers).written.codes).toContain('tomcat-port-clash')
  })
})

describe('one Tomcat in two upstreams', () => {
  const spec = (admin: string) => `${specOf({ app: 'version: "9.0.122"' })}  admin:
    affinity: { method: jvm_route }
    servers: { ${admin} }
    app: { runtime: tomcat, version: "9.0.122" }
`
  test('is written once if both are equal', () => {
    const written = write(spec('tomcat01: "10.0.0.1:8080"'))
    expect(written.said).toEqual([])
    expect(written.files.size).toBe(4)
  })

  test.each(['tomcat01: "10.0.0.9:8080"', 'tomcat01: { address: "10.0.0.1:8080", route: other }'])(
    'is an error when it is not: %s',
    (admin) => {
      expect(write(spec(admin)).codes).toContain('tomcat-name-clash')
    },
  )

  test('is an error if it has two names', () => {
    expect(write(spec('admin01: "10.0.0.1:8080"')).codes).toContain('tomcat-port-clash')
  })
})
