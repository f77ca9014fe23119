import { vi } from 'vitest'
import { labTable } from './table.ts'
import { kept, refreshes, tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const files = '{ store: file, directory: /srv/sessions, sharedBetweenServers: true }'
const none = '{ method: none }'
const jdbc = '{ store: jdbc, use: db, sharedBetweenServers: true }'
const stores =
  '{ db: { kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.7/sessions?ApplicationName=shop&sslmode=disable", username: shop, password: { env: DB_PASSWORD } } }'

labTable('Sessions of Tomcats in files and in PostgreSQL', [
  // Tomcat 10.1 with files and Tomcat 11 with a database are examples.
  ...(['7.0', '8.5', '9', '11'] as const).map((line) =>
    tomcatRow({ line, as: 'file', sessions: files, expected: kept }),
  ),
  ...(['7.0', '8.5', '9'] as const).map((line) =>
    tomcatRow({ line, as: 'jdbc', sessions: jdbc, stores, affinity: none, expected: kept }),
  ),
  tomcatRow({
    line: '10.1',
    as: 'jdbc-refreshes',
    sessions: jdbc,
    stores,
    expected: { ...refreshes, ...kept },
    requests: 100,
  }),
])
