import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pairsIn, type ReviewSide, review } from '../../../src/core/review/index.ts'
import { modelsFor } from '../../../src/core/review/routing/models.ts'
import { keepingOf } from '../../../src/core/session-keeping.ts'
import { compare } from '../../../src/core/simulate/compare.ts'
import { clientsOfShape } from '../../../src/core/simulate/population/shapes.ts'
import { rollOut } from '../../../src/core/simulate/rollout.ts'
import { simulatedUpstream } from '../../../src/core/simulate/upstream/simulated.ts'
import { edited, reviewTexts, shop, sideFrom } from './specs.ts'

const fixtures = fileURLToPath(new URL('../../../fixtures/reviews/', import.meta.url))

const sideOf = (name: string, side: string): ReviewSide =>
  sideFrom(readFileSync(join(fixtures, name, `${side}.yaml`), 'utf8'))

const simulatedIn = (side: ReviewSide, which: 'before' | 'after', other: ReviewSide) => {
  const [before, after] = which === 'before' ? [side, other] : [other, side]
  const [pair] = pairsIn({ before: before.cluster, after: after.cluster })
  const [target] = side.cluster.targets
  const simulated =
    pair === undefined || target === undefined
      ? null
      : simulatedUpstream(side.cluster, pair[which], target)
  if (simulated === null) throw new Error('not simulated')
  return simulated
}

const modelsOf = (before: ReviewSide, after: ReviewSide) => ({
  before: simulatedIn(before, 'before', after),
  after: simulatedIn(after, 'after', before),
})

const people = clientsOfShape({ name: 'internet', count: null }, 3000, 1)

describe.each(readdirSync(fixtures))('%s', (name) => {
  const [before, after] = [sideOf(name, 'before'), sideOf(name, 'after')]
  const { verdict } = review(before, after)
  const models = modelsOf(before, after)
  const simulated = compare(models.before, models.after, people)
  const restarts = verdict.restarts.some((program) => program.startsWith('Tomcat'))

  test('moves as many clients as in `simulate`', () => {
    // There, no server restarts: busy clients are on their old servers when the proxy is reloaded.
    const near = name === 'route-renamed' ? 0.08 : 0.03
    expect(Math.abs(verdict.moved - simulated.moved)).toBeLessThan(near)
  })

  test('loses as many sessions as in `simulate`, and those that a restart ends', () => {
    const isOwn = keepingOf(models.before.upstream) === 'server'
    if (restarts && isOwn) expect(verdict.lost).toBeGreaterThan(simulated.lost - 0.01)
    else expect(Math.abs(verdict.lost - simulated.lost)).toBeLessThan(0.03)
  })
})

const audience = { clients: people, busy: 1500 }

const shareOf = <Item>(items: readonly Item[], has: (item: Item) => boolean): number =>
  items.filter(has).length / items.length

describe('clients whose route no server has any more', () => {
  const before = sideFrom(shop)
  const renamed = edited(shop, [
    'app1: 10.0.0.1:8080',
    'app1: { address: 10.0.0.1:8080, route: r1 }',
  ])
  const models = modelsOf(before, sideFrom(renamed))

  test('get to the server that has had the fewest turns: requests of sessions count', () => {
    const { journeys } = rollOut(models.before, models.after, audience, ['app1'])
    const own = journeys.filter(({ before: home }) => home === '10.0.0.1:8080')
    expect(own.length).toBe(500)
    // By weight, two thirds of them would move.
    expect(shareOf(own, ({ before: home, next }) => home !== next)).toBeLessThan(0.2)
    const others = journeys.filter(({ before: home }) => home !== '10.0.0.1:8080')
    expect(others.every(({ before: home, next, again }) => home === next && home === again)).toBe(
      true,
    )
  })

  test('are not bound to a server if their session ids do not change', () => {
    const { journeys } = rollOut(models.before, models.after, { ...audience, busy: 0 }, [])
    const stayed = journeys.filter(
      ({ before: home, next }) => home === '10.0.0.1:8080' && next === home,
    )
    expect(shareOf(stayed, ({ next, again }) => next !== again)).toBeGreaterThan(0)
  })
})

const learning =
  '{ method: sticky, by: learn, create: $upstream_cookie_JSESSIONID, lookup: $cookie_JSESSIONID, zone: 64k }'

describe('what a proxy has learned', () => {
  const nginx = edited(shop, ['{ method: jvm_route }', learning])
  const haproxy = edited(nginx, ['nginx: { version: "1.30.6" }', 'haproxy: { version: "3.0" }'])
  const header: readonly [string, string] = [
    'serverNames:',
    'headers: { X-Env: one }\n    serverNames:',
  ]

  test('is kept by nginx over a reload, however small the zone is', () => {
    const { verdict } = reviewTexts(nginx, edited(nginx, header))
    expect(verdict).toMatchObject({ moved: 0, lost: 0 })
  })

  test('is lost with another release of nginx, which must be started', () => {
    const { risks, verdict } = reviewTexts(nginx, edited(nginx, ['1.30.6', '1.30.7']))
    expect(verdict.lost).toBeGreaterThan(0.5)
    expect(risks.find(({ code }) => code === 'table-lost')?.message).toContain('with a restart')
  })

  test('is kept by HAProxy over a reload with a peer, and over a restart with two', () => {
    const peers = (names: readonly string[]): string =>
      edited(haproxy, [
        '"3.0" }',
        `"3.0", peers: { ${names.map((name, at) => `${name}: "127.0.0.1:${10_000 + at}"`).join(', ')} } }`,
      ])
    const lostBy = (text: string, edit: readonly [string, string]): number =>
      reviewTexts(text, edited(text, edit)).verdict.lost
    const release: readonly [string, string] = ['"3.0"', '"3.2"']
    expect(lostBy(haproxy, header)).toBeGreaterThan(0.5)
    expect(lostBy(peers(['lb1']), header)).toBe(0)
    expect(lostBy(peers(['lb1']), release)).toBeGreaterThan(0.5)
    expect(lostBy(peers(['lb1', 'lb2']), release)).toBe(0)
  })
})

test('upstreams of one form are asked once where their addresses do not decide', () => {
  const models = modelsFor(4)
  let count = 0
  const ask = () => {
    count += 1
    return null
  }
  for (const form of ['one', 'one', 'other']) models.answerOf(form, true, ask)
  expect(count).toBe(2)
  for (const form of ['hash', 'hash']) models.answerOf(form, false, ask)
  expect(count).toBe(4)
})
