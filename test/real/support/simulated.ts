import { expect } from 'vitest'
import { nextBelow, randomFrom } from '../../../src/core/simulate/random.ts'
import { clientAddress, type Request } from '../../../src/core/simulate/request.ts'
import type { Run } from '../../../src/core/simulate/run.ts'
import type { SimulatedServer } from '../../../src/core/simulate/server.ts'
import { isUnusual, mostByChance, trialsOfBoth } from '../../support/by-chance.ts'
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

/**
 * The servers get as many requests as in the model, more or less `most`, in whatever order: for a method
 * that does not choose by chance.
 */
export const expectSameCounts = (
  model: Run,
  clients: readonly Client[],
  folder: string,
  served: readonly string[],
  { most, bytes }: { readonly most: number; readonly bytes: number },
): void => {
  const simulated = clients.map(
    (client) => model.serve(requestOf(client, folder), { setCookies: [], bytes }).server ?? '-',
  )
  const differences = [...new Set([...served, ...simulated])].map((name) => {
    const count = (names: readonly string[]): number => names.filter((each) => each === name).length
    return { folder, name, real: count(served), model: count(simulated) }
  })
  expect(differences.filter((each) => Math.abs(each.real - each.model) > most)).toEqual([])
}

/** How many requests are sent: at first, and once more if a share is unusual then. */
export interface Samples {
  readonly first: number
  readonly second: number
}

/** The model is asked more often, so that hardly any of a difference is its own. */
const ofModel = 12

/** So many clients: the same ones again, if there are too few. */
const repeated = (clients: readonly Client[], count: number): readonly Client[] =>
  Array.from({ length: count }, (_, index) => clients[index % clients.length]).filter(
    (client) => client !== undefined,
  )

type Shares = (name: string) => number

const sharesOf = (served: readonly string[]): Shares => {
  const counts = new Map<string, number>()
  for (const name of served) counts.set(name, (counts.get(name) ?? 0) + 1)
  return (name) => (counts.get(name) ?? 0) / served.length
}

/**
 * A method that chooses by chance gives each server the share that the model gives it. All shares are
 * compared after a few requests; only if one of them is unusual, as one in 400 is, after many, where a right
 * model fails once in 10^10 times. With 900 and 9000 requests, a model is refused that gives half of the
 * clients to a server that gets 45 or 55 of 100: in half of the scenes it is unusual, and then it is seen
 * in 49 of 50 cases.
 */
export const expectSameShares = async (
  model: () => Run,
  clients: readonly Client[],
  folder: string,
  port: number,
  { first, second }: Samples,
): Promise<void> => {
  const compared = async (count: number) => {
    const asking = repeated(clients, count)
    const real = await servedBy(port, folder, asking)
    const simulating = model()
    const simulated = repeated(clients, ofModel * count).map(
      (client) =>
        simulating.serve(requestOf(client, folder), { setCookies: [], bytes: 1 }).server ?? '-',
    )
    const [realShare, share] = [sharesOf(real), sharesOf(simulated)]
    return [...new Set([...real, ...simulated])].map((name) => ({
      name,
      real: realShare(name),
      share: share(name),
      trials: trialsOfBoth(real.length, simulated.length),
    }))
  }
  const few = await compared(first)
  if (!few.some(({ real, share, trials }) => isUnusual(real - share, share, trials))) return
  const tooFar = (await compared(second)).filter(
    ({ real, share, trials }) => Math.abs(real - share) > mostByChance(share, trials),
  )
  expect({ folder, tooFar }).toEqual({ folder, tooFar: [] })
}

/** Servers by name; those that are dead have a port on which nothing listens. */
export interface Scene {
  readonly servers: readonly SimulatedServer[]
  readonly dead: readonly string[]
}
