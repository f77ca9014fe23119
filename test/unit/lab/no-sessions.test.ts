import { describe, expect, test } from 'vitest'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { isKeptElsewhere } from '../../../src/core/session-keeping.ts'
import { claimsOf } from '../../../src/core/traffic/expectations.ts'
import { compileText } from '../../support/compile.ts'

const apps = [
  'runtime: tomcat, version: "9.0.122"',
  'runtime: tomcat, version: "7.0.109"',
  'runtime: spring, version: "3.5"',
  'runtime: php, version: "8.2"',
  'runtime: django, version: "4.2"',
]

const spec = (app: string, affinity: string, store = 'none'): string => `version: 1
name: shop
targets: { nginx: { version: "1.30.6" }, haproxy: { version: "3.0" }, httpd: { version: "2.4" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: ${affinity}
    servers: { one: "10.0.0.1:8080", two: "10.0.0.2:8080" }
    app: { ${app}, sessions: { store: ${store} } }
`

const said = (text: string): readonly string[] =>
  compileText(text).diagnostics.map(({ severity, code }) => `${severity} ${code}`)

describe.each(apps)('%s without sessions', (app) => {
  test('no rule reports sessions, whatever the affinity', () => {
    expect(said(spec(app, '{ method: none }'))).toEqual(['info haproxy-checks'])
    const byCookie = said(spec(app, '{ method: sticky, by: cookie }'))
    expect(byCookie.filter((one) => !/^info (haproxy|httpd|nginx)-/.test(one))).toEqual([])
    const byRoute = said(spec(app, '{ method: jvm_route }'))
    expect(byRoute).toContain('info field-without-effect')
    expect(byRoute.filter((one) => one.startsWith('error'))).toEqual([])
  })

  test('only the spread is claimed', () => {
    for (const affinity of ['{ method: none }', '{ method: sticky, by: cookie }']) {
      const { cluster } = resolveSpec(readSpec('a.yaml', spec(app, affinity)), {})
      const [upstream] = cluster?.upstreams ?? []
      if (upstream === undefined) throw new Error('no cluster')
      expect(claimsOf(upstream)).toEqual(['spread'])
      expect(isKeptElsewhere(upstream)).toBe(false)
    }
  })
})

test('the same Tomcats with sessions of their own are an error', () => {
  expect(said(spec(apps[0] ?? '', '{ method: none }', 'local'))).toContain(
    'error local-without-affinity',
  )
})
