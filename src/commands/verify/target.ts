import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { isLoopbackAddress } from '../../core/model/ip.ts'
import type { Place } from '../../core/traffic/client.ts'
import { hasManyAddresses } from '../../core/traffic/loopback.ts'
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

/** Addresses of 127/8 first: from them, each client can have its own. @throws UsageError for another host, unless it may be asked. */
const addressesFor = async (
  url: URL,
  args: Args,
  world: TrafficWorld,
): Promise<readonly string[]> => {
  const name = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = await world.addressesOf(name)
  if (addresses.length === 0)
    throw new IoError(`${name} has no address`, {
      help: 'check the name, or give the address itself',
    })
  const foreign = addresses.find((address) => !isLoopbackAddress(address))
  if (foreign !== undefined && !args.iOwnThisHost)
    throw new UsageError(
      `${name} is not this host${foreign === name ? '' : ` (it is ${foreign})`}`,
      {
        help: 'verify makes load: say --i-own-this-host when you may',
      },
    )
  return [...addresses].sort((a, b) => Number(hasManyAddresses(b)) - Number(hasManyAddresses(a)))
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it ends the connection',
  ETIMEDOUT: 'it does not answer in time',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
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
  args: Args,
  context: Context,
  world: TrafficWorld,
): Promise<Reached> => {
  const isTls = url.protocol === 'https:'
  const host = hostOf(args, url)
  const authorities =
    args.ca === null
      ? null
      : new TextDecoder().decode(await context.files.read(resolve(context.cwd, args.ca)))
  const timeoutMs = timeoutOf(args)
  const addresses = await addressesFor(url, args, world)
  let problem = ''
  for (const address of addresses) {
    const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
    const { insecure: isInsecure, keepalive: keepsAlive } = args
    const target = { address, port, isTls, host, authorities, isInsecure, keepsAlive, timeoutMs }
    const line = world.open(target)
    const path = `${url.pathname}${url.search}`
    const reply = await line.ask({ path, headers: {}, from: null, client: 0 })
    line.close()
    context.signal.throwIfAborted()
    if (reply.problem === null) {
      const name = host.replace(/:\d+$/, '').toLowerCase()
      const place = { path, host: name, isTls, hasManyAddresses: hasManyAddresses(address) }
      return { target, place, first: reply }
    }
    problem ||= reply.problem
  }
  throw failureOf(url, problem)
}
