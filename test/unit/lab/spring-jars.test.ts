import { describe, expect, test } from 'vitest'
import { bootVersionIn, isOfLine, unfitJars } from '../../../src/core/lab/spring-jars.ts'
import type { SpringApp } from '../../../src/core/model/app.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

const redis = '{ kind: redis, addresses: ["10.0.0.5:6379"] }'
const database =
  '{ kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://db/shop", username: shop }'

const appOf = (version: string, store: string): SpringApp => {
  const text = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { one: "10.0.0.1:8080", two: "10.0.0.2:8080" }
    app: { runtime: spring, version: "${version}", sessions: { store: spring-session, use: store } }
stores: { store: ${store} }
`
  const app = resolveSpec(readSpec('sessctl.yaml', text), {}).cluster?.upstreams[0]?.app
  if (app?.runtime !== 'spring') throw new Error('the spec has no Spring Boot')
  return app
}

describe('the release of Spring Boot among jars', () => {
  test.each([
    [['spring-boot-3.5.16.jar', 'spring-boot-autoconfigure-3.5.15.jar'], '3.5.16'],
    [['spring-boot-autoconfigure-3.5.15.jar', 'spring-boot-4.0.0-RC1.jar'], '4.0.0'],
    [['spring-boot-2.3.1.RELEASE.jar'], '2.3.1'],
    [['spring-boot-starter-3.5.16.jar', 'a-spring-boot-3.5.16.jar'], null],
    [[], null],
  ])('%j: %s', (names, version) => {
    expect(bootVersionIn(names)).toBe(version)
  })
})

test('minor releases of 3 and 4 are one line each', () => {
  const has = (release: string, version: string) => isOfLine(release, appOf(version, redis))
  expect(has('3.5.16', '3.2')).toBe(true)
  expect(has('4.0.7', '4.1')).toBe(true)
  expect(has('4.0.7', '3.5')).toBe(false)
  expect(has('2.7.18', '2.7')).toBe(true)
  expect(has('2.6.15', '2.7')).toBe(false)
})

describe('jars that store sessions in the store of the spec', () => {
  const web = ['spring-webmvc-6.2.19.jar']
  const inRedis = [...web, 'spring-session-data-redis-3.5.7.jar']
  const inDatabase = [...web, 'spring-session-jdbc-3.5.7.jar']

  test.each([
    ['3.5', redis, inRedis],
    ['3.5', database, inDatabase],
    ['2.7', database, [...inRedis, ...inDatabase]],
    ['4.0', redis, [...inRedis, 'spring-boot-session-data-redis-4.0.7.jar']],
    ['4.0', database, [...inDatabase, 'spring-boot-session-jdbc-4.0.7.jar']],
  ])('%s, %s', (version, store, names) => {
    expect(unfitJars(appOf(version, store), names)).toBeNull()
  })

  test.each([
    ['3.5', redis, web, 'jar of spring-session-data-redis is missing'],
    ['3.5', redis, inDatabase, 'jar of spring-session-data-redis is missing'],
    ['3.5', redis, [...web, 'spring-session-data-redis-mine.jar'], 'is missing'],
    ['4.0', redis, inRedis, 'jar of spring-boot-session-data-redis is missing'],
    ['3.5', redis, inRedis.slice(1), 'jar of spring-webmvc is missing'],
    ['3.5', database, [...inRedis, ...inDatabase], 'selects Redis'],
  ])('not %s, %s, %j', (version, store, names, problem) => {
    expect(unfitJars(appOf(version, store), names)).toContain(problem)
  })
})
