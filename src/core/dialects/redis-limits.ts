import { atKey, atValue, type CodeTable, type Place } from '../diagnostics/diagnostic.ts'
import { type Findings, reportFor } from '../diagnostics/findings.ts'
import { formatAddress } from '../model/address.ts'
import type { RedisStore, RedisTls } from '../model/store.ts'

/** What a Redis client cannot do, in every runtime. */
export const redisCodes = {
  'redis-option': {
    severity: 'error',
    summary: 'The client cannot connect to Redis as the spec describes it',
    why: 'A client that cannot log in as that user, use TLS or follow a failover would start, and then store no session.',
  },
} as const satisfies CodeTable

const report = reportFor(redisCodes)

export interface RedisAbilities {
  readonly modes: readonly RedisStore['mode'][]
  readonly username: boolean
  /** Which settings of TLS it has; null: no TLS. */
  readonly tls: Readonly<Record<keyof RedisTls, boolean>> | null
  readonly database: boolean
  /** UNIX sockets. */
  readonly sockets: boolean
}

/** Of a client with every feature that works over TCP. */
export const anyNetworkRedis: RedisAbilities = {
  modes: ['single', 'sentinel', 'cluster'],
  username: true,
  tls: { ca: true, serverName: false, certificate: true },
  database: true,
  sockets: false,
}

const tlsRemedies: Readonly<Record<keyof RedisTls, string>> = {
  ca: 'write tls: true, and add the authority to those that the runtime trusts',
  serverName: 'write the name of the certificate as the host of the address',
  certificate: 'remove certificate, and use tls-auth-clients no in Redis',
}

/**
 * Reports what a client cannot do with a store.
 * @param client its name in messages.
 * @param remedy names what can do it.
 */
export const checkRedisClient = (
  store: RedisStore,
  client: string,
  can: RedisAbilities,
  remedy: string,
  findings: Findings,
): void => {
  const refuse = (at: Place, message: string, help = remedy) =>
    report(findings, 'redis-option', at, `${client} ${message}`, help)
  if (!can.modes.includes(store.mode))
    refuse(atKey([...store.path, 'mode']), `does not support Redis in mode "${store.mode}"`)
  if (store.username !== null && !can.username)
    refuse(atValue([...store.path, 'username']), 'sends a password without a user name')
  if (store.tls !== null && can.tls === null)
    refuse(atValue([...store.path, 'tls']), 'does not support TLS')
  for (const key of ['ca', 'serverName', 'certificate'] as const) {
    if (store.tls === null || store.tls[key] === null || can.tls === null || can.tls[key]) continue
    const at = atValue([...store.path, 'tls', key])
    refuse(at, `has no setting for "${key}" of TLS`, tlsRemedies[key])
  }
  if (store.database !== 0 && !can.database)
    refuse(atValue([...store.path, 'database']), 'supports database 0 only')
  for (const [index, address] of store.addresses.entries()) {
    if (address.kind === 'inet' || can.sockets) continue
    const at = atValue([...store.path, 'addresses', index])
    refuse(at, `cannot connect to ${formatAddress(address)}`, 'write a host and a port')
  }
}

/** The attributes `host` and `port` of a single Redis. */
export const hostAndPort = ({
  addresses: [address],
}: RedisStore): readonly (readonly [name: string, value: string | null])[] =>
  address?.kind === 'inet'
    ? [
        ['host', address.host],
        ['port', String(address.port)],
      ]
    : []
