import { describe, expect, test } from 'vitest'
import { edited, reviewTexts, shop } from './specs.ts'

const app3 = 'app3: 10.0.0.3:8080'
const nginx = 'nginx: { version: "1.30.6" }'
const haproxy = 'haproxy: { version: "2.6" }'
const ipHash = '{ method: ip_hash }'
const consistent = '{ method: hash, key: $remote_addr, consistent: true }'
const added = `${app3}\n      app4: 10.0.0.4:8080`
const down = 'app3: { address: 10.0.0.3:8080, state: down }'

const movesOf = (target: string, affinity: string, change: string) => {
  const before = edited(shop, [nginx, target], ['{ method: jvm_route }', affinity])
  return reviewTexts(before, edited(before, [app3, change])).risks.filter(
    ({ code }) => code === 'hash-changed',
  )
}

describe('a consistent hash is advised where it moves fewer clients', () => {
  test.each([
    ['ip_hash of nginx, a server added', nginx, ipHash, added, true],
    ['ip_hash of nginx, a server down: its clients only', nginx, ipHash, down, false],
    ['ip_hash of HAProxy, which is consistent', haproxy, ipHash, added, false],
    ['a consistent hash', nginx, consistent, added, false],
  ])('%s', (_, target, affinity, change, isAdvised) => {
    const risks = movesOf(target, affinity, change)
    expect(risks).not.toEqual([])
    for (const { remedies, message } of risks) {
      const advice = remedies.map(({ text }) => text).join('\n')
      expect(advice.includes('consistent: true')).toBe(isAdvised)
      expect(message.includes('list of servers with their weights')).toBe(isAdvised)
    }
  })
})

test.each([
  [nginx, '{ method: jvm_route }', 'existing session ids name the old one'],
  [haproxy, '{ method: sticky, by: cookie }', 'existing affinity cookies name the old one'],
])('a renamed route is named by what carries it: %s, %s', (target, affinity, words) => {
  const before = edited(shop, [nginx, target], ['{ method: jvm_route }', affinity])
  const after = edited(before, [app3, 'app3: { address: 10.0.0.3:8080, route: other }'])
  const messages = reviewTexts(before, after).risks.map(({ message }) => message)
  expect(messages).toContainEqual(expect.stringContaining(words))
})
