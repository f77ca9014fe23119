import { dirname } from 'node:path'
import { describe, expect } from 'vitest'
import { type Field, fields } from '../property/fields.ts'
import { anyText } from '../property/strings.ts'
import { type Texts, usualTexts } from '../property/texts.ts'
import { compileText } from '../support/compile.ts'
import { fc, seed } from '../support/fast-check.ts'
import { checkApache } from './support/apache.ts'
import type { Check } from './support/check.ts'
import { checkHaproxy } from './support/haproxy.ts'
import { checkNginx } from './support/nginx.ts'
import { findServer, type Server, withServers } from './support/servers.ts'

/** Draws for each field; about half of them are accepted, and each of those costs a process. */
const draws = 12

/** A spec whose files need nothing but the server itself: no certificate, no module. */
type Dialect = 'nginx' | 'haproxy' | 'httpd'

const specOf = (dialect: Dialect, version: string, upstream: object, texts: Texts) => ({
  version: 1,
  name: 'shop',
  targets: { [dialect]: { version } },
  frontends: {
    web: {
      listen: ['127.0.0.1:8080'],
      serverNames: [texts.serverName],
      clientAddress: { trust: ['10.0.0.0/8'], header: texts.clientHeader },
      headers: { [texts.headerName]: texts.header },
      locations: [
        {
          match: texts.match,
          upstream: texts.upstream,
          ...(dialect === 'nginx' ? { root: texts.root, index: [texts.index] } : {}),
        },
      ],
    },
  },
  upstreams: {
    [texts.upstream]: {
      ...(dialect === 'haproxy' ? { check: { uri: texts.checkUri } } : {}),
      servers: { [texts.route]: '127.0.0.1:1', tomcat02: '127.0.0.1:2' },
      ...upstream,
    },
  },
})

type Upstream = (texts: Texts) => object

const hash: Upstream = ({ hashKey }) => ({ affinity: { method: 'hash', key: hashKey } })
const jvmRoute: Upstream = ({ sessionCookie, sessionUrl }) => ({
  affinity: { method: 'jvm_route', cookie: sessionCookie, url: sessionUrl },
})
const sticky: Upstream = ({ affinityCookie, cookieDomain, cookiePath }) => ({
  affinity: {
    method: 'sticky',
    by: 'cookie',
    cookie: affinityCookie,
    domain: cookieDomain,
    path: cookiePath,
  },
})

const common = [
  ...['match', 'serverName', 'headerName', 'header', 'clientHeader', 'route', 'upstream'],
] as const satisfies readonly (keyof Texts)[]
const files = ['root', 'index'] as const
const names = ['sessionCookie', 'sessionUrl'] as const
const cookie = ['affinityCookie', 'cookieDomain', 'cookiePath'] as const

/** A release between the oldest and the newest gets a header and the fields that only its form of affinity has. */
const cases: readonly {
  readonly dialect: Dialect
  readonly version: string
  readonly upstream: Upstream
  readonly holds: readonly (keyof Texts)[]
}[] = [
  { dialect: 'nginx', version: '1.18', upstream: hash, holds: [...common, ...files, 'hashKey'] },
  { dialect: 'nginx', version: '1.22', upstream: sticky, holds: ['header', ...cookie] },
  { dialect: 'nginx', version: '1.26', upstream: jvmRoute, holds: names },
  { dialect: 'nginx', version: '1.30', upstream: sticky, holds: [...common, ...files, ...cookie] },
  { dialect: 'nginx', version: '1.30', upstream: jvmRoute, holds: names },
  { dialect: 'haproxy', version: '2.2', upstream: jvmRoute, holds: [...common, ...names] },
  { dialect: 'haproxy', version: '2.6', upstream: sticky, holds: ['header', ...cookie] },
  { dialect: 'haproxy', version: '3.0', upstream: hash, holds: ['checkUri', 'hashKey'] },
  { dialect: 'haproxy', version: '3.2', upstream: jvmRoute, holds: [...common, ...names] },
  { dialect: 'httpd', version: '2.4', upstream: jvmRoute, holds: [...common, ...names] },
  { dialect: 'httpd', version: '2.4', upstream: sticky, holds: [...common, ...cookie] },
]

const check = (dialect: Dialect, server: Server, text: string): Promise<Check> => {
  if (dialect === 'nginx') return checkNginx(server, { http: text })
  return dialect === 'haproxy' ? checkHaproxy(server, text) : checkApache(server, text)
}

const programs = { nginx: 'nginx', haproxy: 'haproxy', httpd: 'apache2' } as const

for (const { dialect, version, upstream, holds } of cases) {
  const title = `${dialect} ${version}, ${upstream.name}`
  describe(`any accepted text, ${title}`, () => {
    const needs = { server: findServer(programs[dialect], version) }
    withServers(needs, 'is loaded without a warning', async ({ server }) => {
      const refusedByServer: string[] = []
      let accepted = 0
      const artifactOf = (field: Field, text: string): string | null => {
        const texts = { ...usualTexts, [field.name]: field.wrap(text) }
        const spec = specOf(dialect, server.version, upstream(texts), texts)
        const { artifacts, diagnostics } = compileText(JSON.stringify(spec, null, 1))
        // A variable that is not nginx's own has to come from another file of the user's.
        if (diagnostics.some(({ code }) => code === 'nginx-variable-unknown')) return null
        const ours = artifacts.filter(({ path }) => dirname(path) === dialect)
        return ours.length === 0 ? null : ours.map(({ text }) => text).join('\n')
      }
      for (const [index, field] of fields.entries()) {
        if (!holds.includes(field.name)) continue
        for (const text of fc.sample(anyText, { numRuns: draws, seed: seed + index })) {
          const artifact = artifactOf(field, text)
          if (artifact === null) continue
          accepted += 1
          const { exitCode, output, warnings } = await check(dialect, server, artifact)
          if (exitCode === 0 && warnings.length === 0) continue
          const value = JSON.stringify(field.wrap(text)).slice(0, 200)
          refusedByServer.push(`${field.path} ${value}: ${output.slice(0, 600)}`)
        }
      }
      expect(refusedByServer).toEqual([])
      expect(accepted).toBeGreaterThan(holds.length)
    })
  })
}
