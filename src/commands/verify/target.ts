import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import {
  isHostName,
  isLoopbackAddress,
  isLoopbackHost,
  isUnspecified,
  plainAddress,
} from '../../core/model/ip.ts'
import type { Place } from '../../core/traffic/client.ts'
import { mayHaveManyAddresses, someClientAddress } from '../../core/traffic/loopback.ts'
import { IoError, UsageError } from '../../errors.ts'
import type { Reply, Target, TrafficWorld } from '../../ports/traffic.ts'
import { type Args, timeoutOf } from './wishes.ts'

const example = 'as in http://127.0.0.1:8080/shop/'

export const urlOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`${text} is no URL to ask`, {
      help: `it begins with http:// or https://, ${example}`,
    })
  if (url.username !== '' || url.password !== '')
    throw new UsageError('the URL holds a user or a password', { help: `leave it out, ${example}` })
  return url
}

const hostOf = ({ host }: Args, url: URL): string => {
  if (host === null) return url.host
  if (/^[A-Za-z0-9_.:[\]-]{1,255}$/.test(host)) return host
  throw new UsageError(`--host ${host} is no host`, {
    help: 'a name or an address, perhaps with :PORT',
  })
}

const loopback: readonly string[] = ['127.0.0.1', '::1']

/** @throws UsageError for an address that nobody may be asked at, or not without a word of the user's. */
const checkAddress = (name: string, address: string, { iOwnThisHost }: Args): void => {
  if (isUnspecified(address))
    throw new UsageError(`${address} is an address to listen on, not to connect to`, {
      help: `name the address itself, ${example}`,
    })
  if (isLoopbackAddress(address) || iOwnThisHost) return
  throw new UsageError(`${name} is not this host${address === name ? '' : ` (it is ${address})`}`, {
    help: 'verify makes load: say --i-own-this-host when you may',
  })
}

/** Addresses of 127/8 first: from them, each client can have its own. @throws UsageError for another host, unless it may be asked. */
const addressesFor = async (
  url: URL,
  args: Args,
  world: TrafficWorld,
): Promise<readonly string[]> => {
  const name = plainAddress(url.hostname.replace(/^\[|\]$/g, ''))
  // RFC 6761: localhost is this host, whatever a name server says.
  const isLocalName = isHostName(name) && isLoopbackHost(name)
  const addresses = isLocalName ? loopback : (await world.addressesOf(name)).map(plainAddress)
  if (addresses.length === 0)
    throw new IoError(`${name} has no address`, {
      help: 'check the name, or give the address itself',
    })
  for (const address of addresses) checkAddress(name, address, args)
  return [...addresses].sort(
    (a, b) => Number(mayHaveManyAddresses(b)) - Number(mayHaveManyAddresses(a)),
  )
}

/** Where a run asks: a dry run refuses what a run refuses, for both begin here. */
export interface Aim {
  readonly addresses: readonly string[]
  readonly host: string
  readonly authorities: string | null
  readonly timeoutMs: number
  /** This host has more of 127/8 than 127.0.0.1, so that each client can have an address. */
  readonly hasClientAddresses: boolean
}

/** Nothing is sent yet. @throws UsageError for what may not be asked, IoError for what cannot. */
export const aimAt = async (
  url: URL,
  args: Args,
  { cwd, files }: Context,
  world: TrafficWorld,
): Promise<Aim> => ({
  host: hostOf(args, url),
  timeoutMs: timeoutOf(args),
  authorities:
    args.ca === null ? null : new TextDecoder().decode(await files.read(resolve(cwd, args.ca))),
  addresses: await addressesFor(url, args, world),
  hasClientAddresses: await world.hasAddress(someClientAddress),
})

/** Whether each client can have an address of its own there. */
export const hasManyAddresses = (address: string, { hasClientAddresses }: Aim): boolean =>
  hasClientAddresses && mayHaveManyAddresses(address)

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it ends the connection',
  ETIMEDOUT: 'it does not answer in time',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  EADDRNOTAVAIL: 'this host does not have that address',
  EAFNOSUPPORT: 'this host does not have that kind of address',
}

const failureOf = (url: URL, problem: string): IoError => {
  const isTls = /CERT|SIGNED|ALTNAME|SSL|TLS|EPROTO/.test(problem)
  const help = isTls
    ? 'name the authority of its certificate with --ca, or take any with --insecure'
    : 'start the balancer, or name where it listens'
  return new IoError(`cannot ask ${url.origin}: ${reasons[problem] ?? problem}`, { help })
}

/** Where requests go, and what the first of them was answered. */
export interface Reached {
  readonly target: Target
  readonly place: Place
  readonly first: Extract<Reply, { problem: null }>
}

/**
 * Finds the address that answers.
 * @throws IoError when none does.
 */
export const reach = async (
  url: URL,
  aim: Aim,
  args: Args,
  { signal }: Context,
  world: TrafficWorld,
): Promise<Reached> => {
  const isTls = url.protocol === 'https:'
  const { host, authorities, timeoutMs } = aim
  let problem = ''
  for (const address of aim.addresses) {
    const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
    const { insecure: isInsecure, keepalive: keepsAlive } = args
    const target = { address, port, isTls, host, authorities, isInsecure, keepsAlive, timeoutMs }
    const line = world.open(target)
    const path = `${url.pathname}${url.search}`
    const reply = await line.ask({ path, headers: {}, from: null, client: 0 })
    line.close()
    signal.throwIfAborted()
    if (reply.problem === null) {
      const name = host.replace(/:\d+$/, '').toLowerCase()
      const place = { path, host: name, isTls, hasManyAddresses: hasManyAddresses(address, aim) }
      return { target, place, first: reply }
    }
    problem ||= reply.problem
  }
  throw failureOf(url, problem)
}
