import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import {
  isHostName,
  isLoopbackAddress,
  isLoopbackHost,
  isUnspecified,
  plainAddress,
} from '../../core/model/ip.ts'
import type { Endpoint } from '../../core/traffic/client.ts'
import { mayHaveManyAddresses, someClientAddress } from '../../core/traffic/loopback.ts'
import { IoError, UsageError } from '../../errors.ts'
import type { HttpResult, HttpTarget, TrafficWorld } from '../../ports/traffic.ts'
import { type Args, timeoutOf, upgradePathOf } from './options.ts'

const example = 'as in http://127.0.0.1:8080/shop/'

export const urlOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`"${text}" is not an HTTP URL`, {
      help: `use a URL that starts with http:// or https://, ${example}`,
    })
  if (url.username !== '' || url.password !== '')
    throw new UsageError('the URL contains a user name or a password', {
      help: `remove it, ${example}`,
    })
  return url
}

const hostOf = ({ host }: Args, url: URL): string => {
  if (host === null) return url.host
  if (/^[A-Za-z0-9_.:[\]-]{1,255}$/.test(host)) return host
  throw new UsageError(`"${host}" is not a value of --host`, {
    help: 'use a host name or an address, optionally with :PORT',
  })
}

const loopback: readonly string[] = ['127.0.0.1', '::1']

/** @throws UsageError for a wildcard address, and for another host without --i-own-this-host. */
const checkAddress = (name: string, address: string, { iOwnThisHost }: Args): void => {
  if (isUnspecified(address))
    throw new UsageError(`${address} is a wildcard address: it can only be listened on`, {
      help: `use the address of the balancer, ${example}`,
    })
  if (isLoopbackAddress(address) || iOwnThisHost) return
  throw new UsageError(`${name} is not this host${address === name ? '' : ` (it is ${address})`}`, {
    help: 'add --i-own-this-host if you are responsible for that host: verify generates load',
  })
}

/**
 * Addresses of 127/8 first, since each client can then have an address of its own.
 * @throws UsageError for another host without --i-own-this-host.
 */
const addressesFor = async (
  url: URL,
  args: Args,
  world: TrafficWorld,
): Promise<readonly string[]> => {
  const name = plainAddress(url.hostname.replace(/^\[|\]$/g, ''))
  // RFC 6761: localhost is always this host.
  const isLocalName = isHostName(name) && isLoopbackHost(name)
  const addresses = isLocalName ? loopback : (await world.addressesOf(name)).map(plainAddress)
  if (addresses.length === 0)
    throw new IoError(`${name} has no address`, {
      help: 'check the name, or use the address',
    })
  for (const address of addresses) checkAddress(name, address, args)
  return [...addresses].sort(
    (a, b) => Number(mayHaveManyAddresses(b)) - Number(mayHaveManyAddresses(a)),
  )
}

/** Where the requests of a run are sent. */
export interface Destination {
  readonly addresses: readonly string[]
  readonly host: string
  readonly authorities: string | null
  readonly timeoutMs: number
  /** Whether this host has more addresses of 127/8 than 127.0.0.1. */
  readonly hasClientAddresses: boolean
}

/** Sends nothing. @throws UsageError for a host that is not allowed, IoError for one that does not exist. */
export const resolveDestination = async (
  url: URL,
  args: Args,
  { cwd, files }: Context,
  world: TrafficWorld,
): Promise<Destination> => ({
  host: hostOf(args, url),
  timeoutMs: timeoutOf(args),
  authorities:
    args.ca === null ? null : new TextDecoder().decode(await files.read(resolve(cwd, args.ca))),
  addresses: await addressesFor(url, args, world),
  hasClientAddresses: await world.hasAddress(someClientAddress),
})

/** Whether each client can have an address of its own. */
export const hasManyAddresses = (address: string, { hasClientAddresses }: Destination): boolean =>
  hasClientAddresses && mayHaveManyAddresses(address)

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the host',
  EADDRNOTAVAIL: 'this host does not have such an address',
  EAFNOSUPPORT: 'this host does not support this address family',
}

const failureOf = (url: URL, failure: string): IoError => {
  const isTls = /CERT|SIGNED|ALTNAME|SSL|TLS|EPROTO/.test(failure)
  const help = isTls
    ? 'trust its certificate authority with --ca, or accept any certificate with --insecure'
    : 'start the balancer, or correct the URL'
  return new IoError(`cannot connect to ${url.origin}: ${reasons[failure] ?? failure}`, { help })
}

/** The address that responded, and its first response. */
export interface ReachedTarget {
  readonly target: HttpTarget
  readonly endpoint: Endpoint
  readonly firstResult: Extract<HttpResult, { failure: null }>
}

/** Finds the address that responds. @throws IoError if none does. */
export const connect = async (
  url: URL,
  aim: Destination,
  args: Args,
  { signal }: Context,
  world: TrafficWorld,
): Promise<ReachedTarget> => {
  const isTls = url.protocol === 'https:'
  const { host, authorities, timeoutMs } = aim
  let failure = ''
  for (const address of aim.addresses) {
    const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
    const { insecure: isInsecure, keepalive: keepsAlive } = args
    const target = { address, port, isTls, host, authorities, isInsecure, keepsAlive, timeoutMs }
    const line = world.openClient(target)
    const path = `${url.pathname}${url.search}`
    const reply = await line.send({ path, headers: {}, localAddress: null, client: 0 })
    line.close()
    signal.throwIfAborted()
    if (reply.failure === null) {
      const name = host.replace(/:\d+$/, '').toLowerCase()
      const upgradePath = upgradePathOf(args) ?? path
      const hasMany = hasManyAddresses(address, aim)
      const place = { path, upgradePath, host: name, isTls, hasManyAddresses: hasMany }
      return { target, endpoint: place, firstResult: reply }
    }
    failure ||= reply.failure
  }
  throw failureOf(url, failure)
}
