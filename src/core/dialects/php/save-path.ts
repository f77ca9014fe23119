import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { formatAddress } from '../../model/address.ts'
import { isIpv6 } from '../../model/ip.ts'
import type { MemcachedStore, RedisStore } from '../../model/store.ts'
import { report } from './codes.ts'

export interface SavePath {
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
}

/** Everything but letters, digits and "-_.~". */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const variable = (name: string): string => ['$', '{', name, '}'].join('')

const passwordOf = ({ password, path }: RedisStore): SavePath => {
  const at = atValue([...path, 'password'])
  switch (password?.kind) {
    case undefined:
      return { text: '', diagnostics: [] }
    case 'literal':
      return { text: percentEncoded(password.value), diagnostics: [] }
    case 'env': {
      const message = `${password.name} must be percent-encoded: it becomes a part of a URL`
      const help = 'a password of letters and digits is the same either way'
      return {
        text: variable(password.name),
        diagnostics: [report('php-secret-encoding', at, message, help)],
      }
    }
    case 'file': {
      const message = 'php.ini cannot read a secret from a file'
      const help = 'write { env: NAME }, and let the service read the file into its environment'
      return { text: '', diagnostics: [report('php-secret', at, message, help)] }
    }
  }
}

type Parameters = readonly (readonly [name: string, value: string | null])[]

const queryOf = (parameters: Parameters): string =>
  parameters.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])).join('&')

/** Nobody logs in without a password. */
const userProblems = ({ password, path, username }: RedisStore): readonly Diagnostic[] =>
  username === null || password !== null
    ? []
    : [withoutEffect([...path, 'username'], 'PHP', 'without a password it does not log in')]

/** The password alone, or with a user. */
const loginOf = ({ username }: RedisStore, password: string): Parameters => {
  if (password === '') return []
  return username === null
    ? [['auth', password]]
    : [
        ['auth[]', percentEncoded(username)],
        ['auth[]', password],
      ]
}

const prefixOf = (keyPrefix: string | null): Parameters => [
  ['prefix', keyPrefix === null ? null : percentEncoded(`${keyPrefix}:`)],
]

const timeouts: Parameters = [
  ['timeout', '2.5'],
  ['read_timeout', '2.5'],
]

/** For the handler `redis`: one server, since several would each have a share of the sessions. */
export const redisPath = (store: RedisStore, keyPrefix: string | null): SavePath => {
  const [address] = store.addresses
  const password = passwordOf(store)
  const place =
    address?.kind === 'unix'
      ? `unix://${address.path}`
      : `${store.tls ? 'tls' : 'tcp'}://${address === undefined ? '' : formatAddress(address)}`
  const query = queryOf([
    ...loginOf(store, password.text),
    ['database', store.database === 0 ? null : String(store.database)],
    ...timeouts,
    ...prefixOf(keyPrefix),
  ])
  return {
    text: `${place}?${query}`,
    diagnostics: [...password.diagnostics, ...userProblems(store)],
  }
}

/** For the handler `rediscluster`: reads go to masters only. */
export const clusterPath = (store: RedisStore, keyPrefix: string | null): SavePath => {
  const password = passwordOf(store)
  const scheme = store.tls ? 'tls://' : ''
  const query = queryOf([
    ...store.addresses.map((address) => ['seed[]', `${scheme}${formatAddress(address)}`] as const),
    ...loginOf(store, password.text),
    ...timeouts,
    ['failover', 'none'],
    // The nodes that the seeds name have no scheme: with a stream context they are reached over TLS.
    ['stream[verify_peer]', store.tls ? '1' : null],
    ...prefixOf(keyPrefix),
  ])
  return { text: query, diagnostics: [...password.diagnostics, ...userProblems(store)] }
}

const memcachedProblems = ({ servers, path }: MemcachedStore): readonly Diagnostic[] =>
  servers.flatMap(({ name, address }) =>
    address.kind === 'inet' && !isIpv6(address.host ?? '')
      ? []
      : [
          report(
            'php-memcached-address',
            atValue([...path, 'servers', name]),
            `${formatAddress(address)} cannot stand in session.save_path`,
            'give it an IPv4 address or a host name, and a port',
          ),
        ],
  )

/** For the handler `memcached`: no scheme. */
export const memcachedPath = (store: MemcachedStore): SavePath => ({
  text: store.servers.map(({ address }) => formatAddress(address)).join(','),
  diagnostics: memcachedProblems(store),
})

/** For the handler `memcache`: a URL each. */
export const memcachePath = (store: MemcachedStore): SavePath => ({
  text: store.servers
    .map(
      ({ address }) => `tcp://${formatAddress(address)}?persistent=1&timeout=1&retry_interval=15`,
    )
    .join(', '),
  diagnostics: memcachedProblems(store),
})
