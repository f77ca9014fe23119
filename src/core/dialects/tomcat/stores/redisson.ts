import { atKey, atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../../model/address.ts'
import type { RedissonSessions } from '../../../model/sessions.ts'
import type { RedisStore } from '../../../model/store.ts'
import { atLeast, type Version } from '../../../model/version.ts'
import { anyNetworkRedis, redisLimits } from '../../redis-limits.ts'
import { report } from '../codes.ts'
import type { Instance } from '../instance.ts'
import { element, noParts, type StoreParts } from './parts.ts'
import { canBeLazy, hasRootLogin, redissonModule, redissonRelease } from './redisson-release.ts'
import { literalOf, referenceTo, textProblems } from './secrets.ts'

/** A property that every Tomcat has. */
const catalinaBase = ['$', '{catalina.base}'].join('')

interface Setting {
  readonly key: string
  readonly value: string
  /** Redisson puts the value of a variable into the text before it reads the YAML. */
  readonly isVariable: boolean
}

/** For templates/tomcat/redisson.hbs. */
export interface RedissonView {
  readonly section: string
  /** Of the one server; null: there are several. */
  readonly address: string | null
  readonly nodes: { readonly key: string; readonly addresses: readonly string[] } | null
  readonly master: string | null
  readonly isLoneSentinel: boolean
  readonly hasReplicas: boolean
  /** null: 0. */
  readonly database: number | null
  /** Within the section, and at the root. */
  readonly login: readonly Setting[]
  readonly rootLogin: readonly Setting[]
  readonly isLazy: boolean
}

const sections = {
  single: { section: 'singleServerConfig', key: '' },
  sentinel: { section: 'sentinelServersConfig', key: 'sentinelAddresses' },
  cluster: { section: 'clusterServersConfig', key: 'nodeAddresses' },
} as const

const viewOf = (store: RedisStore, release: Version, password: string | null): RedissonView => {
  const isVariable = store.password !== null && store.password.kind !== 'literal'
  const { section, key } = sections[store.mode]
  const scheme = store.tls ? 'rediss' : 'redis'
  const addresses = store.addresses.map((address) => `${scheme}://${formatAddress(address)}`)
  const login = [
    { key: 'username', value: store.username, isVariable: false },
    { key: 'password', value: password, isVariable },
  ].flatMap((setting) => (setting.value === null ? [] : [{ ...setting, value: setting.value }]))
  const isSingle = store.mode === 'single'
  return {
    section,
    address: isSingle ? (addresses[0] ?? '') : null,
    nodes: isSingle ? null : { key, addresses },
    master: store.mode === 'sentinel' ? (store.master ?? '') : null,
    isLoneSentinel: store.mode === 'sentinel' && addresses.length === 1,
    hasReplicas: !isSingle,
    database: store.database === 0 ? null : store.database,
    login: hasRootLogin(release) ? [] : login,
    rootLogin: hasRootLogin(release) ? login : [],
    isLazy: canBeLazy(release, store.mode),
  }
}

const versionProblems = (
  { app }: Instance,
  sessions: RedissonSessions,
  mode: RedisStore['mode'],
): readonly Diagnostic[] => {
  const release = redissonRelease(sessions)
  const module = redissonModule(app.version)
  const at = atKey([...sessions.path, 'version'])
  if (module !== null && !atLeast(release, module.since)) {
    const message = `Redisson ${release.text} has no session manager for Tomcat ${app.version.text}`
    const help = `write a version from ${module.since} on, or leave it out`
    return [report('redisson-version', at, message, help)]
  }
  const losesSessions = atLeast(release, '3.32.0') && !atLeast(release, '3.34.0')
  if (mode !== 'cluster' || !losesSessions) return []
  const message = `Redisson ${release.text} fails on Redis Cluster when a session id changes, as at every log-in`
  return [report('redisson-version', at, message, 'write a version from 3.34.0 on')]
}

const storeProblems = (store: RedisStore, release: Version): readonly Diagnostic[] => {
  if (store.mode !== 'cluster' || store.database === 0 || atLeast(release, '4.0.0')) return []
  const message = `Redisson ${release.text} knows no database but 0 of Redis Cluster`
  return [
    report('redisson-version', atValue([...store.path, 'database']), message, 'leave database out'),
  ]
}

/** Redisson keeps each session in a hash of Redis. */
export const redissonStore = (instance: Instance, sessions: RedissonSessions): StoreParts => {
  const { use, readMode, updateMode, keyPrefix } = sessions
  if (use === null) return noParts
  const release = redissonRelease(sessions)
  const password = referenceTo(use.password, `${use.name}_PASSWORD`)
  return {
    ...noParts,
    manager: element(
      'Manager',
      [
        ['className', 'org.redisson.tomcat.RedissonSessionManager'],
        ['configPath', `${catalinaBase}/conf/redisson.yaml`],
        ['readMode', readMode ?? 'REDIS'],
        ['updateMode', updateMode ?? 'DEFAULT'],
        ['broadcastSessionEvents', 'false'],
        ['keyPrefix', keyPrefix],
      ],
      [],
      [
        ...(readMode === null ? ['readMode'] : []),
        ...(updateMode === null ? ['updateMode'] : []),
        'broadcastSessionEvents',
      ],
    ),
    secrets: password.secrets,
    files: [
      {
        kind: 'template',
        path: 'conf/redisson.yaml',
        template: 'tomcat/redisson',
        view: viewOf(use, release, password.text),
      },
    ],
    diagnostics: [
      ...versionProblems(instance, sessions, use.mode),
      ...storeProblems(use, release),
      ...redisLimits(use, 'Redisson', anyNetworkRedis, 'give it a host and a port'),
      ...textProblems([
        { text: literalOf(use.password), path: [...use.path, 'password'] },
        { text: use.username, path: [...use.path, 'username'] },
      ]),
    ],
  }
}
