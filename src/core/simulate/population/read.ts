import { parseIp, plainAddress } from '../../model/ip.ts'
import { nextBelow, randomFrom } from '../random.ts'
import { type ClientAddress, clientAddress } from '../request.ts'
import { addressesFor, putAddress } from './addresses.ts'
import type { Clients, Habits } from './clients.ts'

/** What is wrong with a file of clients. */
export interface PopulationProblem {
  readonly problem: string
  readonly help: string
}

/** Clients in a file, each with its address. */
interface Listed {
  readonly address: ClientAddress
  readonly name: string
}

/** More do not fit into memory next to what else is counted. */
export const mostClients = 1_000_000

const tooMany: PopulationProblem = {
  problem: `the file has more than ${mostClients} clients`,
  help: 'use a part of it',
}

const lineOf = (line: string): { address: string; count: number } | null => {
  const [address = '', count = '1', ...more] = line.split(/\s+/)
  if (parseIp(address) === null || !/^[1-9]\d{0,6}$/.test(count) || more.length > 0) return null
  return { address: plainAddress(address), count: Number(count) }
}

/** One address in a line, and how many clients have it; `#` begins a comment. */
export const listedAddresses = (text: string): readonly Listed[] | PopulationProblem => {
  const listed: Listed[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.replace(/#.*/, '').trim()
    if (content === '') continue
    const read = lineOf(content)
    if (read === null)
      return {
        problem: `line ${index + 1} has no address`,
        help: 'write an IPv4 or IPv6 address in each line, and after a space how many clients have it',
      }
    if (listed.length + read.count > mostClients) return tooMany
    const address = clientAddress(read.address)
    for (let number = 0; number < read.count; number++)
      listed.push({ address, name: `c${listed.length}` })
  }
  return listed.length > 0
    ? listed
    : { problem: 'the file has no addresses', help: 'write one address in each line' }
}

/** With the port of HAProxy's logs, or in brackets. */
const addressIn = (word: string): string | null => {
  if (parseIp(word) !== null) return plainAddress(word)
  const [, inner] = /^"?\[?([\da-f.:]+?)\]?(?::\d+)?"?,?$/i.exec(word) ?? []
  return inner === undefined || parseIp(inner) === null ? null : plainAddress(inner)
}

/** The first address in a line: logs of nginx, Apache and HAProxy have the client before the server. */
const firstAddress = (line: string): string | null => {
  for (const word of line.split(/[\s"]+/)) {
    const address = addressIn(word.replace(/^[,:{]+/, ''))
    if (address !== null) return address
  }
  return null
}

const userAgentOf = (line: string): string => /"([^"]*)"[^"]*$/.exec(line)?.[1] ?? ''

/** Clients of an access log: those with another address or user agent are others. */
export const loggedClients = (text: string): readonly Listed[] | PopulationProblem => {
  const seen = new Map<string, Listed>()
  for (const line of text.split('\n')) {
    const address = firstAddress(line)
    if (address === null) continue
    const name = `${address} ${userAgentOf(line)}`
    if (!seen.has(name)) seen.set(name, { address: clientAddress(address), name })
    if (seen.size > mostClients) return tooMany
  }
  return seen.size > 0
    ? [...seen.values()]
    : {
        problem: 'no line of the log has the address of a client',
        help: 'use an access log in which the address of the client comes first, such as the combined format',
      }
}

/** Each listed client once, or as many as asked for, drawn by chance. */
export const clientsFrom = (
  listed: readonly Listed[],
  wanted: number | null,
  seed: number,
  { withoutCookies, tabs }: Habits,
): Clients => {
  const random = randomFrom(seed)
  const count = wanted ?? listed.length
  const drawn = new Uint32Array(count)
  const keepsCookies = new Uint8Array(count)
  const addresses = addressesFor(count)
  for (let client = 0; client < count; client++) {
    const index = wanted === null ? client : nextBelow(random, listed.length)
    const found = listed[index]
    if (found === undefined) continue
    drawn[client] = index
    putAddress(addresses, client, found.address)
    keepsCookies[client] = nextBelow(random, 1_000_000) >= withoutCookies * 1_000_000 ? 1 : 0
  }
  const nameOf = (client: number): string => {
    const name = listed[drawn[client] ?? 0]?.name ?? ''
    return wanted === null ? name : `${name} ${client}`
  }
  return { count, nameOf, addresses, later: addresses, peers: null, keepsCookies, tabs }
}
