import {
  atKey,
  atValue,
  type CodeTable,
  type Diagnostic,
  reporterFor,
} from '../diagnostics/diagnostic.ts'
import { formatAddress } from '../model/address.ts'
import type { RedisStore } from '../model/store.ts'

/** What a client of Redis may be unable to do, whatever the runtime. */
export const redisCodes = {
  'redis-option': {
    severity: 'error',
    summary: 'This client cannot reach Redis as the spec describes it',
    why: 'A client that cannot log in as that user, speak TLS or follow a failover would start, and then keep no session.',
  },
} as const satisfies CodeTable

const report = reporterFor(redisCodes)

/** What a client can do. */
export interface RedisAbilities {
  readonly modes: readonly RedisStore['mode'][]
  readonly username: boolean
  readonly tls: boolean
  readonly database: boolean
  /** UNIX sockets. */
  readonly sockets: boolean
}

/** Of a client that can do all that goes over the network. */
export const anyNetworkRedis: RedisAbilities = {
  modes: ['single', 'sentinel', 'cluster'],
  username: true,
  tls: true,
  database: true,
  sockets: false,
}

/** @param client as people call it; @param remedy what can do it. */
export const redisLimits = (
  store: RedisStore,
  client: string,
  can: RedisAbilities,
  remedy: string,
): readonly Diagnostic[] => {
  const problems: Diagnostic[] = []
  if (!can.modes.includes(store.mode)) {
    const message = `${client} knows no Redis in mode "${store.mode}"`
    problems.push(report('redis-option', atKey([...store.path, 'mode']), message, remedy))
  }
  if (store.username !== null && !can.username) {
    const message = `${client} sends a password only, and no user`
    problems.push(report('redis-option', atValue([...store.path, 'username']), message, remedy))
  }
  if (store.tls && !can.tls) {
    const message = `${client} does not speak TLS`
    problems.push(report('redis-option', atValue([...store.path, 'tls']), message, remedy))
  }
  if (store.database !== 0 && !can.database) {
    const message = `${client} knows no database but 0 here`
    problems.push(report('redis-option', atValue([...store.path, 'database']), message, remedy))
  }
  for (const [index, address] of store.addresses.entries()) {
    if (address.kind === 'inet' || can.sockets) continue
    const message = `${client} cannot connect to ${formatAddress(address)}`
    const at = atValue([...store.path, 'addresses', index])
    problems.push(report('redis-option', at, message, 'give it a host and a port'))
  }
  return problems
}
