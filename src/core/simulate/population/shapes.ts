import { next32, nextBelow, type Random, randomFrom } from '../random.ts'
import type { ClientAddress } from '../request.ts'
import { type Client, type Habits, ipv4, ipv6, usualHabits } from './clients.ts'

/** Where clients come from. */
export const shapeNames = ['internet', 'nat', 'cdn', 'offices', 'ipv6', 'mixed'] as const

export type ShapeName = (typeof shapeNames)[number]

export interface Shape {
  readonly name: ShapeName
  /** Addresses of the NAT or CDN, networks of offices; null: as many as are usual. */
  readonly count: number | null
}

/** How many clients share an address or a network where the shape does not say how many there are. */
const clientsPer = { nat: 100, cdn: 2500, offices: 40 } as const

type Seat = Pick<Client, 'address' | 'later' | 'peer'>

type Seats = (index: number) => Seat

/** Not private, not reserved: from 1.0.0.0 to 223.255.255.255 without 10 and 127. */
const publicBytes = (random: Random): Uint8Array => {
  for (;;) {
    const bits = next32(random)
    const first = bits >>> 24
    if (first === 0 || first === 10 || first === 127 || first > 223) continue
    return Uint8Array.of(first, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255)
  }
}

const fixed = (address: ClientAddress, peer: ClientAddress | null = null): Seat => ({
  address,
  later: address,
  peer,
})

const several = (count: number, random: Random): readonly ClientAddress[] =>
  Array.from({ length: count }, () => ipv4(publicBytes(random)))

const oneOf = <Item>(items: readonly Item[], random: Random, fallback: Item): Item =>
  items[nextBelow(random, items.length)] ?? fallback

const internet =
  (random: Random): Seats =>
  () =>
    fixed(ipv4(publicBytes(random)))

/** k clients behind n addresses: no proxy sees more than the n. */
const nat = (count: number, random: Random): Seats => {
  const addresses = several(count, random)
  const first = ipv4(publicBytes(random))
  return () => fixed(oneOf(addresses, random, first))
}

/** The proxy sees an address of the CDN, and the client's in a header. */
const cdn = (count: number, random: Random): Seats => {
  const edges = several(count, random)
  const first = ipv4(publicBytes(random))
  return () => fixed(ipv4(publicBytes(random)), oneOf(edges, random, first))
}

/** The clients of an office differ in the last octet only. */
const offices = (count: number, random: Random): Seats => {
  const networks = Array.from({ length: count }, () => publicBytes(random))
  const first = publicBytes(random)
  return () => {
    const bytes = Uint8Array.from(oneOf(networks, random, first))
    bytes[3] = 1 + nextBelow(random, 254)
    return fixed(ipv4(bytes))
  }
}

/** 2000::/4 and a network of its own; the second half changes with each privacy address. */
const privacyAddresses =
  (random: Random): Seats =>
  () => {
    const bytes = new Uint8Array(16)
    const words = new DataView(bytes.buffer)
    words.setUint32(0, 0x20000000 | (next32(random) >>> 4))
    words.setUint32(4, next32(random))
    const within = (): ClientAddress => {
      words.setUint32(8, next32(random))
      words.setUint32(12, next32(random))
      return ipv6(Uint8Array.from(bytes))
    }
    return { address: within(), later: within(), peer: null }
  }

/** Of ten clients: five with addresses of their own, two behind NAT, one in an office, two with IPv6. */
const mixed = (clients: number, random: Random): Seats => {
  const own = internet(random)
  const behind = nat(Math.ceil(clients / 5 / clientsPer.nat), random)
  const office = offices(Math.ceil(clients / 10 / clientsPer.offices), random)
  const six = privacyAddresses(random)
  const turns = [own, own, own, own, own, behind, behind, office, six, six]
  return (index) => (turns[index % turns.length] ?? own)(index)
}

const seatsOf = ({ name, count }: Shape, clients: number, random: Random): Seats => {
  const usual = (per: number): number => count ?? Math.max(1, Math.ceil(clients / per))
  switch (name) {
    case 'internet':
      return internet(random)
    case 'nat':
      return nat(usual(clientsPer.nat), random)
    case 'cdn':
      return cdn(usual(clientsPer.cdn), random)
    case 'offices':
      return offices(usual(clientsPer.offices), random)
    case 'ipv6':
      return privacyAddresses(random)
    case 'mixed':
      return mixed(clients, random)
  }
}

/** Clients of a shape; the same for the same seed. */
export const clientsOfShape = (
  shape: Shape,
  clients: number,
  seed: number,
  { withoutCookies, tabs }: Habits = usualHabits,
): readonly Client[] => {
  const random = randomFrom(seed)
  const seatOf = seatsOf(shape, clients, random)
  const habits = randomFrom(seed + 1)
  return Array.from({ length: clients }, (_, index) => ({
    name: `c${index}`,
    ...seatOf(index),
    keepsCookies: withoutCookies === 0 || next32(habits) / 2 ** 32 >= withoutCookies,
    tabs,
  }))
}
