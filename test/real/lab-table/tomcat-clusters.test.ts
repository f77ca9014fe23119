import { vi } from 'vitest'
import { labTable } from './table.ts'
import { forCopies, kept, lost, refreshes, type TomcatLine, tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const lines: readonly TomcatLine[] = ['9', '10.1', '11']
const retry = forCopies
const deltaEncrypted = '{ store: delta, encryptionKey: { env: CLUSTER_KEY } }'
const backupByService = '{ store: backup, membership: static-service }'

labTable('A hundred refreshes, then one of two Tomcats dies', [
  tomcatRow({
    line: '11',
    as: 'local',
    sessions: '{ store: local }',
    expected: { ...refreshes, ...lost },
    requests: 100,
  }),
  ...lines.map((line) =>
    tomcatRow({
      line,
      as: 'delta-encrypted',
      sessions: deltaEncrypted,
      expected: { ...refreshes, ...kept },
      requests: 100,
      retry,
    }),
  ),
  // Tomcat 10.1 with `static-service` is an example.
  ...(['9', '11'] as const).map((line) =>
    tomcatRow({
      line,
      as: 'backup-static-service',
      sessions: backupByService,
      expected: { ...refreshes, ...kept },
      requests: 100,
      retry,
    }),
  ),
])
