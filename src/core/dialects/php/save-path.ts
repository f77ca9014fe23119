import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { formatAddress } from '../../model/address.ts'
import type { MemcachedStore, RedisStore } from '../../model/store.ts'
import { checkMemcachedAddresses } from '../memcached-limits.ts'
import { report } from './codes.ts'

/** Encodes everything except letters, digits and "-_.~". */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** '' without a password. */
const passwordOf = ({ password, path }: RedisStore, findings: Findings): string => {
  const at = atValue([...path, 'password'])
  switch (password?.kind) {
    case undefined:
      return ''
    case 'literal':
      return percentEncoded(password.value)
    case 'env': {
      const message = `the value of ${password.name} must be percent-encoded: it is inserted in a URL`
      const help = 'a password of letters and digits needs no encoding'
      report(findings, 'php-secret-encoding', at, message, help)
      return ['$', '{', password.name, '}'].join('')
    }
    case 'file': {
      const message = 'php.ini cannot read a secret from a file'
      const help = 'write { env: NAME }, and set the variable in the environment of the service'
      report(findings, 'php-secret', at, message, help)
      return ''
    }
  }
}

type Parameters = readonly (readonly [name: string, value: string | null])[]

const queryOf = (parameters: Parameters): string =>
  parameters.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])).join('&')

const loginOf = (store: RedisStore, findings: Findings): Parameters => {
  const password = passwordOf(store, findings)
  if (password === '') return []
  return store.username === null
    ? [['auth', password]]
    : [
        ['auth[]', percentEncoded(store.username)],
        ['auth[]', password],
      ]
}

const prefixOf = (prefix: string | null): Parameters => [
  ['prefix', prefix === null ? null : percentEncoded(prefix)],
]

/** Options of the stream context of PHP, which checks the certificate of the server. */
const contextOf = ({ tls }: RedisStore): Parameters =>
  (
    [
      ['cafile', tls?.ca],
      ['peer_name', tls?.serverName],
      ['local_cert', tls?.certificate],
    ] as const
  ).map(([name, value]) => [`stream[${name}]`, value ? percentEncoded(value) : null] as const)

const timeouts: Parameters = [
  ['timeout', '2.5'],
  ['read_timeout', '2.5'],
]

/** For the handler `redis`: one server, because sessions would be distributed over several. */
export const redisPath = (store: RedisStore, prefix: string | null, findings: Findings): string => {
  const [address] = store.addresses
  const server =
    address?.kind === 'unix'
      ? `unix://${address.path}`
      : `${store.tls ? 'tls' : 'tcp'}://${address === undefined ? '' : formatAddress(address)}`
  const query = queryOf([
    ...loginOf(store, findings),
    ['database', store.database === 0 ? null : String(store.database)],
    ...timeouts,
    ...contextOf(store),
    ...prefixOf(prefix),
  ])
  return `${server}?${query}`
}

/** For the handler `rediscluster`: it reads from masters only. */
export const clusterPath = (
  store: RedisStore,
  prefix: string | null,
  findings: Findings,
): string => {
  const scheme = store.tls ? 'tls://' : ''
  return queryOf([
    ...store.addresses.map((address) => ['seed[]', `${scheme}${formatAddress(address)}`] as const),
    ...loginOf(store, findings),
    ...timeouts,
    ['failover', 'none'],
    // Nodes that the seeds return have no scheme: only with a stream context they are reached over TLS.
    ['stream[verify_peer]', store.tls ? '1' : null],
    ...contextOf(store),
    ...prefixOf(prefix),
  ])
}

const reportAddresses = (store: MemcachedStore, findings: Findings): void => {
  checkMemcachedAddresses(store, (at, address, help) => {
    const message = `session.save_path cannot contain ${address}`
    report(findings, 'php-memcached-address', at, message, help)
  })
}

/** For the handler `memcached`: addresses without a scheme. */
export const memcachedPath = (store: MemcachedStore, findings: Findings): string => {
  reportAddresses(store, findings)
  return store.servers.map(({ address }) => formatAddress(address)).join(',')
}

/** For the handler `memcache`: one URL for each server. */
export const memcachePath = (store: MemcachedStore, findings: Findings): string => {
  reportAddresses(store, findings)
  return store.servers
    .map(
      ({ address }) => `tcp://${formatAddress(address)}?persistent=1&timeout=1&retry_interval=15`,
    )
    .join(', ')
}
