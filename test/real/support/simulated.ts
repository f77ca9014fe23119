import { expect } from 'vitest'
import { nextBelow, randomFrom } from '../../../src/core/simulate/random.ts'
import { clientAddress, type Request } from '../../../src/core/simulate/request.ts'
import type { Run } from '../../../src/core/simulate/run.ts'
import type { SimulatedServer } from '../../../src/core/simulate/server.ts'
import { type Asked, pipelined } from './pipelined.ts'

/** A client, as both the real proxy and the model get it. */
export interface Client {
  readonly address: string
  readonly key: string
  readonly cookies: readonly { readonly name: string; readonly value: string }[]
}

/** Of IPv4 and IPv6, of offices in one /24, of IPv6 with one prefix; the same in every run. */
export const clientsOf = (count: number, seed: number): readonly Client[] => {
  const random = randomFrom(seed)
  const octet = (): number => nextBelow(random, 256)
  const group = (): string => nextBelow(random, 65_536).toString(16)
  const address = (index: number): string => {
    if (index % 4 === 0) return `2001:db8:${group()}::${group()}`
    if (index % 4 === 1) return `192.0.2.${octet()}`
    return `${1 + nextBelow(random, 223)}.${octet()}.${octet()}.${octet()}`
  }
  return Array.from({ length: count }, (_, index) => ({
    address: address(index),
    key: `k${nextBelow(random, 1_000_000)}`,
    cookies: [],
  }))
}

const asked = ({ address, key, cookies }: Client, folder: string): Asked => ({
  path: `/${folder}/?k=${key}`,
  headers: {
    'X-Client': address,
    ...(cookies.length === 0
      ? {}
      : { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }),
  },
})

export const requestOf = (
  { address, key, cookies }: Client,
  folder: string,
  time = 0,
): Request => ({
  address: clientAddress(address),
  cookies,
  uri: `/${folder}/?k=${key}`,
  time,
})

/** The argument `k`, which the tests hash. */
export const keyArgument = ({ uri }: Request): string => uri.slice(uri.indexOf('=') + 1)

/** Who serves the clients; `-` is 502 or 503. */
export const servedBy = async (
  port: number,
  folder: string,
  clients: readonly Client[],
): Promise<readonly string[]> => {
  const told = await pipelined(
    port,
    clients.map((client) => asked(client, folder)),
  )
  return told.map(({ status, body }) => (status === 200 ? body : '-'))
}

/** The model serves each client as the real proxy has; the first difference is named. */
export const expectSame = (
  model: Run,
  clients: readonly Client[],
  folder: string,
  served: readonly string[],
  { time = 0, bytes = 1 }: { readonly time?: number; readonly bytes?: number } = {},
): void => {
  const simulated = clients.map(
    (client) =>
      model.serve(requestOf(client, folder, time), { setCookies: [], bytes }).server ?? '-',
  )
  const different = clients.flatMap((client, index) =>
    simulated[index] === served[index]
      ? []
      : [
          {
            index,
            address: client.address,
            key: client.key,
            real: served[index],
            model: simulated[index],
          },
        ],
  )
  expect({ folder, count: different.length, first: different.slice(0, 3) }).toEqual({
    folder,
    count: 0,
    first: [],
  })
}

/** The shares of the servers differ by at most this. */
export const expectSameShares = (
  model: Run,
  clients: readonly Client[],
  folder: string,
  served: readonly string[],
  most: number,
  bytes = 1,
): void => {
  const simulated = clients.map(
    (client) => model.serve(requestOf(client, folder), { setCookies: [], bytes }).server ?? '-',
  )
  for (const name of new Set([...served, ...simulated])) {
    const share = (names: readonly string[]): number =>
      names.filter((each) => each === name).length / names.length
    expect(Math.abs(share(served) - share(simulated)), `${folder}: ${name}`).toBeLessThan(most)
  }
}

/** Servers by name; those that are dead have a port on which nothing listens. */
export interface Scene {
  readonly servers: readonly SimulatedServer[]
  readonly dead: readonly string[]
}
