import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import type { SpringApp } from '../../model/app.ts'
import type { SpringStore } from '../../model/sessions.ts'
import type { JdbcStore, RedisStore } from '../../model/store.ts'
import { atLeast } from '../../model/version.ts'
import { serverIdleSeconds } from '../idle-seconds.ts'
import { report } from './codes.ts'
import type { Line } from './line.ts'
import { loginProblems } from './login.ts'
import { isPlaceholder, referenceTo } from './secrets.ts'

export interface Setting {
  readonly key: string
  readonly value: string
}

/** For templates/spring/application.hbs. */
export interface SpringView {
  readonly settings: readonly Setting[]
}

type Given = readonly (readonly [key: string, value: string | null])[]

const settingsOf = (given: Given): readonly Setting[] =>
  given.flatMap(([key, value]) => (value === null ? [] : [{ key, value }]))

interface Viewed {
  readonly view: SpringView
  readonly diagnostics: readonly Diagnostic[]
}

const placeOf = ({ mode, addresses, master }: RedisStore): Given => {
  const nodes = addresses.map(formatAddress).join(',')
  if (mode === 'sentinel')
    return [
      ['sentinel.master', master],
      ['sentinel.nodes', nodes],
    ]
  if (mode === 'cluster') return [['cluster.nodes', nodes]]
  const [address] = addresses
  return address?.kind === 'inet'
    ? [
        ['host', address.host],
        ['port', String(address.port)],
      ]
    : []
}

/** `ssl` became a group of its own in 3.1. */
const tlsKey = ({ version }: SpringApp): string =>
  atLeast(version, '3.1.0') ? 'ssl.enabled' : 'ssl'

const textProblems = (store: RedisStore | JdbcStore): readonly Diagnostic[] => {
  const texts = [
    ['username', store.username],
    ['url', store.kind === 'jdbc' ? store.url : null],
  ] as const
  return texts.flatMap(([key, text]) =>
    text !== null && isPlaceholder(text)
      ? [
          report(
            'spring-text',
            atValue([...store.path, key]),
            'this text holds a dollar with a brace, where Spring looks up a property',
            'write it without',
          ),
        ]
      : [],
  )
}

const inRedis = (
  app: SpringApp,
  { keyPrefix }: SpringStore,
  line: Line,
  store: RedisStore,
): Viewed => {
  const connection = line === '2.7' ? 'spring.redis' : 'spring.data.redis'
  const session = line === '4' ? 'spring.session.data.redis' : 'spring.session.redis'
  const password = referenceTo(store.password, [...store.path, 'password'])
  const reached: Given = [
    ...placeOf(store),
    ['username', store.username],
    ['password', password.text],
    ['database', store.database === 0 ? null : String(store.database)],
    [tlsKey(app), store.tls ? 'true' : null],
  ]
  const settings = settingsOf([
    ['spring.config.import', password.folder],
    ['spring.session.store-type', line === '2.7' ? 'redis' : null],
    ...reached.map(([key, value]) => [`${connection}.${key}`, value] as const),
    [`${session}.namespace`, keyPrefix === null ? null : `spring:session:${keyPrefix}`],
  ])
  const diagnostics = [...password.diagnostics, ...loginProblems(store, app.version)]
  return { view: { settings }, diagnostics }
}

const inDatabase = ({ keyPrefix, path }: SpringStore, line: Line, store: JdbcStore): Viewed => {
  const password = referenceTo(store.password, [...store.path, 'password'])
  const settings = settingsOf([
    ['spring.config.import', password.folder],
    ['spring.session.store-type', line === '2.7' ? 'jdbc' : null],
    ['spring.datasource.url', store.url],
    ['spring.datasource.driver-class-name', store.driver],
    ['spring.datasource.username', store.username],
    ['spring.datasource.password', password.text],
  ])
  const prefixed =
    keyPrefix === null
      ? []
      : [
          report(
            'spring-key-prefix',
            atValue([...path, 'keyPrefix']),
            'sessions in a database have no key prefix',
            'leave keyPrefix out, and give each application a database or a schema of its own',
          ),
        ]
  const tables = report(
    'spring-jdbc-tables',
    atValue([...path, 'use']),
    'Spring Session does not make its tables in this database',
    'run schema-….sql once, which its jar spring-session-jdbc has for each database below org/springframework/session/jdbc',
  )
  return { view: { settings }, diagnostics: [...password.diagnostics, ...prefixed, tables] }
}

/** The proxies in front say in headers who asked, and how: Tomcat inside of Boot reads them. */
const behindProxy: readonly Setting[] = [
  { key: 'server.forward-headers-strategy', value: 'native' },
  // The balancer closes idle connections first.
  { key: 'server.tomcat.keep-alive-timeout', value: `${serverIdleSeconds}s` },
]

/** Boot 2.7 would make a store of what it finds among the jars; the later lines are not asked. */
export const viewWithoutSessions = (line: Line): SpringView => ({
  settings: [
    ...(line === '2.7' ? [{ key: 'spring.session.store-type', value: 'none' }] : []),
    ...behindProxy,
  ],
})

export const springView = (
  app: SpringApp,
  sessions: SpringStore,
  line: Line,
  store: RedisStore | JdbcStore,
): Viewed => {
  const viewed =
    store.kind === 'redis' ? inRedis(app, sessions, line, store) : inDatabase(sessions, line, store)
  return {
    view: { settings: [...viewed.view.settings, ...behindProxy] },
    diagnostics: [...textProblems(store), ...viewed.diagnostics],
  }
}
