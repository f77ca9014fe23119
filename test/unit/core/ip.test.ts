import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  isHostName,
  isIpv4,
  isIpv6,
  isLoopbackAddress,
  isLoopbackHost,
} from '../../../src/core/model/ip.ts'
import { machineOf, parseNetwork } from '../../../src/core/model/network.ts'
import { fc } from '../../support/fast-check.ts'

describe('an address is what the system accepts as an address', () => {
  const pieces = fc.constantFrom(
    ...['0', '1', '10', '127', '255', '256', '010', '0x7f', 'ffff', 'FFFF', '12345', 'g'],
    ...['.', '.', '.', ':', ':', '::', '%1', ' ', '-'],
  )
  const text = fc.oneof(
    { weight: 3, arbitrary: fc.array(pieces, { maxLength: 16 }).map((all) => all.join('')) },
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(fc.ipV6(), pieces).map(([address, piece]) => `${address}${piece}`),
    fc
      .tuple(fc.constantFrom('::', '::ffff:', '1:2:3:4:5:6:', '1::', '1:2:3:4:5:6:7:'), fc.ipV4())
      .map((parts) => parts.join('')),
  )

  test('isAddress agrees with inet_pton for any text', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(isIpv4(one)).toBe(isIPv4(one))
        expect(isIpv6(one)).toBe(isIPv6(one) && !one.includes('%'))
      }),
      { numRuns: 20_000 },
    )
  })

  // Each of these is an address for inet_aton or for ipaddr.js.
  test.each([
    ...['127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '010.0.0.1', '127.0.0.1.', ''],
    ...['::ffff:010.0.0.1', '::ffff:127.1', 'fe80::1%eth0', '[::1]', '1::2::3', ':::'],
  ])('%j is not an address', (one) => {
    expect(isHostName(one)).toBe(true)
    expect(parseNetwork(one)).toBeNull()
  })

  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/1e1'])(
    '%s is not a network',
    (one) => {
      expect(parseNetwork(one)).toBeNull()
    },
  )
})

describe('loopback', () => {
  test.each([
    ['127.0.0.1', true],
    ['127.255.0.3', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['::ffff:127.0.0.1', true],
    ['::FFFF:7f00:1', true],
    ['0:0:0:0:0:ffff:127.0.0.1', true],
    ['128.0.0.1', false],
    ['::2', false],
    ['::', false],
    ['0.0.0.0', false],
    // Not mapped: ipaddr.js would take it for ::ffff:127.0.0.1.
    ['::127.0.0.1', false],
    ['64:ff9b::127.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['10.127.0.0', false],
    ['127.1', false],
    ['0177.0.0.1', false],
    ['127.evil.example.com', false],
    ['localhost', false],
  ])('the address %s: %s', (address, expected) => {
    expect(isLoopbackAddress(address)).toBe(expected)
  })

  test.each([
    ['localhost', true],
    ['LOCALHOST', true],
    ['localhost.', true],
    ['shop.localhost', true],
    ['localhost.localdomain', true],
    ['[::1]', true],
    ['[::ffff:127.0.0.1]', true],
    ['127.0.0.2', true],
    ['localhost.example.com', false],
    ['notlocalhost', false],
    ['127.example.com', false],
    ['[::2]', false],
  ])('the host %s: %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected)
  })

  test('all spellings of one host are equal', () => {
    const own = ['127.0.0.1', '127.3.4.5', '::1', '0::1', '::ffff:127.0.0.1', 'localhost']
    const machines = (hosts: readonly string[]): ReadonlySet<string | null> =>
      new Set(hosts.map((host) => machineOf({ kind: 'inet', host, port: 80 })))
    expect(machines(own)).toEqual(new Set(['localhost']))
    expect(machines(['2001:DB8::1', '2001:db8:0::1']).size).toBe(1)
  })
})
