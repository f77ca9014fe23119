import { atKey, atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { formatAddress } from '../../../model/address.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { RedissonSessions } from '../../../model/sessions.ts'
import type { RedisStore, Secret } from '../../../model/store.ts'
import { atLeast, type Version } from '../../../model/version.ts'
import { anyNetworkRedis, checkRedisClient, type RedisAbilities } from '../../redis-limits.ts'
import { report } from '../codes.ts'
import { xmlNode } from '../xml/write.ts'
import { noParts, type StoreParts } from './parts.ts'
import { canBeLazy, hasRootLogin, redissonModule, redissonRelease } from './redisson-release.ts'
import { referenceTo, reportLiteral, reportText } from './secrets.ts'

const configPath = ['$', '{catalina.base}/conf/redisson.yaml'].join('')

interface Setting {
  readonly key: string
  readonly value: string
  /** Redisson replaces variables in the text of the file before it parses the YAML. */
  readonly isVariable: boolean
}

/** For templates/tomcat/redisson.hbs. */
export interface RedissonView {
  readonly section: string
  /** The address of a single server; null: there are several. */
  readonly address: string | null
  readonly nodes: { readonly key: string; readonly addresses: readonly string[] } | null
  readonly master: string | null
  readonly isLoneSentinel: boolean
  readonly hasReplicas: boolean
  /** null: 0. */
  readonly database: number | null
  /** In the section, and at the root. */
  readonly login: readonly Setting[]
  readonly rootLogin: readonly Setting[]
  readonly isLazy: boolean
}

const withValue = (
  setting: Omit<Setting, 'value'> & { readonly value: string | null },
): readonly Setting[] => (setting.value === null ? [] : [{ ...setting, value: setting.value }])

const sections = {
  single: { section: 'singleServerConfig', key: '' },
  sentinel: { section: 'sentinelServersConfig', key: 'sentinelAddresses' },
  cluster: { section: 'clusterServersConfig', key: 'nodeAddresses' },
} as const

const isVariable = (secret: Secret | null): boolean => secret !== null && secret.kind !== 'literal'

const abilities: RedisAbilities = {
  ...anyNetworkRedis,
  tls: { ca: true, serverName: false, certificate: false },
}

/** Redisson gives the file to `KeyStore`, which reads no PEM; it asks for no password for certificates. */
const reportKeystore = ({ tls, path }: RedisStore, findings: Findings): void => {
  if (tls === null || tls.ca === null) return
  const at = [...path, 'tls', 'ca']
  reportText(tls.ca, at, findings)
  if (/\.jks$/.test(tls.ca)) return
  report(
    findings,
    'redisson-truststore',
    atValue(at),
    `Redisson reads "${tls.ca}" as a Java keystore, and it is not named .jks`,
    'name a keystore, made with keytool -importcert -noprompt -storetype JKS -keystore ca.jks -file ca.pem',
  )
}

const viewOf = (
  store: RedisStore,
  release: Version,
  password: string | null,
  sentinelPassword: string | null,
): RedissonView => {
  const { section, key } = sections[store.mode]
  const scheme = store.tls ? 'rediss' : 'redis'
  const addresses = store.addresses.map((address) => `${scheme}://${formatAddress(address)}`)
  const login = [
    { key: 'username', value: store.username, isVariable: false },
    { key: 'password', value: password, isVariable: isVariable(store.password) },
    {
      key: 'sslTruststore',
      value: store.tls?.ca ? `file:${store.tls.ca}` : null,
      isVariable: false,
    },
  ].flatMap(withValue)
  const ofSentinels = [
    {
      key: 'sentinelPassword',
      value: store.mode === 'sentinel' ? sentinelPassword : null,
      isVariable: isVariable(store.sentinelPassword),
    },
  ].flatMap(withValue)
  const isSingle = store.mode === 'single'
  return {
    section,
    address: isSingle ? (addresses[0] ?? '') : null,
    nodes: isSingle ? null : { key, addresses },
    master: store.mode === 'sentinel' ? (store.master ?? '') : null,
    isLoneSentinel: store.mode === 'sentinel' && addresses.length === 1,
    hasReplicas: !isSingle,
    database: store.database === 0 ? null : store.database,
    login: [...(hasRootLogin(release) ? [] : login), ...ofSentinels],
    rootLogin: hasRootLogin(release) ? login : [],
    isLazy: canBeLazy(release, store.mode),
  }
}

const reportRelease = (
  { version }: TomcatApp,
  sessions: RedissonSessions,
  store: RedisStore,
  findings: Findings,
): void => {
  const release = redissonRelease(sessions)
  const module = redissonModule(version)
  const at = atKey([...sessions.path, 'version'])
  const isCluster = store.mode === 'cluster'
  if (module !== null && !atLeast(release, module.since)) {
    const message = `Redisson ${release.text} has no session manager for Tomcat ${version.text}`
    const help = `set the Redisson version to ${module.since} or later, or remove version`
    report(findings, 'redisson-version', at, message, help)
  } else if (isCluster && atLeast(release, '3.32.0') && !atLeast(release, '3.34.0')) {
    const message = `with Redis Cluster, Redisson ${release.text} fails when a session id changes, as at every login`
    report(findings, 'redisson-version', at, message, 'set the Redisson version to 3.34.0 or later')
  }
  if (!isCluster || store.database === 0 || atLeast(release, '4.0.0')) return
  const message = `Redisson ${release.text} supports only database 0 of Redis Cluster`
  const help = 'remove database, or set the Redisson version to 4.0.0 or later'
  report(findings, 'redisson-version', atValue([...store.path, 'database']), message, help)
}

/** Redisson: one hash in Redis for each session. */
export const redissonStore = (
  app: TomcatApp,
  sessions: RedissonSessions,
  findings: Findings,
): StoreParts => {
  const { use, readMode, updateMode, keyPrefix, broadcasts } = sessions
  if (use === null) return noParts
  reportRelease(app, sessions, use, findings)
  checkRedisClient(use, 'Redisson', abilities, 'use host:port', findings)
  reportKeystore(use, findings)
  reportLiteral(use.password, [...use.path, 'password'], findings)
  reportText(use.username, [...use.path, 'username'], findings)
  reportLiteral(use.sentinelPassword, [...use.path, 'sentinelPassword'], findings)
  const password = referenceTo(use.password, `${use.name}_PASSWORD`)
  const sentinel = referenceTo(use.sentinelPassword, `${use.name}_SENTINEL_PASSWORD`)
  const unset = [
    ...(readMode === null ? ['readMode'] : []),
    ...(updateMode === null ? ['updateMode'] : []),
    ...(broadcasts ? [] : ['broadcastSessionEvents']),
  ]
  return {
    ...noParts,
    manager: xmlNode(
      'Manager',
      [
        ['className', 'org.redisson.tomcat.RedissonSessionManager'],
        ['configPath', configPath],
        ['readMode', readMode ?? 'REDIS'],
        ['updateMode', updateMode ?? 'DEFAULT'],
        ['broadcastSessionEvents', String(broadcasts)],
        ['keyPrefix', keyPrefix],
      ],
      [],
      unset,
      unset,
    ),
    secrets: [...password.secrets, ...sentinel.secrets],
    files: [
      {
        kind: 'template',
        path: 'conf/redisson.yaml',
        template: 'tomcat/redisson',
        view: viewOf(use, redissonRelease(sessions), password.text, sentinel.text),
      },
    ],
  }
}
