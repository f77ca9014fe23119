import { describe, expect, test } from 'vitest'
import { alternativesOf, costsOfTargets } from '../../../src/core/explain/alternatives.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

const specOf = (targets: string, affinity: string, app: string, frontend = '') => `
version: 1
name: shop
targets: { ${targets} }
frontends: { web: { listen: [80], ${frontend}locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: ${affinity}
    servers: { a: "10.0.0.1:8080", b: "10.0.0.2:8080", c: "10.0.0.3:8080" }
    app: ${app}
`

const local = '{ runtime: tomcat, version: "9.0.122" }'
const native = 'nginx: { version: "1.30.6" }'

const resolved = (...args: Parameters<typeof specOf>) => {
  const compilation = resolveSpec(readSpec('sessctl.yaml', specOf(...args)), {})
  const [upstream] = compilation.cluster?.upstreams ?? []
  if (compilation.cluster === null || upstream === undefined) throw new Error('invalid spec')
  return { compilation, cluster: compilation.cluster, upstream }
}

const costsOf = (...args: Parameters<typeof specOf>) => {
  const { cluster, upstream } = resolved(...args)
  const [first] = costsOfTargets(cluster, upstream)
  if (first === undefined) throw new Error('there are no costs')
  return first.costs
}

describe('costs', () => {
  test('ip_hash: a fourth server moves most clients, and a CDN loads one server', () => {
    const costs = costsOf(native, '{ method: ip_hash }', local)
    expect(costs.serverAdded.moved).toBeGreaterThan(0.6)
    expect(costs.serverAdded.lost).toBeGreaterThan(0.6)
    expect(costs.spread).toBeLessThan(1.15)
    expect(costs.spreadBehindCdn).toBeGreaterThan(1.3)
  })

  test('jvm_route: only the sessions of the server that fails are lost', () => {
    const costs = costsOf(native, '{ method: jvm_route }', local)
    expect(costs.serverAdded).toMatchObject({ moved: 0, lost: 0, failed: 0 })
    expect(costs.serverFails.lost).toBeCloseTo(1 / 3, 1)
    expect(costs.proxyRestarts.lost).toBe(0)
    expect(costs.spreadBehindCdn).toBeLessThan(1.05)
  })

  test('a session with a copy survives its server', () => {
    const copied = '{ runtime: tomcat, version: "9.0.122", sessions: { store: backup } }'
    const costs = costsOf(native, '{ method: jvm_route }', copied)
    expect(costs.serverFails.moved).toBeCloseTo(1 / 3, 1)
    expect(costs.serverFails.lost).toBe(0)
  })

  test('learned sessions are forgotten when the proxy restarts', () => {
    const learn =
      '{ method: sticky, by: learn, create: $upstream_cookie_JSESSIONID, lookup: $cookie_JSESSIONID }'
    expect(costsOf(native, learn, local).proxyRestarts.lost).toBeGreaterThan(0.5)
  })
})

test('an upstream with more servers than can be simulated in time has no figures', () => {
  const many = Array.from({ length: 201 }, (_, at) => `s${at}: "10.0.1.${at + 1}:8080"`).join(', ')
  const text = specOf(native, '{ method: ip_hash }', local).replace(
    /servers: .*/,
    `servers: { ${many} }`,
  )
  const compilation = resolveSpec(readSpec('sessctl.yaml', text), {})
  const [upstream] = compilation.cluster?.upstreams ?? []
  if (compilation.cluster === null || upstream === undefined) throw new Error('invalid spec')
  expect(costsOfTargets(compilation.cluster, upstream)).toEqual([])
  expect(alternativesOf(compilation, compilation.cluster, upstream, [])).toEqual([])
})

const better = (...args: Parameters<typeof specOf>) => {
  const { compilation, cluster, upstream } = resolved(...args)
  return alternativesOf(compilation, cluster, upstream, costsOfTargets(cluster, upstream))
}

describe('what would be better', () => {
  test('for ip_hash: an affinity by route, with the figures that it improves', () => {
    const [first] = better(native, '{ method: ip_hash }', local)
    expect(first?.path).toEqual(['upstreams', 'shop'])
    expect(first?.line).toBe('affinity: { method: jvm_route }')
    expect(first?.gains.map(({ measure }) => measure.name)).toEqual(
      expect.arrayContaining(['a server is added: sessions lost', 'busiest server behind a CDN']),
    )
  })

  test('for sessions in one Tomcat: copies on another one', () => {
    expect(better(native, '{ method: jvm_route }', local).map(({ line }) => line)).toEqual([
      'sessions: { store: backup }',
    ])
  })

  test('for "userid": a release with an affinity cookie', () => {
    const lines = better(
      'nginx: { version: "1.26.3" }',
      '{ method: sticky, by: cookie, cookie: srv_id }',
      local,
    ).map(({ path, line }) => [path.join('.'), line])
    expect(lines).toContainEqual(['targets.nginx', 'version: 1.30.7'])
  })

  test('nothing for sessions that every server has, with an affinity by route', () => {
    const copied = '{ runtime: tomcat, version: "9.0.122", sessions: { store: backup } }'
    expect(better(native, '{ method: jvm_route }', copied)).toEqual([])
  })
})
