import { describe, expect, test } from 'vitest'
import { fileOf, type SpecParts, specOf, write } from './support.ts'

const valveOf = (parts: Partial<SpecParts> & { version: string }) => {
  const written = write(specOf({ ...parts, app: `version: "${parts.version}"` }))
  const text = fileOf(written, 'tomcat01/conf/server.xml')
  const [valve = ''] = /<Valve className="[^"]*RemoteIpValve"[^>]*>/.exec(text) ?? []
  const attributes = [...valve.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])
  return { valve: Object.fromEntries(attributes) as Record<string, string>, codes: written.codes }
}

const at = (address: string) => `{ tomcat01: "${address}:8080" }`
const allOf = (pattern: string | undefined): RegExp => new RegExp(`^(?:${pattern})$`)

describe('internalProxies', () => {
  test.each([
    ['7.0.109', '10.1.2.3'],
    ['7.0.109', '192.168.1.1'],
    ['8.5.100', '172.18.0.2'],
    ['9.0.122', '100.64.1.1'],
    ['9.0.122', '[fd00::1]'],
    ['9.0.122', '127.0.0.1'],
    ['11.0.24', 'tomcat.internal'],
  ])('of %s contain %s by default', (version, address) => {
    const { valve, codes } = valveOf({ version, servers: at(address) })
    expect(valve).not.toHaveProperty('internalProxies')
    expect(codes.filter((code) => code.startsWith('tomcat-proxy'))).toEqual([])
  })

  test.each([
    [
      '7.0.109',
      '172.18.0.2',
      ['172.16.0.1', '172.31.255.255', '10.9.9.9'],
      ['172.32.0.1', '172.15.1.1', '8.8.8.8'],
    ],
    ['7.0.109', 'tomcat01', ['172.18.0.1'], ['172.32.0.1']],
    [
      '8.5.80',
      '100.64.1.1',
      ['100.64.0.1', '100.127.9.9', '172.18.0.1'],
      ['100.63.1.1', '100.128.1.1'],
    ],
    [
      '9.0.90',
      '[fd00::1]',
      ['fd12:3456:0:0:0:0:0:1', 'fc00::1', '127.0.0.1'],
      ['fe00::1', '2001:db8::1'],
    ],
    ['9.0.90', '[fe80::1]', ['fe80:0:0:0:0:0:0:1%eth0', 'febf::1'], ['fec0::1']],
  ])('of %s are extended for %s', (version, address, inside, outside) => {
    const { valve, codes } = valveOf({ version, servers: at(address) })
    const pattern = allOf(valve['internalProxies'])
    expect(codes.filter((code) => code.startsWith('tomcat-proxy'))).toEqual([
      'tomcat-proxy-trusted',
    ])
    expect(inside.filter((one) => !pattern.test(one))).toEqual([])
    expect(outside.filter((one) => pattern.test(one))).toEqual([])
  })

  test('contain the listener address of a public balancer', () => {
    const listen = '["203.0.113.5:80", "127.0.0.1:8081", "0.0.0.0:8082"]'
    const { valve, codes } = valveOf({ version: '9.0.122', servers: at('203.0.113.11'), listen })
    expect(codes).toContain('tomcat-proxy-trusted')
    const pattern = allOf(valve['internalProxies'])
    expect(['203.0.113.5', '10.0.0.1'].filter((one) => !pattern.test(one))).toEqual([])
    expect(['203.0.113.6', '0.0.0.0', '203x0.113.5'].filter((one) => pattern.test(one))).toEqual([])
  })

  test('are unchanged if the address of a public balancer is unknown', () => {
    const { valve, codes } = valveOf({ version: '9.0.122', servers: at('203.0.113.11') })
    expect(codes).toEqual(['tomcat-proxy-untrusted'])
    expect(valve).not.toHaveProperty('internalProxies')
  })

  test('are networks since 11.0.13, and a regular expression before', () => {
    const parts = { servers: at('203.0.113.11'), listen: '["203.0.113.5:80"]' }
    const cidr = valveOf({ ...parts, version: '11.0.13' }).valve['internalProxies']
    expect(cidr?.split(',')).toContain('203.0.113.5/32')
    expect(cidr?.split(',')).toContain('fc00::/7')
    expect(valveOf({ ...parts, version: '11.0.12' }).valve['internalProxies']).not.toContain('/')
    expect(valveOf({ ...parts, version: '10.1.60' }).valve['internalProxies']).not.toContain('/')
  })
})

describe('the proxies in front of the balancer', () => {
  test('are not trusted by Tomcat: the balancer sends only the client address', () => {
    const clientAddress = '{ trust: [198.51.100.0/24, 0.0.0.0/0], header: X-Forwarded-For }'
    const { valve, codes } = valveOf({ version: '9.0.122', clientAddress })
    expect(valve).toEqual({
      className: 'org.apache.catalina.valves.RemoteIpValve',
      remoteIpHeader: 'X-Forwarded-For',
      protocolHeader: 'X-Forwarded-Proto',
      portHeader: 'X-Forwarded-Port',
    })
    expect(codes).toEqual([])
  })
})
