import { isIpv4 } from '../../model/address.ts'

const ipv4Number = (address: string): bigint =>
  address.split('.').reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n)

/** The eight groups of an IPv6 address, its `::` and IPv4 tail written out. */
const ipv6Groups = (address: string): bigint[] => {
  const tail = /(^|:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[2]
  const plain =
    tail === undefined
      ? address
      : address.slice(0, -tail.length) +
        [ipv4Number(tail) >> 16n, ipv4Number(tail) & 0xffffn]
          .map((part) => part.toString(16))
          .join(':')
  const [head = '', rest] = plain.split('::')
  const groups = (half: string) =>
    half === '' ? [] : half.split(':').map((group) => BigInt(`0x${group}`))
  const [left, right] = [groups(head), rest === undefined ? [] : groups(rest)]
  const zeros = rest === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array<bigint>(zeros).fill(0n), ...right]
}

const ipv6Number = (address: string): bigint =>
  ipv6Groups(address).reduce((sum, group) => (sum << 16n) | group, 0n)

const ipv4Text = (number: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 0xffn).join('.')

/** All eight groups: nobody needs `::` for comparing. */
const ipv6Text = (number: bigint): string =>
  [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n]
    .map((shift) => ((number >> shift) & 0xffffn).toString(16))
    .join(':')

/** One spelling for every spelling of an IPv6 address. */
export const canonicalIpv6 = (address: string): string => ipv6Text(ipv6Number(address))

/** nginx warns of address bits behind the prefix (`10.0.0.1/8`); without them it is the same network. */
export const withoutHostBits = (network: string): string => {
  const [address = '', prefix] = network.split('/')
  if (prefix === undefined) return network
  const isV4 = isIpv4(address)
  const hostBits = BigInt((isV4 ? 32 : 128) - Number(prefix))
  const number = isV4 ? ipv4Number(address) : ipv6Number(address)
  const masked = (number >> hostBits) << hostBits
  if (masked === number) return network
  return `${isV4 ? ipv4Text(masked) : ipv6Text(masked).replace(/(:0)+$/, '::')}/${prefix}`
}
