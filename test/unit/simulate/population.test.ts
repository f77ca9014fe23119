import { expect, test } from 'vitest'
import { clientsOfShape, type ShapeName } from '../../../src/core/simulate/population/shapes.ts'

const shaped = (name: ShapeName, count: number | null = null, clients = 400, seed = 5) =>
  clientsOfShape({ name, count }, clients, seed)

const different = (texts: readonly string[]): number => new Set(texts).size

test('a seed gives the same clients, another seed others', () => {
  for (const name of ['internet', 'nat', 'cdn', 'offices', 'ipv6', 'mixed'] as const) {
    expect(shaped(name)).toEqual(shaped(name))
    expect(shaped(name, null, 400, 6)).not.toEqual(shaped(name))
  }
})

test('clients behind NAT share its addresses', () => {
  expect(different(shaped('nat', 7).map(({ address }) => address.text))).toBe(7)
})

test('clients behind a CDN have their own addresses, and its connections', () => {
  const clients = shaped('cdn', 3)
  expect(different(clients.map(({ address }) => address.text))).toBe(400)
  expect(different(clients.map(({ peer }) => peer?.text ?? ''))).toBe(3)
})

test('clients of an office differ in the last octet', () => {
  const networks = shaped('offices', 4).map(({ address }) => address.bytes.slice(0, 3).join('.'))
  expect(different(networks)).toBe(4)
})

test('privacy addresses change within the network of the client', () => {
  for (const { address, later } of shaped('ipv6')) {
    expect(address.bytes.slice(0, 8)).toEqual(later.bytes.slice(0, 8))
    expect(address.text).not.toBe(later.text)
  }
})

test('no address is private, of loopback, or for multicast', () => {
  for (const { address } of shaped('internet', null, 5000)) {
    const first = address.bytes[0] ?? 0
    expect([0, 10, 127].includes(first) || first > 223).toBe(false)
  }
})

test('a share of the clients keeps no cookies', () => {
  const clients = clientsOfShape({ name: 'internet', count: null }, 4000, 1, {
    withoutCookies: 0.25,
    tabs: 1,
  })
  expect(clients.filter(({ keepsCookies }) => !keepsCookies).length / 4000).toBeCloseTo(0.25, 1)
})
