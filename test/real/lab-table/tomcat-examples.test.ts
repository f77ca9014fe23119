import { readdirSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { findServer } from '../support/servers.ts'
import { clusterOf } from './row-needs.ts'
import { labTable, type Row } from './table.ts'
import { exampleRow, forComeback, forCopies, kept, lost, refreshes } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const folder = new URL('../../../fixtures/specs/', import.meta.url)

/** The nginx with the module lacks other features of this example; HAProxy is its other target. */
const reference = (): Row => {
  const { needs, about, ...row } = exampleRow('reference', {
    expected: { ...refreshes, ...kept },
    notes: [
      /^Redis is used without TLS$/,
      /^fixtures\/server\.xml: address of <Connector> in line 26 was left out: it names a path or an address of the host$/,
    ],
  })
  const { nginx: _, ...others } = needs
  const haproxy = findServer('haproxy', '2.6')
  return {
    ...row,
    needs: { ...others, haproxy },
    about: String(about).replace(/^nginx \S+,/, 'HAProxy 2.6.12,'),
    args: ['--target', 'haproxy'],
    beside: { 'fixtures/server.xml': readFileSync(new URL('fixtures/server.xml', folder), 'utf8') },
  }
}

const rows = [
  reference(),
  exampleRow('first', { expected: { ...refreshes, ...lost } }),
  exampleRow('jvm-route', { expected: { ...refreshes, ...lost } }),
  exampleRow('ip-hash', { expected: { ...refreshes, ...lost } }),
  exampleRow('tomcat-backup', { expected: kept, retry: forCopies }),
  exampleRow('tomcat-delta', { expected: kept, retry: forCopies }),
  exampleRow('tomcat-delta-multicast', {
    expected: kept,
    retry: forCopies,
    notes: [/^cluster members are a static list instead of multicast/],
  }),
  exampleRow('tomcat-file', { expected: kept }),
  exampleRow('tomcat-jdbc', { expected: kept }),
  exampleRow('redisson', {
    expected: { ...kept, store: { kept: 1 } },
    retry: forComeback,
  }),
  exampleRow('tomcat-redis', { expected: { ...refreshes, ...kept }, requests: 100 }),
  exampleRow('memcached-sticky', { expected: { ...refreshes, ...kept }, requests: 100 }),
  exampleRow('memcached-nonsticky', { expected: kept }),
]

labTable('The examples with Tomcats, as they are', rows)

test('every example with a Tomcat is in the table', () => {
  const withTomcat = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .filter((file) =>
      clusterOf(readFileSync(new URL(file, folder), 'utf8')).upstreams.some(
        ({ app }) => app.runtime === 'tomcat',
      ),
    )
  expect(withTomcat.sort()).toEqual(rows.map(({ name }) => `${name}.yaml`).sort())
})
