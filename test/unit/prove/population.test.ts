import { expect, test } from 'vitest'
import {
  type Arrival,
  behaviourOf,
  directly,
  groupsOf,
  modelClients,
  throughCdn,
} from '../../../src/core/prove/population.ts'
import { addressAt } from '../../../src/core/simulate/population/addresses.ts'
import type { Clients } from '../../../src/core/simulate/population/clients.ts'
import { newClientState, nextRequest } from '../../../src/core/traffic/client.ts'
import type { Identification } from '../../../src/core/traffic/identity.ts'

const identification: Identification = {
  server: null,
  session: { cookie: 'JSESSIONID', url: 'jsessionid', route: 'none' },
  sessionBy: null,
  hasChangingIds: false,
  count: null,
  cookieNamesServer: false,
  serverNames: new Map(),
  routes: null,
}
const endpoint = { path: '/', upgradePath: '/', host: 'a', isTls: false, hasManyAddresses: true }

const groups = groupsOf(700)

const texts = ({ count, addresses }: Clients): readonly string[] =>
  Array.from({ length: count }, (_, client) => addressAt(addresses, client).text)

test('half of the clients are busy, and half wait', () => {
  expect([groups.busy.length, groups.waiting.length]).toEqual([350, 350])
  expect(groupsOf(3)).toEqual({ busy: [0, 1], waiting: [2] })
  expect(behaviourOf(groups, directly)).toMatchObject({ clients: 700, waiting: 350 })
})

test.each<[string, Arrival]>([
  ['directly', directly],
  ['through a CDN', throughCdn],
])('the models get the addresses from which the requests of the lab come: %s', (_, arrival) => {
  const behaviour = behaviourOf(groups, arrival)
  const { addresses, peers } = modelClients(groups.waiting, arrival, true)
  for (const [client, number] of groups.waiting.entries()) {
    for (const nth of [0, 1, 2]) {
      const { headers, localAddress } = nextRequest(
        number,
        nth,
        newClientState,
        behaviour,
        identification,
        endpoint,
      )
      const forwarded = headers['X-Forwarded-For'] ?? null
      expect(addressAt(addresses, client).text).toBe(forwarded ?? localAddress)
      const peer = peers === null ? null : addressAt(peers, client).text
      expect(peer).toBe(forwarded === null ? null : localAddress)
    }
  }
})

test('clients of one address are one address for the models, too', () => {
  const addresses = texts(modelClients(groups.busy, directly, false))
  expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']))
})

test('clients have different networks, by which ip_hash tells them apart', () => {
  const addresses = texts(modelClients(groups.busy, directly, true))
  expect(new Set(addresses.map((text) => text.split('.').slice(0, 3).join('.'))).size).toBe(350)
})
