import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { JdbcSessions } from '../../../model/sessions.ts'
import type { JdbcStore } from '../../../model/store.ts'
import { schemeOf } from '../../../needs/drivers.ts'
import { report } from '../codes.ts'
import { features, hasSince } from '../release.ts'
import type { XmlNode } from '../xml/write.ts'
import { element, noParts, type StoreParts } from './parts.ts'
import { persistentParts } from './persistent.ts'
import { fromEnvironment, literalOf, referenceTo, textProblems } from './secrets.ts'
import { blobTypeOf, sessionTable } from './session-table.ts'

const resourceName = 'jdbc/sessions'

const dataSource = (store: JdbcStore, password: string | null): XmlNode =>
  element(
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

/** Looks in the context only: before 9.0.98 and its kin a global resource was not found. */
const dataSourceStore = element(
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

const jdbcStoreElement = (store: JdbcStore, password: string | null): XmlNode =>
  element(
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

/** The statements that make the table differ from database to database. */
const tableNote = ({ url, path }: JdbcStore): readonly Diagnostic[] => {
  if (blobTypeOf(url) !== null) return []
  const message = `sessctl writes no statements that create ${sessionTable} in a "${schemeOf(url)}" database`
  const help =
    'create it once as the documentation of Tomcat describes for its DataSourceStore: id (text, primary key), app (text), valid (one character), maxinactive (integer), lastaccess (64-bit integer), data (binary)'
  return [report('tomcat-jdbc-table', atValue([...path, 'url']), message, help)]
}

/** Each session is a row of a table. */
export const jdbcStore = (
  app: TomcatApp,
  { use, isShared }: JdbcSessions,
  affinity: Affinity,
): StoreParts => {
  if (use === null) return noParts
  const password = referenceTo(use.password, `${use.name}_PASSWORD`)
  const path = [...use.path, 'password']
  const hasDataSource = hasSince(app.version, features.dataSourceStore)
  const store = hasDataSource ? dataSourceStore : jdbcStoreElement(use, password.text)
  const environment = fromEnvironment([{ secret: use.password, path }], app)
  const persistent = persistentParts(app, affinity, isShared, store)
  return {
    ...noParts,
    ...persistent,
    resources: hasDataSource ? [dataSource(use, password.text)] : [],
    properties: [...persistent.properties, ...environment.properties],
    secrets: password.secrets,
    diagnostics: [
      ...tableNote(use),
      ...environment.diagnostics,
      ...textProblems([
        { text: literalOf(use.password), path },
        { text: use.username, path: [...use.path, 'username'] },
        { text: use.url, path: [...use.path, 'url'] },
      ]),
    ],
  }
}
