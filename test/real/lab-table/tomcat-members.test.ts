import { vi } from 'vitest'
import { labTable } from './table.ts'
import { forCopies, kept, tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const retry = forCopies
const encrypted = '{ store: backup, encryptionKey: { env: CLUSTER_KEY } }'

labTable('Copies of sessions between Tomcats', [
  // Tomcat 8.5 with this store is an example.
  tomcatRow({ line: '7.0', as: 'delta', sessions: '{ store: delta }', expected: kept, retry }),
  ...(['7.0', '8.5', '10.1'] as const).map((line) =>
    tomcatRow({ line, as: 'backup-encrypted', sessions: encrypted, expected: kept, retry }),
  ),
])
