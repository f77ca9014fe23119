import { next32, nextBelow, type Random, randomFrom } from '../random.ts'
import { type Addresses, addressesFor, putIpv4, putIpv6 } from './addresses.ts'
import { type Clients, type Habits, usualHabits } from './clients.ts'

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

/** Gives a client its addresses, by its number. */
type Seats = (client: number) => void

/** Where seats are written. */
interface Room {
  readonly addresses: Addresses
  readonly later: Addresses
  readonly peers: Addresses
}

/** Not private, not reserved: from 1.0.0.0 to 223.255.255.255 without 10 and 127. */
const publicAddress = (random: Random): number => {
  for (;;) {
    const bits = next32(random)
    const first = bits >>> 24
    if (first === 0 || first === 10 || first === 127 || first > 223) continue
    return bits
  }
}

const seat = ({ addresses, later }: Room, client: number, address: number): void => {
  putIpv4(addresses, client, address)
  putIpv4(later, client, address)
}

const several = (count: number, random: Random): readonly number[] =>
  Array.from({ length: count }, () => publicAddress(random))

const oneOf = (items: readonly number[], random: Random, fallback: number): number =>
  items[nextBelow(random, items.length)] ?? fallback

const internet =
  (room: Room, random: Random): Seats =>
  (client) =>
    seat(room, client, publicAddress(random))

/** k clients behind n addresses: no proxy sees more than the n. */
const nat = (count: number, room: Room, random: Random): Seats => {
  const addresses = several(count, random)
  const first = publicAddress(random)
  return (client) => seat(room, client, oneOf(addresses, random, first))
}

/** The proxy sees an address of the CDN, and the client's in a header. */
const cdn = (count: number, room: Room, random: Random): Seats => {
  const edges = several(count, random)
  const first = publicAddress(random)
  return (client) => {
    seat(room, client, publicAddress(random))
    putIpv4(room.peers, client, oneOf(edges, random, first))
  }
}

/** The clients of an office differ in the last octet only. */
const offices = (count: number, room: Room, random: Random): Seats => {
  const networks = several(count, random)
  const first = publicAddress(random)
  return (client) => {
    const network = oneOf(networks, random, first) & 0xffffff00
    seat(room, client, network | (1 + nextBelow(random, 254)))
  }
}

/** 2000::/4 and a network of its own; the second half changes with each privacy address. */
const privacyAddresses =
  ({ addresses, later }: Room, random: Random): Seats =>
  (client) => {
    const network = [0x20000000 | (next32(random) >>> 4), next32(random)] as const
    putIpv6(addresses, client, network, [next32(random), next32(random)])
    putIpv6(later, client, network, [next32(random), next32(random)])
  }

/** Of ten clients: five with addresses of their own, two behind NAT, one in an office, two with IPv6. */
const mixed = (clients: number, room: Room, random: Random): Seats => {
  const own = internet(room, random)
  const behind = nat(Math.ceil(clients / 5 / clientsPer.nat), room, random)
  const office = offices(Math.ceil(clients / 10 / clientsPer.offices), room, random)
  const six = privacyAddresses(room, random)
  const turns = [own, own, own, own, own, behind, behind, office, six, six]
  return (client) => (turns[client % turns.length] ?? own)(client)
}

const seatsOf = ({ name, count }: Shape, clients: number, room: Room, random: Random): Seats => {
  const usual = (per: number): number => count ?? Math.max(1, Math.ceil(clients / per))
  switch (name) {
    case 'internet':
      return internet(room, random)
    case 'nat':
      return nat(usual(clientsPer.nat), room, random)
    case 'cdn':
      return cdn(usual(clientsPer.cdn), room, random)
    case 'offices':
      return offices(usual(clientsPer.offices), room, random)
    case 'ipv6':
      return privacyAddresses(room, random)
    case 'mixed':
      return mixed(clients, room, random)
  }
}

/** Clients of a shape; the same for the same seed. */
export const clientsOfShape = (
  shape: Shape,
  count: number,
  seed: number,
  { withoutCookies, tabs }: Habits = usualHabits,
): Clients => {
  const random = randomFrom(seed)
  const isCdn = shape.name === 'cdn'
  const room: Room = {
    addresses: addressesFor(count),
    later: addressesFor(count),
    peers: addressesFor(isCdn ? count : 0),
  }
  const sit = seatsOf(shape, count, room, random)
  for (let client = 0; client < count; client++) sit(client)
  const habits = randomFrom(seed + 1)
  return {
    ...room,
    count,
    peers: isCdn ? room.peers : null,
    nameOf: (client) => `c${client}`,
    keepsCookies: Uint8Array.from({ length: count }, () =>
      withoutCookies === 0 || next32(habits) / 2 ** 32 >= withoutCookies ? 1 : 0,
    ),
    tabs,
  }
}
