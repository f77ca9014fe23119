import { describe, expect, test } from 'vitest'
import type { Upstream } from '../../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { expectationOf, parseClaim } from '../../../src/core/traffic/claims.ts'
import {
  claimsOf,
  expectedServers,
  identificationOf,
} from '../../../src/core/traffic/expectations.ts'
import { parseField } from '../../../src/core/traffic/identity.ts'
import { scenarios } from '../../../src/core/traffic/scenarios.ts'

const upstreamOf = (text: string): Upstream => {
  const spec = `version: 1\nname: x\ntargets: { haproxy: { version: "2.6" } }\nstores: { r: { kind: redis, addresses: ["127.0.0.1:6379"] } }\nupstreams: { app: ${text} }\n`
  const { cluster } = resolveSpec(readSpec('x.yaml', new TextEncoder().encode(spec)), {})
  const [upstream] = cluster?.upstreams ?? []
  if (upstream === undefined) throw new Error(text)
  return upstream
}

const servers =
  'servers: { a: "10.0.0.1:80", b: { address: "10.0.0.2:80", weight: 3, route: two }, c: { address: "10.0.0.3:80", state: backup } }'

describe('expectations from a spec', () => {
  test('servers by their weights, without those that take no new clients', () => {
    const upstream = upstreamOf(`{ ${servers} }`)
    expect([...expectedServers(upstream)]).toEqual([
      ['a', 1],
      ['b', 3],
    ])
    const { serverNames: names, routes } = identificationOf(upstream)
    expect(routes).toBeNull()
    const routed = upstreamOf(`{ ${servers}, affinity: { method: jvm_route } }`)
    expect([...(identificationOf(routed).routes ?? [])]).toEqual(['a', 'two', 'c'])
    expect([names.get('two'), names.get('10.0.0.2:80'), names.get('b')]).toEqual(['b', 'b', 'b'])
  })

  test.each([
    ['none', 'JSESSIONID', null, true, ['spread']],
    ['ip_hash', 'JSESSIONID', null, true, ['sticky', 'spread']],
    [
      'jvm_route, cookie: SID',
      'SID',
      null,
      true,
      ['sticky', 'spread', 'nat', 'subnet', 'parallel', 'url'],
    ],
    [
      'sticky, by: cookie, cookie: SRV',
      'JSESSIONID',
      'SRV',
      true,
      ['sticky', 'spread', 'nat', 'subnet', 'parallel'],
    ],
  ])('affinity %s', (method, cookie, affinityCookie, cookieNamesServer, claims) => {
    const upstream = upstreamOf(`{ ${servers}, affinity: { method: ${method} } }`)
    expect(claimsOf(upstream)).toEqual(claims)
    expect(identificationOf(upstream)).toMatchObject({
      session: { cookie },
      server: affinityCookie === null ? null : { kind: 'cookie', name: affinityCookie },
      cookieNamesServer,
    })
  })

  test('a response without a cookie does not identify its server if servers share sessions', () => {
    const app =
      'app: { runtime: tomcat, version: "9.0.122", sessions: { store: redisson, use: r } }'
    const upstream = upstreamOf(`{ ${servers}, affinity: { method: jvm_route }, ${app} }`)
    expect(identificationOf(upstream).cookieNamesServer).toBe(false)
  })
})

describe('claims', () => {
  test.each([
    ['sticky', { name: 'sticky', minimum: null }],
    ['sticky=100%', { name: 'sticky', minimum: 1 }],
    ['spread=0.9', { name: 'spread', minimum: 0.9 }],
    ['answered=99.5%', { name: 'answered', minimum: 0.995 }],
    ['sticky=', '"" is not a share from 0% to 100%'],
    ['sticky=101%', '"101%" is not a share from 0% to 100%'],
    ['sticky=2', '"2" is not a share from 0% to 100%'],
    ['sticky=-1%', '"-1%" is not a share from 0% to 100%'],
    ['even', '"even" is not a claim'],
    ['', '"" is not a claim'],
  ])('%s', (text, claim) => {
    expect(parseClaim(text)).toEqual(claim)
  })

  test('the last claim of a scenario counts, and `answered` applies to every scenario', () => {
    const sticky = scenarios.find(({ name }) => name === 'sticky')
    if (sticky === undefined) throw new Error('no scenario')
    const claims = ['sticky', 'sticky=90%', 'answered=50%', 'sticky=80%'].map(parseClaim)
    const known = claims.filter((claim) => typeof claim !== 'string')
    expect(expectationOf(sticky, known, null)).toEqual({
      isClaimed: true,
      minimums: { sticky: 0.8, answered: 0.5 },
      servers: null,
    })
    expect(expectationOf(sticky, known.slice(2, 3), null).isClaimed).toBe(false)
  })
})

test.each([
  ['header:X-Server', { kind: 'header', name: 'X-Server' }],
  ['cookie:SRV', { kind: 'cookie', name: 'SRV' }],
  ['json:name', { kind: 'json', name: 'name' }],
  ['body:by (\\w+)', { kind: 'body', pattern: /by (\w+)/u }],
  ['header:X Server', '"X Server" is not the name of a header'],
  ['body:(', '"(" is not a regular expression'],
  ['header:', '"header:" is not a part of a response'],
])('the response field %s', (text, mark) => {
  expect(parseField(text)).toEqual(mark)
})
