import { atKey, atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../../model/address.ts'
import { isIpv6 } from '../../../model/ip.ts'
import { machineOfHost } from '../../../model/network.ts'
import type { MemcachedSessions } from '../../../model/sessions.ts'
import type { MemcachedStore, RedisStore } from '../../../model/store.ts'
import { redisLimits } from '../../redis-limits.ts'
import { report } from '../codes.ts'
import type { Instance } from '../instance.ts'
import { hostOf } from '../ports.ts'
import { element, noParts, type StoreParts } from './parts.ts'
import { fromEnvironment, literalOf, textProblems, urlReferenceTo } from './secrets.ts'

const serializers = 'de.javakaffee.web.msm.serializer'

/** null: the default, plain Java serialisation. */
const factories: Readonly<Record<MemcachedSessions['transcoder'], string | null>> = {
  java: null,
  kryo: `${serializers}.kryo.KryoTranscoderFactory`,
  javolution: `${serializers}.javolution.JavolutionTranscoderFactory`,
  xstream: `${serializers}.xstream.XStreamTranscoderFactory`,
  flexjson: `${serializers}.json.JSONTranscoderFactory`,
}

/** `n1:10.0.0.31:11211,…`: neither a hyphen in a name nor an IPv6 address can be told from the rest. */
const nodeProblems = ({ servers, path }: MemcachedStore): readonly Diagnostic[] =>
  servers.flatMap(({ name, address }) => {
    const at = [...path, 'servers', name]
    const isPlain = address.kind === 'inet' && !isIpv6(address.host ?? '')
    return [
      ...(name.includes('-')
        ? [
            report(
              'memcached-node',
              atKey(at),
              `memcached-session-manager cannot have a "-" in the id "${name}": it separates the node from the session id`,
              `call it ${name.replaceAll('-', '_')}`,
            ),
          ]
        : []),
      ...(isPlain
        ? []
        : [
            report(
              'memcached-node',
              atValue(at),
              `memcached-session-manager cannot connect to ${formatAddress(address)}`,
              'give it an IPv4 address or a host name, and a port',
            ),
          ]),
    ]
  })

/**
 * The memcached beside a Tomcat dies with it: its copy of a session belongs elsewhere. Some must be
 * left for that.
 */
const nodesBeside = (instance: Instance, { servers }: MemcachedStore): string | null => {
  const own = hostOf(instance)
  const beside = servers.filter(
    ({ address }) => address.kind === 'inet' && machineOfHost(address.host ?? '') === own,
  )
  return beside.length === 0 || beside.length === servers.length
    ? null
    : beside.map(({ name }) => name).join(',')
}

const nodesOf = ({ servers }: MemcachedStore): string =>
  servers.map(({ name, address }) => `${name}:${formatAddress(address)}`).join(',')

const redisUrl = ({ addresses, tls }: RedisStore, password: string | null): string => {
  const login = password === null ? '' : `:${password}@`
  const [address] = addresses
  return `${tls ? 'rediss' : 'redis'}://${login}${address === undefined ? '' : formatAddress(address)}`
}

const transcoderProblems = ({ transcoder, path }: MemcachedSessions): readonly Diagnostic[] =>
  transcoder === 'javolution'
    ? [
        report(
          'memcached-transcoder',
          atValue([...path, 'transcoder']),
          'memcached-session-manager 2.3 has no javolution transcoder any more',
          'write kryo, which is as fast, or leave it out',
        ),
      ]
    : []

const redisProblems = (use: RedisStore): readonly Diagnostic[] =>
  redisLimits(
    use,
    'memcached-session-manager',
    { modes: ['single'], username: false, tls: true, database: false, sockets: false },
    'use store: redisson, which can',
  )

/** memcached-session-manager: sticky it keeps a copy, otherwise the only one, in memcached or Redis. */
export const memcachedStore = (instance: Instance, sessions: MemcachedSessions): StoreParts => {
  const { use, isSticky, lockingMode, transcoder, keyPrefix, path } = sessions
  if (use === null) return noParts
  const secret = use.kind === 'redis' ? use.password : null
  const secretPath = [...use.path, 'password']
  const password = urlReferenceTo(secret, `${use.name}_PASSWORD`)
  const environment = fromEnvironment([{ secret, path: secretPath }], instance.app)
  const nodes = use.kind === 'redis' ? redisUrl(use, password.text) : nodesOf(use)
  const beside = use.kind === 'redis' || !isSticky ? null : nodesBeside(instance, use)
  return {
    ...noParts,
    hasRoute: isSticky,
    manager: element(
      'Manager',
      [
        ['className', 'de.javakaffee.web.msm.MemcachedBackupSessionManager'],
        ['memcachedNodes', nodes],
        ['failoverNodes', beside],
        ['sticky', String(isSticky)],
        ['lockingMode', isSticky ? null : (lockingMode ?? 'none')],
        // The response waits for the copy: a Tomcat that dies then takes no session with it.
        ['sessionBackupAsync', 'false'],
        ['sessionBackupTimeout', '500'],
        ['requestUriIgnorePattern', String.raw`.*\.(ico|png|gif|jpg|css|js)$`],
        ['transcoderFactoryClass', factories[transcoder]],
        ['storageKeyPrefix', keyPrefix === null ? null : `static:${keyPrefix}`],
      ],
      [],
      [
        'sessionBackupAsync',
        'sessionBackupTimeout',
        'requestUriIgnorePattern',
        ...(lockingMode === null ? ['lockingMode'] : []),
      ],
    ),
    properties: environment.properties,
    secrets: password.secrets,
    encoded: password.encoded,
    diagnostics: [
      ...(use.kind === 'redis' ? redisProblems(use) : nodeProblems(use)),
      ...transcoderProblems(sessions),
      ...environment.diagnostics,
      ...textProblems([
        { text: lockingMode, path: [...path, 'lockingMode'] },
        { text: literalOf(secret), path: secretPath },
      ]),
    ],
  }
}
