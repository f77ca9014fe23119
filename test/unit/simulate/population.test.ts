import { expect, test } from 'vitest'
import {
  type Addresses,
  addressAt,
  addressesFor,
  putAddress,
} from '../../../src/core/simulate/population/addresses.ts'
import { clientsOfShape, type ShapeName } from '../../../src/core/simulate/population/shapes.ts'
import { type ClientAddress, clientAddress } from '../../../src/core/simulate/request.ts'

const shaped = (name: ShapeName, count: number | null = null, clients = 400, seed = 5) =>
  clientsOfShape({ name, count }, clients, seed)

const all = (addresses: Addresses | null): readonly ClientAddress[] =>
  addresses === null ? [] : Array.from(addresses.sizes, (_, client) => addressAt(addresses, client))

const different = (texts: readonly string[]): number => new Set(texts).size

test('a seed gives the same clients, another seed others', () => {
  for (const name of ['internet', 'nat', 'cdn', 'offices', 'ipv6', 'mixed'] as const) {
    const { addresses } = shaped(name)
    expect(shaped(name).addresses).toEqual(addresses)
    expect(shaped(name, null, 400, 6).addresses).not.toEqual(addresses)
  }
})

test('clients behind NAT share its addresses', () => {
  expect(different(all(shaped('nat', 7).addresses).map(({ text }) => text))).toBe(7)
})

test('clients behind a CDN have their own addresses, and its connections', () => {
  const { addresses, peers } = shaped('cdn', 3)
  expect(different(all(addresses).map(({ text }) => text))).toBe(400)
  expect(different(all(peers).map(({ text }) => text))).toBe(3)
})

test('clients of an office differ in the last octet', () => {
  const networks = all(shaped('offices', 4).addresses).map(({ bytes }) =>
    bytes.slice(0, 3).join('.'),
  )
  expect(different(networks)).toBe(4)
})

test('privacy addresses change within the network of the client', () => {
  const { addresses, later } = shaped('ipv6')
  const after = all(later)
  for (const [client, { bytes, text }] of all(addresses).entries()) {
    expect(bytes.slice(0, 8)).toEqual(after[client]?.bytes.slice(0, 8))
    expect(text).not.toBe(after[client]?.text)
  }
})

test('no address is private, of loopback, or for multicast', () => {
  for (const { bytes } of all(shaped('internet', null, 5000).addresses)) {
    const [first = 0] = bytes
    expect([0, 10, 127].includes(first) || first > 223).toBe(false)
  }
})

test('a share of the clients keeps no cookies', () => {
  const { keepsCookies } = clientsOfShape({ name: 'internet', count: null }, 4000, 1, {
    withoutCookies: 0.25,
    tabs: 1,
  })
  expect(keepsCookies.filter((keeps) => keeps === 0).length / 4000).toBeCloseTo(0.25, 1)
})

test.each([
  '10.0.0.1',
  '203.0.113.255',
  '2001:db8::1',
  '2001:db8:0:1::',
  '2001:db8:0:1:2:3:4:5',
  '::1',
  'fe80::ff:0:1',
])('%s is the same address after it was stored', (text) => {
  const addresses = addressesFor(2)
  putAddress(addresses, 1, clientAddress(text))
  expect(addressAt(addresses, 1).text).toBe(text)
  expect(addressAt(addresses, 1).bytes).toEqual(clientAddress(text).bytes)
})
