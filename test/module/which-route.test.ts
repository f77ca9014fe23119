import { beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { overVariants } from './support/over-variants.ts'
import { expectFate, type Fate, spread, titleOf } from './support/sessions.ts'
import { startStubs } from './support/stubs.ts'
import { member, members } from './support/upstream.ts'

const id64 = 'n'.repeat(64)
const session = (value: string, fate: string, route?: string): Fate =>
  route === undefined ? [{ session: value }, fate] : [{ session: value }, fate, route]

/** Servers a, b and c under other routes. */
const routed: Readonly<Record<string, readonly [string, string, string]>> = {
  numbered: ['node1', 'node10', 'node100'],
  short: ['1', 'x1', '11'],
  strange: ['n_1-A', id64, '~!*'],
  nested: ['x', 'xy', 'xyz'],
}

const reverse: Readonly<Record<string, readonly Fate[]>> = {
  numbered: [
    session('ABC.node1', 'a', 'node1'),
    session('ABC.node10', 'b', 'node10'),
    session('ABC.node100', 'c', 'node100'),
    session('ABC.node', 'MISS', 'node'),
    session('ABC.node2', 'MISS', 'node2'),
    session('ABC.node1000', 'MISS', 'node1000'),
    session('ABC.xnode1', 'MISS', 'xnode1'),
    session('ABC.Node1', 'MISS', 'Node1'),
    session('ABC.1', 'MISS', '1'),
    session('ABCnode1', 'MISS', ''),
    session('node1', 'MISS', ''),
  ],
  short: [
    session('ABC.1', 'a', '1'),
    session('ABC.x1', 'b', 'x1'),
    session('ABC.11', 'c', '11'),
    session('ABC.y1', 'MISS', 'y1'),
    session('ABC1', 'MISS', ''),
  ],
  strange: [
    session('ABC.n_1-A', 'a', 'n_1-A'),
    session(`ABC.${id64}`, 'b', id64),
    session(`ABC.${id64}n`, 'MISS', `${id64}n`),
    session(`ABC.${id64.slice(1)}`, 'MISS', id64.slice(1)),
    session('ABC.~!*', 'c', '~!*'),
  ],
}

/** Without `reverse`: the longest id that the session begins with. */
const forward: Readonly<Record<string, readonly Fate[]>> = {
  numbered: [
    session('node1', 'a', 'node1'),
    session('node1ABC', 'a', 'node1'),
    session('node1.ABC', 'a', 'node1'),
    session('node10', 'b', 'node10'),
    session('node10ABC', 'b', 'node10'),
    session('node100', 'c', 'node100'),
    session('node1000', 'c', 'node100'),
    session('node12', 'a', 'node1'),
    session('node2', 'MISS'),
    session('node', 'MISS'),
    session('n', 'MISS'),
    session('Node1ABC', 'MISS'),
    session('xnode1ABC', 'MISS'),
    session('ABC.node1', 'MISS'),
    session(`node10${'x'.repeat(8_192)}`, 'b', 'node10'),
    session('x'.repeat(8_192), 'MISS'),
    session('', 'NEW'),
    [{ path: '/x;jsessionid=node10ABC?q=1' }, 'b', 'node10'],
    [{ path: '/x?jsessionid=node10ABC&q=1' }, 'b', 'node10'],
  ],
  strange: [
    session(id64, 'b', id64),
    session(`${id64}n`, 'b', id64),
    session(id64.slice(1), 'MISS'),
    session('n_1-A~!*', 'a', 'n_1-A'),
  ],
  nested: [
    session('x', 'a', 'x'),
    session('xx', 'a', 'x'),
    session('xyx', 'b', 'xy'),
    session('xyzx', 'c', 'xyz'),
    session('yxyz', 'MISS'),
  ],
}

overVariants('everywhere', (variant) => {
  let balancer: Balancer
  beforeAll(async () => {
    const stubs = await startStubs('a', 'b', 'c')
    const [a, b, c] = stubs
    const block = (ids: readonly [string, string, string], parameters: string) => [
      spread,
      `jvm_route $cookie_JSESSIONID${parameters};`,
      ...members(
        variant,
        ids.map((id, index) => ({ at: stubs[index] ?? a, id })),
      ),
    ]
    const upstreams = Object.entries(routed).flatMap(([name, ids]) => [
      [`reverse-${name}`, block(ids, ' reverse')] as const,
      [`forward-${name}`, block(ids, '')] as const,
    ])
    const [unnamedReverse, unnamedForward] = [' reverse', ''].map((parameters) => [
      spread,
      ...member(variant, { at: a }),
      ...members(variant, [b, c]),
      `jvm_route $cookie_JSESSIONID${parameters};`,
    ])
    balancer = await startBalancer(variant, {
      stubs,
      upstreams: {
        ...Object.fromEntries(upstreams),
        'unnamed-reverse': unnamedReverse ?? [],
        'unnamed-forward': unnamedForward ?? [],
      },
    })
  })

  describe.each(Object.entries(reverse))('reverse, %s', (name, fates) => {
    test.for(fates.map((fate) => ({ title: titleOf(fate), fate })))('$title', ({ fate }) =>
      expectFate(balancer, `reverse-${name}`, fate),
    )
  })
  describe.each(Object.entries(forward))('forward, %s', (name, fates) => {
    test.for(fates.map((fate) => ({ title: titleOf(fate), fate })))('$title', ({ fate }) =>
      expectFate(balancer, `forward-${name}`, fate),
    )
  })
  test('a server without an id is never pinned', async () => {
    await expectFate(balancer, 'unnamed-reverse', session('ABC.a', 'MISS', 'a'))
    await expectFate(balancer, 'unnamed-reverse', session('ABC.', 'MISS', ''))
    await expectFate(balancer, 'unnamed-reverse', session('ABC.b', 'b'))
    await expectFate(balancer, 'unnamed-forward', session('aABC', 'MISS', ''))
    await expectFate(balancer, 'unnamed-forward', session('bABC', 'b'))
  })
  test('the session can change with every request of a connection', async () => {
    for (const id of ['node1', 'node10', 'node100', 'node10', 'node1']) {
      const { route } = await balancer.ask('reverse-numbered', { session: `ABC.${id}` })
      expect(route).toBe(id)
    }
  })
})
