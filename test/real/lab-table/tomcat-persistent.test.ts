import { vi } from 'vitest'
import { labTable } from './table.ts'
import { kept, refreshes, type TomcatLine, tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const lines: readonly TomcatLine[] = ['7.0', '8.5', '9', '10.1', '11']
const files = '{ store: file, directory: /srv/sessions, sharedBetweenServers: true }'
const none = '{ method: none }'
const jdbc = '{ store: jdbc, use: db, sharedBetweenServers: true }'
const stores =
  '{ db: { kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.7/sessions?ApplicationName=shop&sslmode=disable", username: shop, password: { env: DB_PASSWORD } } }'

labTable('Sessions of Tomcats in files and in PostgreSQL', [
  ...lines.flatMap((line) => [
    tomcatRow({ line, as: 'file', sessions: files, expected: kept }),
    tomcatRow({ line, as: 'jdbc', sessions: jdbc, stores, affinity: none, expected: kept }),
  ]),
  tomcatRow({
    line: '10.1',
    as: 'jdbc-refreshes',
    sessions: jdbc,
    stores,
    expected: { ...refreshes, ...kept },
    requests: 100,
  }),
])
