import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { TomcatApp } from '../../../model/app.ts'
import { appUpstreams } from '../../../model/app-upstreams.ts'
import type { Cluster } from '../../../model/cluster.ts'
import type { JdbcSessions } from '../../../model/sessions.ts'
import type { JdbcStore } from '../../../model/store.ts'
import { schemeOf } from '../../../needs/drivers.ts'
import type { Page } from '../../dialect.ts'
import { report } from '../codes.ts'
import { features, hasSince } from '../release.ts'
import { type XmlNode, xmlNode } from '../xml/write.ts'
import { noParts, type StoreParts } from './parts.ts'
import { persistentParts } from './persistent.ts'
import { environmentProperties, referenceTo, reportLiteral, reportText } from './secrets.ts'

/** Tomcat's default, tomcat$sessions, needs quoting in many databases and shells. */
const sessionTable = 'tomcat_sessions'

const resourceName = 'jdbc/sessions'

/**
 * The column type for session data; null: no statements are written for this database. Only databases
 * that the tests run are supported.
 */
const blobTypeOf = (url: string): string | null => (/^jdbc:postgresql:/i.test(url) ? 'bytea' : null)

const dataSource = (store: JdbcStore, password: string | null): XmlNode =>
  xmlNode(
    'Resource',
    [
      ['name', resourceName],
      ['auth', 'Container'],
      ['type', 'javax.sql.DataSource'],
      ['driverClassName', store.driver],
      ['url', store.url],
      ['username', store.username],
      ['password', password],
    ],
    [],
    ['auth', 'type'],
  )

/** Uses a Resource of the Context: a global one is not found before 9.0.98, 10.1.34 and 11.0.2. */
const dataSourceStore = xmlNode(
  'Store',
  [
    ['className', 'org.apache.catalina.session.DataSourceStore'],
    ['dataSourceName', resourceName],
    ['localDataSource', 'true'],
    ['sessionTable', sessionTable],
  ],
  [],
  ['sessionTable'],
)

const jdbcStoreNode = (store: JdbcStore, password: string | null): XmlNode =>
  xmlNode(
    'Store',
    [
      ['className', 'org.apache.catalina.session.JDBCStore'],
      ['driverName', store.driver],
      ['connectionURL', store.url],
      ['connectionName', store.username],
      ['connectionPassword', password],
      ['sessionTable', sessionTable],
    ],
    [],
    ['sessionTable'],
  )

const reportTable = ({ url, path }: JdbcStore, findings: Findings): void => {
  if (blobTypeOf(url) !== null) return
  report(
    findings,
    'tomcat-jdbc-table',
    atValue([...path, 'url']),
    `sessctl writes no statements for the table ${sessionTable} in a "${schemeOf(url)}" database`,
    'create the table as in the documentation of DataSourceStore: id (text, primary key), app (text), valid (one character), maxinactive (integer), lastaccess (64-bit integer), data (binary)',
  )
}

/** DataSourceStore, or JDBCStore in older releases: one row for each session. */
export const jdbcStore = (
  app: TomcatApp,
  { use, isShared }: JdbcSessions,
  affinity: Affinity,
  findings: Findings,
): StoreParts => {
  if (use === null) return noParts
  const at = (key: string) => [...use.path, key]
  reportTable(use, findings)
  reportLiteral(use.password, at('password'), findings)
  reportText(use.username, at('username'), findings)
  reportText(use.url, at('url'), findings)
  const password = referenceTo(use.password, `${use.name}_PASSWORD`)
  const properties = environmentProperties(use.password, at('password'), app, findings)
  const hasDataSource = hasSince(app.version, features.dataSourceStore)
  const store = hasDataSource ? dataSourceStore : jdbcStoreNode(use, password.text)
  const persistent = persistentParts(app, affinity, isShared, store)
  return {
    ...noParts,
    ...persistent,
    resources: hasDataSource ? [dataSource(use, password.text)] : [],
    properties: [...persistent.properties, ...properties],
    secrets: password.secrets,
  }
}

/** A session id has 32 characters, a dot and a route of at most 32 characters. */
const idLength = 100

/** The statements that create the session table of each upstream. */
export const tablePages = (cluster: Cluster): readonly Page[] =>
  appUpstreams(cluster, 'tomcat').flatMap(({ name, app }): readonly Page[] => {
    const { sessions, version } = app
    const use = sessions.store === 'jdbc' ? sessions.use : null
    const blob = use === null ? null : blobTypeOf(use.url)
    if (blob === null || !hasSince(version, features.any)) return []
    return [
      {
        kind: 'template',
        path: `tomcat/${name}.sql`,
        template: 'tomcat/session-table',
        view: {
          upstream: name,
          table: sessionTable,
          index: `${sessionTable}_app`,
          idLength,
          blob,
        },
      },
    ]
  })
