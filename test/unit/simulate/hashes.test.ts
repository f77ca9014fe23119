import { expect, test } from 'vitest'
import { crc32 } from '../../../src/core/simulate/hashes/crc32.ts'
import {
  avalanche,
  djb2,
  hashOf,
  sdbm,
  sourceHash,
  wt6,
} from '../../../src/core/simulate/hashes/haproxy.ts'
import { firstFrom, ringOf } from '../../../src/core/simulate/hashes/ring.ts'
import { pointsOf } from '../../../src/core/simulate/nginx/consistent-hash.ts'
import { memcachedHash } from '../../../src/core/simulate/nginx/hash.ts'
import { ipHashOf } from '../../../src/core/simulate/nginx/ip-hash.ts'
import { clientAddress } from '../../../src/core/simulate/request.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('crc32 is the one of zlib, for text and bytes alike', () => {
  expect(crc32('123456789')).toBe(0xcbf43926)
  expect(crc32('')).toBe(0)
  expect(crc32('größe')).toBe(crc32(bytes('größe')))
})

test.each([
  ['127.0.0.1', 4040],
  ['10.0.0.5', 2565],
  ['10.0.0.200', 2565],
  ['10.1.2.3', 2680],
  ['192.168.1.77', 154],
  ['203.0.113.9', 2592],
  ['unix:', 295],
  ['::1', 5945],
  ['::ffff:10.0.0.5', 5879],
])('ip_hash of %s is %i', (address, hash) => {
  expect(ipHashOf(clientAddress(address).bytes)).toBe(hash)
})

test.each([
  ['a', 26807],
  ['abc', 13604],
  ['user1', 3153],
  ['ABC123.node1', 13048],
])('hash of %s is %i', (key, hash) => {
  expect(memcachedHash(key, 0)).toBe(hash)
})

test('the second round of "hash" has the number of the round before the key', () => {
  expect(memcachedHash('abc', 1)).toBe(memcachedHash('1abc', 0))
})

test('the points of a server follow from each other', () => {
  const points = pointsOf('127.0.0.1:8081', 1)
  expect(points).toHaveLength(160)
  expect(points.slice(0, 3)).toEqual([1353366775, 3101462538, 708007374])
  expect(pointsOf('127.0.0.1:8081', 2).slice(0, 160)).toEqual(points)
})

test('a consistent hash of nginx depends on how the address is written', () => {
  expect(pointsOf('10.0.0.1', 1)).not.toEqual(pointsOf('10.0.0.1:80', 1))
  expect(pointsOf('unix:/run/a', 1)).toEqual(pointsOf('/run/a', 1))
})

/** Computed by the functions of HAProxy itself. */
test.each([
  ['a', 97, 177670, 1900802597, 3904355907, 1830748055],
  ['abc', 807794786, 193485963, 2483038440, 891568578, 659243622],
  ['user1', 600140646, 277151541, 2320883604, 2354152789, 2280200318],
  ['ABC123.node1', 2796266353, 1894902054, 27022696, 855156792, 91475414],
  ['/index.html', 858007926, 3776231887, 822151038, 3928116034, 4217574924],
  ['', 0, 5381, 4187620192, 0, 2874071335],
])('HAProxy hashes %j', (key, ...hashes) => {
  const data = bytes(key)
  const values = [sdbm(data), djb2(data), wt6(data), crc32(data), avalanche(sdbm(data))]
  expect(values).toEqual(hashes)
})

test('the modifier "avalanche" mixes small numbers', () => {
  expect([0, 4096, 4294967295].map(avalanche)).toEqual([2874071335, 1237450891, 2120532354])
})

test('without a function, the key is a number', () => {
  const type = { function: 'none', avalanche: false } as const
  expect(hashOf('4294967301', type)).toBe(5)
  expect(hashOf('-1', type)).toBe(4294967295)
  expect(hashOf('abc', type)).toBe(0)
})

test('"balance source" adds up an address 32 bits at a time', () => {
  expect(sourceHash(clientAddress('10.0.0.5').bytes, false)).toBe(0x0a000005)
  expect(sourceHash(clientAddress('2001:db8::1').bytes, false)).toBe((0x20010db8 ^ 1) >>> 0)
})

test('a ring is sorted, and finds the first point that is not below a hash', () => {
  const ring = ringOf(3, (add) => {
    add(4294967295, 1)
    add(7, 2)
    add(7, 0)
  })
  expect([...ring.hashes]).toEqual([7, 7, 4294967295])
  expect([...ring.owners]).toEqual([0, 2, 1])
  expect([0, 7, 8, 4294967295].map((hash) => firstFrom(ring, hash))).toEqual([0, 0, 2, 2])
})
