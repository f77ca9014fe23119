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
  ])('of %s cover %s by default', (version, address) => {
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
  ])('of %s are widened for %s', (version, address, inside, outside) => {
    const { valve, codes } = valveOf({ version, servers: at(address) })
    const pattern = allOf(valve['internalProxies'])
    expect(codes.filter((code) => code.startsWith('tomcat-proxy'))).toEqual([
      'tomcat-proxy-trusted',
    ])
    expect(inside.filter((one) => !pattern.test(one))).toEqual([])
    expect(outside.filter((one) => pattern.test(one))).toEqual([])
  })

  test('a public balancer is trusted where its address is known', () => {
    const listen = '["203.0.113.5:80", "127.0.0.1:8081", "0.0.0.0:8082"]'
    const { valve, codes } = valveOf({ version: '9.0.122', servers: at('203.0.113.11'), listen })
    expect(codes).toContain('tomcat-proxy-trusted')
    const pattern = allOf(valve['internalProxies'])
    expect(['203.0.113.5', '10.0.0.1'].filter((one) => !pattern.test(one))).toEqual([])
    expect(['203.0.113.6', '0.0.0.0', '203x0.113.5'].filter((one) => pattern.test(one))).toEqual([])
  })

  test('and not guessed where it is not', () => {
    const { valve, codes } = valveOf({ version: '9.0.122', servers: at('203.0.113.11') })
    expect(codes).toEqual(['tomcat-proxy-untrusted'])
    expect(valve).not.toHaveProperty('internalProxies')
  })

  test('are networks since 11.0.13, and an expression before', () => {
    const parts = { servers: at('203.0.113.11'), listen: '["203.0.113.5:80"]' }
    const cidr = valveOf({ ...parts, version: '11.0.13' }).valve['internalProxies']
    expect(cidr?.split(',')).toContain('203.0.113.5/32')
    expect(cidr?.split(',')).toContain('fc00::/7')
    expect(valveOf({ ...parts, version: '11.0.12' }).valve['internalProxies']).not.toContain('/')
    expect(valveOf({ ...parts, version: '10.1.60' }).valve['internalProxies']).not.toContain('/')
  })
})

describe('trustedProxies', () => {
  const trust = (...networks: string[]) =>
    `{ trust: ${JSON.stringify(networks)}, header: X-Forwarded-For }`

  test('are what stands in front of the balancer, without what is internal anyway', () => {
    const clientAddress = trust('198.51.100.0/24', '10.0.0.0/8', '2001:db8::/32', '198.51.100.7')
    const regex = valveOf({ version: '9.0.122', clientAddress }).valve['trustedProxies']
    const pattern = allOf(regex)
    expect(['198.51.100.1', '2001:db8::1'].filter((one) => !pattern.test(one))).toEqual([])
    expect(['198.51.101.1', '10.0.0.1', '2001:db9::1'].filter((one) => pattern.test(one))).toEqual(
      [],
    )
    const cidr = valveOf({ version: '11.0.24', clientAddress }).valve['trustedProxies']
    expect(cidr).toBe('198.51.100.0/24,2001:db8::/32,198.51.100.7/32')
  })

  test('are none where nothing is in front, or only what is internal', () => {
    expect(valveOf({ version: '9.0.122' }).valve).not.toHaveProperty('trustedProxies')
    const clientAddress = trust('192.168.12.1')
    expect(valveOf({ version: '9.0.122', clientAddress }).valve).not.toHaveProperty(
      'trustedProxies',
    )
  })

  test('are never everybody', () => {
    const { valve, codes } = valveOf({
      version: '9.0.122',
      clientAddress: trust('0.0.0.0/0', '::/0'),
    })
    expect(codes).toEqual(['tomcat-trust-everyone', 'tomcat-trust-everyone'])
    expect(valve).not.toHaveProperty('trustedProxies')
  })
})

describe('public ports', () => {
  const tls = (port: number) => `{ address: ${port}, tls: { certificate: /c.crt, key: /c.key } }`
  test.each([
    ['[80]', undefined, undefined, []],
    [`[80, ${tls(443)}]`, undefined, undefined, []],
    [`[8080, ${tls(8443)}]`, '8080', '8443', []],
    ['["127.0.0.1:8080", "[::1]:8080"]', '8080', undefined, []],
    ['[8080, 80]', undefined, undefined, ['tomcat-public-ports']],
    ['[8080, 8081]', '8080', undefined, ['tomcat-public-ports']],
  ])('of %s', (listen, http, https, codes) => {
    const found = valveOf({ version: '9.0.122', servers: at('10.0.0.1'), listen })
    expect(found.valve['httpServerPort']).toBe(http)
    expect(found.valve['httpsServerPort']).toBe(https)
    expect(found.codes).toEqual(codes)
  })
})
