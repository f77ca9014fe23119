import { addressesFor, putAddress } from '../simulate/population/addresses.ts'
import type { Clients } from '../simulate/population/clients.ts'
import { clientAddress } from '../simulate/request.ts'
import { addressesOf } from '../traffic/client.ts'
import type { Behaviour } from '../traffic/scenario.ts'

/** Where the clients of a proof come from: each from its own address, or all through a few of a CDN. */
export type Arrival = Pick<Behaviour, 'source' | 'isForwarded'>

export const directly: Arrival = { source: 'own', isForwarded: false }
export const throughCdn: Arrival = { source: 'edge', isForwarded: true }

/** The numbers of the clients that send requests during the change, and of those that wait for its end. */
export interface Groups {
  readonly busy: readonly number[]
  readonly waiting: readonly number[]
}

export const groupsOf = (clients: number): Groups => {
  const all = Array.from({ length: clients }, (_, number) => number)
  const half = Math.ceil(clients / 2)
  return { busy: all.slice(0, half), waiting: all.slice(half) }
}

/**
 * nginx tries a server that had failed with one request, and sends the next ones elsewhere until it is answered.
 * After these clients, all servers are in use again.
 */
const newcomers = 60

/** Each client logs in; the change is applied while half of them send requests; then all send one. */
export const behaviourOf = ({ busy, waiting }: Groups, arrival: Arrival): Behaviour => ({
  ...arrival,
  clients: busy.length + waiting.length,
  newcomers,
  session: 'cookie',
  parallel: 1,
  waiting: waiting.length,
  steps: [
    // By turns, both groups get the same share of each server: what the predictions expect.
    { kind: 'requests', phase: 'before', each: 1, isInOrder: true },
    { kind: 'event', event: 'apply-change', underLoad: true },
    { kind: 'requests', phase: 'newcomers', each: 1 },
    { kind: 'requests', phase: 'after', each: 1 },
  ],
})

/**
 * The same clients, for the models.
 * @param hasManyAddresses whether each client of the lab has an address of its own.
 */
export const modelClients = (
  numbers: readonly number[],
  arrival: Arrival,
  hasManyAddresses: boolean,
): Clients => {
  const count = numbers.length
  const [addresses, peers] = [addressesFor(count), addressesFor(count)]
  for (const [client, number] of numbers.entries()) {
    const { connection, forwarded } = addressesOf(number, arrival)
    const peer = hasManyAddresses ? connection : '127.0.0.1'
    putAddress(peers, client, clientAddress(peer))
    putAddress(addresses, client, clientAddress(forwarded ?? peer))
  }
  return {
    count,
    nameOf: (client) => `c${numbers[client]}`,
    addresses,
    later: addresses,
    peers: arrival.isForwarded ? peers : null,
    keepsCookies: new Uint8Array(count).fill(1),
    tabs: 1,
  }
}
