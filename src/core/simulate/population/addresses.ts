import { parseIp } from '../../model/ip.ts'
import type { ClientAddress } from '../request.ts'

/** The addresses of many clients, by number: an object for each would cost more time than its requests. */
export interface Addresses {
  /** Four words of 32 bits for each, of which IPv4 uses the first. */
  readonly words: Uint32Array
  /** 4 or 16 bytes. */
  readonly sizes: Uint8Array
}

export const addressesFor = (count: number): Addresses => ({
  words: new Uint32Array(4 * count),
  sizes: new Uint8Array(count),
})

export const putIpv4 = ({ words, sizes }: Addresses, number: number, word: number): void => {
  words[4 * number] = word
  sizes[number] = 4
}

export const putIpv6 = (
  { words, sizes }: Addresses,
  number: number,
  network: readonly [number, number],
  interfaceId: readonly [number, number],
): void => {
  words[4 * number] = network[0]
  words[4 * number + 1] = network[1]
  words[4 * number + 2] = interfaceId[0]
  words[4 * number + 3] = interfaceId[1]
  sizes[number] = 16
}

export const putAddress = (
  { words, sizes }: Addresses,
  number: number,
  { bytes }: ClientAddress,
): void => {
  for (const [index, byte] of bytes.entries()) {
    const word = 4 * number + (index >> 2)
    words[word] = ((words[word] ?? 0) << 8) | byte
  }
  sizes[number] = bytes.length
}

const shortened = (groups: readonly string[]): string => {
  const text = groups.join(':')
  if (!/(?:^|:)0:0(?::|$)/.test(text)) return text
  return parseIp(text)?.toString() ?? text
}

/** As nginx writes it: of IPv6 without leading zeros, and without the longest run of zeros. */
const written = (bytes: Uint8Array): string => {
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`
  const words = new DataView(bytes.buffer)
  return shortened(
    Array.from({ length: bytes.length / 2 }, (_, index) => words.getUint16(2 * index).toString(16)),
  )
}

/** Most methods hash bytes: the text is written for those that hash it. */
class IpAddress implements ClientAddress {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get text(): string {
    return written(this.bytes)
  }
}

export const addressAt = ({ words, sizes }: Addresses, number: number): ClientAddress => {
  const bytes = new Uint8Array(sizes[number] ?? 0)
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = (words[4 * number + (index >> 2)] ?? 0) >>> (24 - 8 * (index & 3))
  return new IpAddress(bytes)
}
