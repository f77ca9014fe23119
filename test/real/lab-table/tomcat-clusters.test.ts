import { vi } from 'vitest'
import { labTable } from './table.ts'
import { forCopies, kept, lost, refreshes, type TomcatLine, tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const lines: readonly TomcatLine[] = ['9', '10.1', '11']
const retry = forCopies

labTable('A hundred refreshes, then one of two Tomcats dies', [
  ...lines.flatMap((line) => [
    tomcatRow({
      line,
      as: 'local',
      sessions: '{ store: local }',
      expected: { ...refreshes, ...lost },
      requests: 100,
    }),
    ...['delta', 'backup'].map((store) =>
      tomcatRow({
        line,
        as: store,
        sessions: `{ store: ${store} }`,
        expected: { ...refreshes, ...kept },
        requests: 100,
        retry,
      }),
    ),
  ]),
])
