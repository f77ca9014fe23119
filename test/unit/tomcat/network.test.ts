import { BlockList } from 'node:net'
import { describe, expect, test } from 'vitest'
import { networksPattern } from '../../../src/core/dialects/tomcat/network-pattern.ts'
import {
  contains,
  formatNetwork,
  type Network,
  parseNetwork,
} from '../../../src/core/model/network.ts'
import { fc } from '../../support/fast-check.ts'

const runs = 5_000

const network = (text: string): Network => {
  const parsed = parseNetwork(text)
  if (parsed === null) throw new Error(`${text} is no network`)
  return parsed
}

/** Node's own idea of what is in a network. */
const includes = (text: string, address: string): boolean => {
  const [base = '', length = ''] = text.split('/')
  const family = base.includes(':') ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(base, Number(length), family)
  return list.check(address, family)
}

const ipv4 = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }).map((octets) => octets.join('.'))

const groups = fc.array(fc.oneof(fc.constant(0), fc.constant(1), fc.nat(0xffff), fc.nat(0xff)), {
  minLength: 8,
  maxLength: 8,
})

/** As Java prints it: eight groups, no zeros in front, nothing left out. */
const written = (address: readonly number[]): string =>
  address.map((group) => group.toString(16)).join(':')

/** As proxies print it (RFC 5952): the longest run of zero groups as `::`, the first of equals. */
const shortened = (address: readonly number[]): string => {
  const runsOfZeros = [...written(address).matchAll(/(?:(?<=^|:)0(?::|$)){2,}/g)]
  const longest = runsOfZeros.toSorted((a, b) => b[0].split('0').length - a[0].split('0').length)[0]
  if (longest === undefined) return written(address)
  const text = written(address)
  const before = text.slice(0, longest.index).replace(/:$/, '')
  const after = text.slice(longest.index + longest[0].length)
  return `${before}::${after}`
}

test('the shortened form in these tests is that of RFC 5952', () => {
  expect(shortened([0, 0, 0, 0, 0, 0, 0, 1])).toBe('::1')
  expect(shortened([0, 0, 0, 0, 0, 0, 0, 0])).toBe('::')
  expect(shortened([0x2001, 0xdb8, 0, 0, 1, 0, 0, 1])).toBe('2001:db8::1:0:0:1')
  expect(shortened([0x2001, 0, 1, 2, 3, 4, 5, 6])).toBe('2001:0:1:2:3:4:5:6')
  expect(shortened([1, 0, 0, 0, 0, 0, 0, 0])).toBe('1::')
})

/** An address that shares a beginning of any length with another, so that both answers are common. */
const near = (base: readonly number[], other: readonly number[], bits: number, size: number) =>
  base.map((group, index) => {
    const kept = Math.min(size, Math.max(0, bits - index * size))
    const free = 2 ** (size - kept)
    return group - (group % free) + ((other[index] ?? 0) % free)
  })

describe('networks', () => {
  test('an IPv4 expression matches the addresses of the network, and no other', () => {
    fc.assert(
      fc.property(
        ipv4,
        ipv4,
        fc.integer({ min: 1, max: 32 }),
        fc.nat(32),
        (base, other, length, bits) => {
          const address = near(
            base.split('.').map(Number),
            other.split('.').map(Number),
            bits,
            8,
          ).join('.')
          const text = `${base}/${length}`
          const pattern = new RegExp(`^(?:${networksPattern([network(text)])})$`)
          expect(pattern.test(address)).toBe(includes(text, address))
        },
      ),
      { numRuns: runs },
    )
  })

  test('an IPv6 expression matches them in either form, and no other', () => {
    fc.assert(
      fc.property(
        groups,
        groups,
        fc.integer({ min: 1, max: 128 }),
        fc.nat(128),
        (base, other, length, bits) => {
          const address = near(base, other, bits, 16)
          const text = `${written(base)}/${length}`
          const pattern = new RegExp(`^(?:${networksPattern([network(text)])})$`)
          const expected = includes(text, written(address))
          expect([text, written(address), pattern.test(written(address))]).toEqual([
            text,
            written(address),
            expected,
          ])
          expect([text, shortened(address), pattern.test(shortened(address))]).toEqual([
            text,
            shortened(address),
            expected,
          ])
        },
      ),
      { numRuns: runs },
    )
  })

  test('one contains another when it has all its addresses', () => {
    fc.assert(
      fc.property(groups, groups, fc.nat(128), fc.nat(128), (base, other, length, bits) => {
        const inner = written(near(base, other, bits, 16))
        const outer = `${written(base)}/${length}`
        expect(contains(network(outer), network(inner))).toBe(includes(outer, inner))
        expect(contains(network(inner), network(outer))).toBe(
          length === 128 && includes(outer, inner),
        )
      }),
      { numRuns: runs },
    )
  })

  test.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['10.1.2.3', '10.1.2.3/32'],
    ['::1', '::1/128'],
    ['::', '::/128'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1/128'],
    ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0/128'],
    ['fd12::/8', 'fd00::/8'],
    ['::ffff:192.0.2.1', '::ffff:c000:201/128'],
  ])('%s is written as %s', (text, expected) => {
    expect(formatNetwork(network(text))).toBe(expected)
  })

  test('what is written is read as the same network', () => {
    fc.assert(
      fc.property(groups, fc.nat(128), (base, length) => {
        const one = network(`${written(base)}/${length}`)
        expect(network(formatNetwork(one))).toEqual(one)
      }),
      { numRuns: runs },
    )
  })

  test.each(['', 'localhost', '10.0.0', '10.0.0.256', 'x::1', '*'])('%j is none', (text) => {
    expect(parseNetwork(text)).toBeNull()
  })
})
