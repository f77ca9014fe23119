import { vi } from 'vitest'
import { findVariant } from '../../module/support/variants.ts'
import { pairSpec } from '../support/lab.ts'
import { findTomcat } from '../support/servers.ts'
import { labTable, type Row } from './table.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findVariant('1.26', 'static')
const target = 'nginx: { version: "1.26.3", modules: [jvm_route] }'

/**
 * Copies are sent once: one that is sent while the members lose sight of each other for a moment, as on
 * a busy machine, does not arrive, and nobody is told.
 */
const forCopies = 2

const rowOf = (line: string, store: 'local' | 'delta' | 'backup', kept: 0 | 1): Row => {
  const tomcat = findTomcat(line)
  const version = 'missing' in tomcat ? '' : tomcat.version
  const app = `{ runtime: tomcat, version: "${version}", sessions: { store: ${store} } }`
  return {
    name: `tomcat-${line}-${store}`,
    spec: pairSpec({ target, app }),
    needs: { nginx, tomcat },
    about: `nginx 1.26.3, 2 × Tomcat ${version}`,
    expected: { sticky: { sticky: 1, kept: 1 }, kill: { kept } },
    requests: 100,
    ...(store === 'local' ? {} : { retry: forCopies }),
  }
}

labTable(
  'Tomcats of each line behind the jvm_route module: a hundred refreshes, then one of two dies',
  ['9', '10.1', '11'].flatMap((line) => [
    rowOf(line, 'local', 0),
    rowOf(line, 'delta', 1),
    rowOf(line, 'backup', 1),
  ]),
)
