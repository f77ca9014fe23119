import { atKey, atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { formatAddress } from '../../../model/address.ts'
import { machineOf } from '../../../model/network.ts'
import type { MemcachedSessions } from '../../../model/sessions.ts'
import type { MemcachedStore, RedisStore } from '../../../model/store.ts'
import { checkMemcachedAddresses } from '../../memcached-limits.ts'
import { checkRedisClient, type RedisAbilities } from '../../redis-limits.ts'
import { report } from '../codes.ts'
import type { Instance } from '../instance.ts'
import { hostOf } from '../ports.ts'
import { xmlNode } from '../xml/write.ts'
import { noParts, type StoreParts } from './parts.ts'
import { environmentProperties, reportLiteral, reportText, urlReferenceTo } from './secrets.ts'

const serializers = 'de.javakaffee.web.msm.serializer'

/** null: the default, Java serialization. */
const factories: Readonly<Record<MemcachedSessions['transcoder'], string | null>> = {
  java: null,
  kryo: `${serializers}.kryo.KryoTranscoderFactory`,
  javolution: `${serializers}.javolution.JavolutionTranscoderFactory`,
  xstream: `${serializers}.xstream.XStreamTranscoderFactory`,
  flexjson: `${serializers}.json.JSONTranscoderFactory`,
}

const redisAbilities: RedisAbilities = {
  modes: ['single'],
  username: false,
  tls: { ca: false, serverName: false, certificate: false },
  database: false,
  sockets: false,
}

/** memcachedNodes is `n1:10.0.0.31:11211,…`: a name cannot contain "-", nor an address ":". */
const reportNodes = (store: MemcachedStore, findings: Findings): void => {
  for (const { name } of store.servers) {
    if (!name.includes('-')) continue
    report(
      findings,
      'memcached-node',
      atKey([...store.path, 'servers', name]),
      `memcached-session-manager does not allow "-" in the node id "${name}": it separates session id and node id`,
      `rename the server to ${name.replaceAll('-', '_')}`,
    )
  }
  checkMemcachedAddresses(store, (at, address, help) => {
    const message = `memcached-session-manager cannot connect to ${address}`
    report(findings, 'memcached-node', at, message, help)
  })
}

/**
 * The memcached servers on the host of a Tomcat, which fail together with it: the copy of a session must
 * be on another one. null: none, or there are no others.
 */
const failoverNodes = (instance: Instance, { servers }: MemcachedStore): string | null => {
  const host = hostOf(instance)
  const onHost = servers.filter(({ address }) => machineOf(address) === host)
  return onHost.length === 0 || onHost.length === servers.length
    ? null
    : onHost.map(({ name }) => name).join(',')
}

const redisUrl = ({ addresses, tls }: RedisStore, password: string | null): string => {
  const login = password === null ? '' : `:${password}@`
  const [address] = addresses
  return `${tls ? 'rediss' : 'redis'}://${login}${address === undefined ? '' : formatAddress(address)}`
}

const reportTranscoder = ({ transcoder, path }: MemcachedSessions, findings: Findings): void => {
  if (transcoder !== 'javolution') return
  const message = 'memcached-session-manager 2.3 does not have the transcoder javolution'
  const help = 'write transcoder: kryo, or remove transcoder'
  report(findings, 'memcached-transcoder', atValue([...path, 'transcoder']), message, help)
}

/**
 * memcached-session-manager: with sticky sessions memcached or Redis contains a copy of each session,
 * otherwise the only one.
 */
export const memcachedStore = (
  instance: Instance,
  sessions: MemcachedSessions,
  findings: Findings,
): StoreParts => {
  const { use, isSticky, lockingMode, transcoder, keyPrefix, path } = sessions
  if (use === null) return noParts
  const isRedis = use.kind === 'redis'
  if (isRedis) {
    const remedy = 'use store: redisson, which supports it'
    checkRedisClient(use, 'memcached-session-manager', redisAbilities, remedy, findings)
  } else reportNodes(use, findings)
  reportTranscoder(sessions, findings)
  reportText(lockingMode, [...path, 'lockingMode'], findings)
  const secret = isRedis ? use.password : null
  const secretPath = [...use.path, 'password']
  reportLiteral(secret, secretPath, findings)
  const password = urlReferenceTo(secret, `${use.name}_PASSWORD`)
  const nodes = isRedis
    ? redisUrl(use, password.text)
    : use.servers.map(({ name, address }) => `${name}:${formatAddress(address)}`).join(',')
  return {
    ...noParts,
    hasRoute: isSticky,
    manager: {
      ...xmlNode(
        'Manager',
        [
          ['className', 'de.javakaffee.web.msm.MemcachedBackupSessionManager'],
          ['memcachedNodes', nodes],
          ['failoverNodes', isRedis || !isSticky ? null : failoverNodes(instance, use)],
          ['sticky', String(isSticky)],
          ['lockingMode', isSticky ? null : (lockingMode ?? 'none')],
          // The response waits for the copy, so that no session is lost if Tomcat fails after it.
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
      absent: isSticky ? [['lockingMode', /^none$/]] : [['failoverNodes', /^$/]],
    },
    properties: environmentProperties(secret, secretPath, instance.app, findings),
    secrets: password.secrets,
    encoded: password.encoded,
  }
}
