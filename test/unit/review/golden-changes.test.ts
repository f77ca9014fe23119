import { describe, expect, test } from 'vitest'
import { edited, reviewTexts, shop } from './specs.ts'

type Edit = readonly [from: string, to: string]

interface Row {
  readonly what: string
  readonly before: string
  readonly edits: readonly Edit[]
  readonly verdict: RegExp
  /** Of the sessions and of the clients, in percent. */
  readonly lost: number
  readonly moved: number
  /** Codes of the changes. */
  readonly changes: readonly string[]
  /** Codes of the risks for sessions. */
  readonly risks: readonly string[]
}

const kept = /^No session is lost$/

const withAffinity = (affinity: string, sessions = 'local'): string =>
  edited(
    shop,
    ['{ method: jvm_route }', affinity],
    [
      'version: "9.0.122" }',
      `version: "9.0.122", sessions: { store: ${sessions}${sessions === 'redisson' ? ', use: cache' : ''} } }`,
    ],
  )

const app3 = 'app3: 10.0.0.3:8080'
const added: Edit = [app3, `${app3}\n      app4: 10.0.0.4:8080`]
const removed: Edit = [`      ${app3}\n`, '']

const rows: readonly Row[] = [
  {
    what: 'a server is added under jvm_route',
    before: shop,
    edits: [added],
    verdict: kept,
    lost: 0,
    moved: 0,
    changes: ['server-added'],
    risks: [],
  },
  {
    what: 'a server is added under a sticky cookie',
    before: withAffinity('{ method: sticky, by: cookie }'),
    edits: [added],
    verdict: kept,
    lost: 0,
    moved: 0,
    changes: ['server-added'],
    risks: [],
  },
  {
    what: 'a server with sessions of its own is removed',
    before: shop,
    edits: [removed],
    verdict: /^33% of the sessions of upstream shop are lost with the reload of nginx/,
    lost: 33,
    moved: 33,
    changes: ['server-removed'],
    risks: ['server-removed'],
  },
  {
    what: 'a server is removed whose sessions have a backup',
    before: withAffinity('{ method: jvm_route }', 'backup'),
    edits: [removed],
    verdict: /^Sessions are kept only if the servers of upstream shop restart one after the other$/,
    lost: 0,
    moved: 33,
    changes: ['server-removed'],
    risks: ['restart-together'],
  },
  {
    what: 'a route is renamed',
    before: shop,
    edits: [[app3, 'app3: { address: 10.0.0.3:8080, route: r3 }']],
    verdict: /^33% of the sessions of upstream shop are lost with the restart of the servers/,
    lost: 33,
    // The busy clients are on the other servers since the restart: the turn is that of the old one.
    moved: 3,
    changes: ['route-renamed'],
    risks: ['restart-loses-sessions', 'route-renamed'],
  },
  {
    what: 'a server has another address and the same route',
    before: shop,
    edits: [[app3, 'app3: 10.0.0.33:8080']],
    verdict: /^33% of the sessions of upstream shop are lost/,
    lost: 33,
    moved: 33,
    changes: ['server-moved'],
    risks: ['server-replaced'],
  },
  {
    what: 'a cookie is renamed on the side of the proxy only',
    before: shop,
    edits: [['{ method: jvm_route }', '{ method: jvm_route, cookie: SID }']],
    verdict: /^All sessions of upstream shop are lost/,
    lost: 100,
    moved: 67,
    changes: ['affinity-cookie'],
    risks: ['routes-unreadable'],
  },
  {
    what: 'ip_hash becomes jvm_route: Tomcat writes routes already',
    before: withAffinity('{ method: ip_hash }'),
    edits: [['{ method: ip_hash }', '{ method: jvm_route }']],
    verdict: kept,
    lost: 0,
    moved: 0,
    changes: ['method'],
    risks: [],
  },
  {
    what: 'local sessions move to Redisson',
    before: withAffinity('{ method: jvm_route }'),
    edits: [['store: local', 'store: redisson, use: cache']],
    verdict: /^All sessions of upstream shop are lost/,
    lost: 100,
    moved: 0,
    changes: ['store'],
    risks: ['store-replaced'],
  },
  {
    what: 'the prefix of the keys in Redis changes',
    before: withAffinity('{ method: jvm_route }', 'redisson'),
    edits: [['use: cache', 'use: cache, keyPrefix: shop']],
    verdict: /^All sessions of upstream shop are lost/,
    lost: 100,
    moved: 0,
    changes: ['store-parameter'],
    risks: ['store-keys'],
  },
  {
    what: 'Redis is another server',
    before: withAffinity('{ method: jvm_route }', 'redisson'),
    edits: [['use: cache', 'use: other']],
    verdict: /^All sessions of upstream shop are lost/,
    lost: 100,
    moved: 0,
    changes: ['store'],
    risks: ['store-replaced'],
  },
  {
    what: 'Tomcat 9 becomes 10.1 with sessions in its memory',
    before: shop,
    edits: [['9.0.122', '10.1.40']],
    verdict: /^All sessions of upstream shop are lost with the restart of the servers/,
    lost: 100,
    moved: 0,
    changes: ['runtime-version'],
    risks: ['restart-loses-sessions'],
  },
  {
    what: 'a server gets another weight',
    before: shop,
    edits: [[app3, 'app3: { address: 10.0.0.3:8080, weight: 2 }']],
    verdict: kept,
    lost: 0,
    moved: 0,
    changes: ['weight'],
    risks: [],
  },
  {
    what: 'a server is drained',
    before: shop,
    edits: [[app3, 'app3: { address: 10.0.0.3:8080, state: drain }']],
    verdict: kept,
    lost: 0,
    moved: 0,
    changes: ['state'],
    risks: [],
  },
  {
    what: 'a drained server is removed',
    before: edited(shop, [app3, 'app3: { address: 10.0.0.3:8080, state: drain }']),
    edits: [['      app3: { address: 10.0.0.3:8080, state: drain }\n', '']],
    verdict: /^Sessions are kept only if the drained server app3 has none left$/,
    lost: 0,
    moved: 0,
    changes: ['server-removed'],
    risks: ['sessions-left'],
  },
  {
    what: 'two servers get the routes of each other',
    before: shop,
    edits: [
      [app3, 'app3: { address: 10.0.0.3:8080, route: app2 }'],
      ['app2: 10.0.0.2:8080', 'app2: { address: 10.0.0.2:8080, route: app3 }'],
    ],
    verdict: /^67% of the sessions of upstream shop are lost/,
    lost: 67,
    moved: 67,
    changes: ['route-renamed', 'route-renamed'],
    risks: ['restart-loses-sessions', 'route-renamed'],
  },
  {
    what: 'nginx with the module becomes one with sticky',
    before: edited(shop, ['version: "1.30.6"', 'version: "1.26.3", modules: [jvm_route]']),
    edits: [['version: "1.26.3", modules: [jvm_route]', 'version: "1.30.6"']],
    verdict: kept,
    lost: 0,
    moved: 0,
    changes: ['proxy-version', 'proxy-module', 'form'],
    risks: [],
  },
  {
    what: 'the client address is found in another way under ip_hash',
    before: edited(withAffinity('{ method: ip_hash }'), [
      'serverNames:',
      'clientAddress: { trust: [10.9.0.0/16] }\n    serverNames:',
    ]),
    edits: [['    clientAddress: { trust: [10.9.0.0/16] }\n', '']],
    verdict: /^67% of the sessions of upstream shop are lost/,
    lost: 67,
    moved: 67,
    changes: ['client-address'],
    risks: ['client-address-changed'],
  },
  {
    what: 'the learned sessions of HAProxy without peers, with any reload',
    before: edited(
      withAffinity(
        '{ method: sticky, by: learn, create: $upstream_cookie_JSESSIONID, lookup: $cookie_JSESSIONID }',
      ),
      ['nginx: { version: "1.30.6" }', 'haproxy: { version: "3.2" }'],
    ),
    edits: [['serverNames:', 'headers: { X-Env: one }\n    serverNames:']],
    verdict: /^6\d% of the sessions of upstream shop are lost with the reload of HAProxy/,
    lost: 67,
    moved: 67,
    changes: ['header'],
    risks: ['table-lost'],
  },
]

/** Where the proxy balances clients, a share is subject to chance; all and none are exact. */
const expectShare = (share: number, percent: number): void => {
  const isExact = percent === 0 || percent === 100
  expect(Math.abs(share * 100 - percent)).toBeLessThanOrEqual(isExact ? 0 : 2)
}

describe('what a change does to sessions', () => {
  test.each(rows)('$what', ({ before, edits, verdict, lost, moved, changes, risks }) => {
    const found = reviewTexts(before, edited(before, ...edits))
    expect(found.verdict.sentence).toMatch(verdict)
    expectShare(found.verdict.lost, lost)
    expectShare(found.verdict.moved, moved)
    expect(found.changes.map(({ code }) => code)).toEqual(changes)
    const ofSessions = found.risks.filter(({ kind }) => kind === 'sessions')
    expect(ofSessions.map(({ code }) => code)).toEqual(risks)
  })
})

describe('an upstream with very many servers', () => {
  const many = (count: number, consistent: boolean): string =>
    edited(
      shop,
      ['{ method: jvm_route }', `{ method: hash, key: $remote_addr, consistent: ${consistent} }`],
      // No files for each server.
      ['    app: { runtime: tomcat, version: "9.0.122" }\n', ''],
      [
        app3,
        Array.from({ length: count }, (_, at) => `b${at}: 10.1.${at >> 8}.${at & 255}:80`).join(
          '\n      ',
        ),
      ],
    )

  test.each([
    [true, /^<1% of the sessions/],
    [false, /^>99% of the sessions/],
  ])('consistent: %s', (consistent, verdict) => {
    const found = reviewTexts(many(1100, consistent), many(1101, consistent))
    expect(found.verdict.sentence).toMatch(verdict)
    expect(found.impact[0]?.proxies[0]?.by).toBe('rule')
  })
})

describe('nobody is frightened in vain', () => {
  const harmless: readonly (readonly [string, readonly Edit[]])[] = [
    ['comments', [['name: shop', '# the shop\nname: shop']]],
    [
      'the form of a server',
      [[app3, 'app3: { address: 10.0.0.3:8080, weight: 1, state: up, route: app3 }']],
    ],
    [
      'the order of keys',
      [
        ['name: shop\n', ''],
        ['stores:', 'name: shop\nstores:'],
      ],
    ],
    [
      'the order of servers that requests name',
      [removed, ['      app1:', `      ${app3}\n      app1:`]],
    ],
    ['a list of one', [['serverNames: [www.example.com]', 'serverNames: ["www.example.com"]']]],
    [
      'a renamed upstream',
      [
        ['upstreams:\n  shop:', 'upstreams:\n  store:'],
        ['upstream: shop', 'upstream: store'],
      ],
    ],
    ['a header', [['serverNames:', 'headers: { X-Env: one }\n    serverNames:']]],
    ['a timeout', [['serverNames:', 'timeouts: { read: 30s }\n    serverNames:']]],
    ['a renamed store', [['  other:', '  second:']]],
    [
      'another frontend',
      [
        [
          '  www:',
          '  api:\n    listen: [81]\n    locations: [{ match: /, upstream: shop }]\n  www:',
        ],
      ],
    ],
  ]

  test.each(harmless)('%s', (_, edits) => {
    const { risks, verdict } = reviewTexts(shop, edited(shop, ...edits))
    expect(verdict.sentence).toBe('No session is lost')
    expect(risks.filter(({ kind }) => kind === 'sessions')).toEqual([])
  })

  test('a change of the form only is no change', () => {
    const { changes } = reviewTexts(
      shop,
      edited(shop, [app3, 'app3: { address: 10.0.0.3:8080, weight: 1, state: up, route: app3 }']),
    )
    expect(changes).toEqual([])
  })
})
