import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { formatAddress } from '../../model/address.ts'
import type { SpringApp } from '../../model/app.ts'
import type { SpringStore } from '../../model/sessions.ts'
import type { JdbcStore, RedisStore } from '../../model/store.ts'
import type { Version } from '../../model/version.ts'
import { serverIdleSeconds } from '../idle-seconds.ts'
import { checkRedisClient, hostAndPort } from '../redis-limits.ts'
import { report } from './codes.ts'
import { cookieProperties } from './cookie.ts'
import { abilitiesOf, redisTlsProperties } from './redis-tls.ts'
import { type ReleaseLine, releaseLineOf, sendsUtf8 } from './release.ts'
import { foldersOf, referenceTo, reportText } from './secrets.ts'

/** A property; null: it is not written. */
type Property = readonly [key: string, value: string | null]

/** For templates/spring/application.hbs. */
export interface SpringView {
  readonly settings: readonly { readonly key: string; readonly value: string }[]
}

const addressOf = (store: RedisStore, sentinelPassword: string | null): readonly Property[] => {
  const { mode, addresses, master } = store
  const nodes = addresses.map(formatAddress).join(',')
  if (mode === 'sentinel')
    return [
      ['sentinel.master', master],
      ['sentinel.nodes', nodes],
      ['sentinel.password', sentinelPassword],
    ]
  if (mode === 'cluster') return [['cluster.nodes', nodes]]
  return hostAndPort(store)
}

/** Only a secret in the spec can be checked: that of a variable or file is unknown. */
const reportLogin = (
  { username, password, path }: RedisStore,
  boot: Version,
  findings: Findings,
): void => {
  if (sendsUtf8(boot)) return
  const literal = password?.kind === 'literal' ? password.value : null
  for (const [key, text] of Object.entries({ username, password: literal })) {
    if (text === null || /^[\x20-\x7e]*$/.test(text)) continue
    const message = `the Redis client of Spring Boot ${boot.text} cannot send a ${key} with non-ASCII characters`
    const help = `use Spring Boot 3.5 or later, or a ${key} of ASCII characters`
    report(findings, 'spring-login-text', atValue([...path, key]), message, help)
  }
}

const redisProperties = (
  { version }: SpringApp,
  { keyPrefix, namespace, path }: SpringStore,
  line: ReleaseLine,
  store: RedisStore,
  findings: Findings,
): readonly Property[] => {
  checkRedisClient(
    store,
    'Spring Data Redis',
    abilitiesOf(version),
    'use hosts and ports',
    findings,
  )
  reportText(namespace, [...path, 'namespace'], findings)
  reportText(store.username, [...store.path, 'username'], findings)
  reportLogin(store, version, findings)
  const password = referenceTo(store.password, [...store.path, 'password'], findings)
  const sentinel = referenceTo(
    store.sentinelPassword,
    [...store.path, 'sentinelPassword'],
    findings,
  )
  const tls = redisTlsProperties(store, version, findings)
  const connection = line === '2.7' ? 'spring.redis' : 'spring.data.redis'
  const session = line === '4' ? 'spring.session.data.redis' : 'spring.session.redis'
  const properties: readonly Property[] = [
    ...addressOf(store, sentinel.text),
    ['username', store.username],
    ['password', password.text],
    ['database', store.database === 0 ? null : String(store.database)],
    ...tls.connection,
  ]
  return [
    ['spring.config.import', foldersOf([password, sentinel])],
    ['spring.session.store-type', line === '2.7' ? 'redis' : null],
    ...properties.map(([key, value]) => [`${connection}.${key}`, value] as const),
    ...tls.bundle,
    [
      `${session}.namespace`,
      namespace ?? (keyPrefix === null ? null : `spring:session:${keyPrefix}`),
    ],
  ]
}

const jdbcProperties = (
  { keyPrefix, namespace, path }: SpringStore,
  line: ReleaseLine,
  store: JdbcStore,
  findings: Findings,
): readonly Property[] => {
  const at = (key: string) => [...store.path, key]
  reportText(store.username, at('username'), findings)
  reportText(store.url, at('url'), findings)
  for (const [key, value] of Object.entries({ keyPrefix, namespace })) {
    if (value === null) continue
    report(
      findings,
      'spring-key-prefix',
      atValue([...path, key]),
      `"${key}" is not supported for sessions in a database`,
      `remove ${key}, and use a separate database or schema for each application`,
    )
  }
  report(
    findings,
    'spring-jdbc-tables',
    atValue([...path, 'use']),
    'Spring Session does not create its tables in this database',
    'run schema-….sql once: spring-session-jdbc contains it for each database, in org/springframework/session/jdbc',
  )
  const password = referenceTo(store.password, at('password'), findings)
  return [
    ['spring.config.import', password.folder],
    ['spring.session.store-type', line === '2.7' ? 'jdbc' : null],
    ['spring.datasource.url', store.url],
    ['spring.datasource.driver-class-name', store.driver],
    ['spring.datasource.username', store.username],
    ['spring.datasource.password', password.text],
  ]
}

/** `native`: the embedded Tomcat reads the forwarding headers of the balancer. */
const behindBalancer: readonly Property[] = [
  ['server.forward-headers-strategy', 'native'],
  // The balancer closes idle connections first.
  ['server.tomcat.keep-alive-timeout', `${serverIdleSeconds}s`],
]

/** @returns null: an error reports why nothing is written. */
export const springView = (app: SpringApp, findings: Findings): SpringView | null => {
  const { path, sessions, version } = app
  const line = releaseLineOf(version)
  if (line === null) {
    const message = `sessctl does not support Spring Boot ${version.text}`
    const help = 'set a version of Spring Boot 2.7, 3 or 4'
    report(findings, 'spring-version', atValue([...path, 'version']), message, help)
    return null
  }
  const properties = (): readonly Property[] | null => {
    // 2.7 would select a store by the jars of the application.
    if (sessions.store === 'none')
      return [['spring.session.store-type', line === '2.7' ? 'none' : null]]
    const { use } = sessions
    if (use === null) return null
    return use.kind === 'redis'
      ? redisProperties(app, sessions, line, use, findings)
      : jdbcProperties(sessions, line, use, findings)
  }
  const own = properties()
  if (own === null) return null
  return {
    settings: [...own, ...cookieProperties(app, findings), ...behindBalancer].flatMap(
      ([key, value]) => (value === null ? [] : [{ key, value }]),
    ),
  }
}
