import { bytesOf } from './bytes.ts'
import { crc32 } from './crc32.ts'

/** The functions of `hash-type`; `sdbm` is the default. */
export type HashFunction = 'sdbm' | 'djb2' | 'wt6' | 'crc32' | 'none'

export const sdbm = (bytes: Uint8Array): number => {
  let hash = 0
  for (const byte of bytes) hash = (byte + (hash << 6) + (hash << 16) - hash) | 0
  return hash >>> 0
}

export const djb2 = (bytes: Uint8Array): number => {
  let hash = 5381
  for (const byte of bytes) hash = ((hash << 5) + hash + byte) | 0
  return hash >>> 0
}

/** A shift by 32 is one by 0 in JavaScript and on x86 alike. */
const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by))

export const wt6 = (bytes: Uint8Array): number => {
  let low = 0xa53c965a | 0
  let high = 0x5ca6953a | 0
  let lowStep = 6
  let highStep = 18
  for (const byte of bytes) {
    const mixedLow = ~(low ^ byte)
    const mixedHigh = ~(high + byte)
    low = rotated(mixedHigh, lowStep)
    high = rotated(mixedLow, highStep)
    const steps = ((low >>> 16) ^ high) & 0xffff
    lowStep = steps & 31
    highStep = steps >>> 11
  }
  return (low ^ high) >>> 0
}

/** `none`: the key is a decimal number. */
const decimal = (bytes: Uint8Array): number => {
  const [digits = ''] = /^-?\d*/.exec(new TextDecoder().decode(bytes)) ?? []
  return Number(BigInt.asUintN(32, BigInt(digits === '-' ? 0 : digits)))
}

/** Jenkins' hash of an integer and a multiplication: the modifier `avalanche`, and points on the ring. */
export const avalanche = (number: number): number => {
  let value = (number + 0x7ed55d16 + (number << 12)) | 0
  value = value ^ 0xc761c23c ^ (value >>> 19)
  value = (value + 0x165667b1 + (value << 5)) | 0
  value = (value + 0xd3a2646c) ^ (value << 9)
  value = (value + 0xfd7046c5 + (value << 3)) | 0
  value = value ^ 0xb55a4f09 ^ (value >>> 16)
  return Math.imul(value, 3221225473) >>> 0
}

const functions = { sdbm, djb2, wt6, crc32, none: decimal } as const

export interface HashType {
  readonly function: HashFunction
  readonly avalanche: boolean
}

export const hashOf = (key: string | Uint8Array, type: HashType): number => {
  const hash = functions[type.function](typeof key === 'string' ? bytesOf(key) : key)
  return type.avalanche ? avalanche(hash) : hash
}

/** `balance source`: 32 bits of the address at a time, without the function of `hash-type`. */
export const sourceHash = (address: Uint8Array, isAvalanche: boolean): number => {
  let hash = 0
  for (let index = 0; index + 4 <= address.length; index += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = address.subarray(index, index + 4)
    hash ^= (a << 24) | (b << 16) | (c << 8) | d
  }
  return isAvalanche ? avalanche(hash) : hash >>> 0
}
