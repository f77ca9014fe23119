import { vi } from 'vitest'
import { labTable } from './table.ts'
import { forCopies, kept, type TomcatLine, tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const old: readonly TomcatLine[] = ['7.0', '8.5']
const lines: readonly TomcatLine[] = [...old, '9', '10.1', '11']
const retry = forCopies
const members = '{ store: backup, membership: static-service }'
const encrypted = '{ store: backup, encryptionKey: { env: CLUSTER_KEY } }'

labTable('Copies of sessions between Tomcats', [
  ...old.map((line) =>
    tomcatRow({ line, as: 'delta', sessions: '{ store: delta }', expected: kept, retry }),
  ),
  ...lines.map((line) =>
    tomcatRow({ line, as: 'backup-encrypted', sessions: encrypted, expected: kept, retry }),
  ),
  tomcatRow({ line: '9', as: 'static-service', sessions: members, expected: kept, retry }),
  tomcatRow({ line: '11', as: 'static-service', sessions: members, expected: kept, retry }),
])
