import { describe, expect, test } from 'vitest'
import { proxyNames, saidWith, specOf, targetsFor } from './codes-of.ts'

const lost = 'error cookie-lost'
const partly = 'warning cookie-partly-lost'
const dropped = 'warning affinity-cookie-dropped'
const scopeCodes = ['cookie-lost', 'cookie-partly-lost', 'affinity-cookie-dropped']

const byCookie = { method: 'sticky', by: 'cookie' }
const at = (match: string, upstream = 'shop') => ({ match, upstream })
const tls = { address: 443, tls: { certificate: '/c.pem', key: '/k.pem' } }

describe.each(proxyNames)('an affinity cookie in %s', (proxy) => {
  const said = (affinity: object, frontend: object) =>
    saidWith(specOf({ affinity: { ...byCookie, ...affinity } }, frontend, targetsFor(proxy)), [
      ...scopeCodes,
    ])

  test.each([
    ['example.com', ['shop.example.com'], []],
    ['.example.com', ['shop.example.com'], []],
    ['shop.example.com', ['shop.example.com'], []],
    ['Example.COM', ['SHOP.example.com'], []],
    ['example.org', ['shop.example.com'], [lost]],
    ['www.example.com', ['example.com'], [lost]],
    ['ample.com', ['example.com'], [lost]],
    ['com', ['example.com'], [lost]],
    ['example.com', ['10.0.0.9'], [lost]],
    ['example.com', ['*.example.com'], []],
    ['example.com', ['.example.com'], []],
    ['a.example.com', ['*.example.com'], [partly]],
    ['example.org', ['*.example.com'], [lost]],
    ['example.com', ['shop.example.com', 'shop.example.org'], [partly]],
    ['example.com', undefined, []],
  ] as const)('of the domain %s for %j', (domain, serverNames, expected) => {
    expect(said({ domain }, serverNames === undefined ? {} : { serverNames })).toEqual(expected)
  })

  test.each([
    ['/', ['/'], []],
    ['/shop', ['/shop/'], []],
    ['/shop', ['/shop'], []],
    ['/shop', ['/shop/cart/', '= /shop'], []],
    ['/shop/', ['/shop/'], []],
    ['/shop', ['/'], [partly]],
    ['/shop/', ['/shop'], [partly]],
    ['/shop', ['/shop/', '/store/'], [partly]],
    ['/store', ['/shop/'], [lost]],
    ['/shop', ['/shopping/'], [lost]],
    ['/shop', ['= /login'], [lost]],
    ['/shop', ['~ ^/store/.*\\.do$'], [lost]],
    ['/shop', ['~ ^/shop/.*\\.do$'], []],
    ['/shop', ['~ \\.do$'], []],
  ] as const)('of the path %s for %j', (path, matches, expected) => {
    const locations = matches.map((match) => at(match))
    expect(said({ path }, { locations })).toEqual(expected)
  })

  test.each([
    [{ cookie: '__Host-srv' }, [80], [lost]],
    [{ cookie: '__Secure-srv' }, [80], [lost]],
    [{ cookie: '__Host-srv', secure: true }, [tls], []],
    [{ cookie: '__Host-srv', secure: true, domain: 'shop.example.com' }, [tls], [lost]],
    [{ cookie: '__host-srv', secure: true, path: '/shop' }, [tls], [lost, partly]],
    [{ cookie: '__Secure-srv', secure: true, domain: 'example.com' }, [tls], []],
    [{ secure: true }, [80], [dropped]],
    [{ secure: true }, [tls], []],
    [{ secure: true }, [80, tls], [dropped]],
    [{ sameSite: 'none' }, [tls], [dropped]],
    [{ sameSite: 'none', secure: true }, [tls], []],
    [{ sameSite: 'lax', httpOnly: true, expires: '1h' }, [80], []],
  ] as const)('%j on %j', (affinity, listen, expected) => {
    const frontend = { listen, serverNames: ['shop.example.com'] }
    expect([...said(affinity, frontend)].sort()).toEqual([...expected].sort())
  })
})

test.each([
  [{ domain: 'example.org' }, undefined, [lost]],
  [{ domain: 'example.com' }, undefined, []],
  [{ path: '/store' }, undefined, [partly]],
  [{ path: '/store' }, '/store', []],
  [{ name: '__Host-id', path: '/store' }, '/store', [lost]],
] as const)('the session cookie of Tomcat, %j in the context %s', (cookie, context, expected) => {
  const app = { runtime: 'tomcat', version: '9.0.122', cookie, ...(context ? { context } : {}) }
  const frontend = { serverNames: ['shop.example.com'] }
  expect(
    saidWith(specOf({ affinity: { method: 'jvm_route' }, app }, frontend), scopeCodes),
  ).toEqual(expected)
})

const shared = 'error affinity-cookie-shared'
const perhaps = 'warning affinity-cookie-shared-host'
const sessions = 'warning session-cookie-shared'
const sharedCodes = [shared, perhaps, sessions].map((each) => each.split(' ')[1] ?? '')

const shopServers = { a: '10.0.0.1:80', b: '10.0.0.2:80' }
const storeServers = { c: '10.0.0.3:80', d: '10.0.0.4:80' }

const two = (
  frontends: object,
  shop: object,
  store: object,
  proxy: (typeof proxyNames)[number],
) => ({
  version: 1,
  name: 'two',
  targets: targetsFor(proxy),
  stores: { r: { kind: 'redis', addresses: ['10.0.0.9:6379'] } },
  frontends,
  upstreams: {
    shop: { servers: shopServers, affinity: byCookie, ...shop },
    store: { servers: storeServers, affinity: byCookie, ...store },
  },
})

const oneHost = { web: { listen: [80], locations: [at('/'), at('/store/', 'store')] } }
const onPorts = (shop: object, store: object) => ({
  shop: { listen: [80], locations: [at('/')], ...shop },
  store: { listen: [8080], locations: [at('/', 'store')], ...store },
})
const names = (...serverNames: readonly string[]) => ({ serverNames })

describe.each(proxyNames)('two upstreams in %s', (proxy) => {
  test.each([
    ['on one host', oneHost, {}, [shared]],
    ['on two ports of one host', onPorts(names('a.example'), names('a.example')), {}, [shared]],
    ['on two ports of any host', onPorts({}, {}), {}, [perhaps]],
    ['where one has no names', onPorts(names('a.example'), {}), {}, [perhaps]],
    ['on two hosts', onPorts(names('a.example'), names('b.example')), {}, []],
    ['on two addresses', onPorts({ listen: ['10.0.0.8:80'] }, { listen: ['10.0.0.9:80'] }), {}, []],
    ['on one port', onPorts(names('a.example'), { listen: [80] }), {}, []],
    ['with a wildcard', onPorts(names('*.example.com'), names('a.example.com')), {}, [shared]],
    [
      'with a domain above both',
      onPorts(names('a.example.com'), names('b.example.com')),
      { domain: 'example.com' },
      [shared],
    ],
    [
      'with a domain above the other',
      onPorts(names('example.com'), names('b.example.com')),
      { domain: 'example.com' },
      [shared],
    ],
    ['with the inner path', oneHost, { path: '/store' }, []],
    ['with another name', oneHost, { cookie: 'srv_store' }, []],
  ] as const)('%s', (_title, frontends, store, expected) => {
    const spec = two(frontends, {}, { affinity: { ...byCookie, ...store } }, proxy)
    expect(saidWith(spec, sharedCodes)).toEqual(expected)
  })

  test('with the same routes', () => {
    const servers = { a: '10.0.0.1:81', b: '10.0.0.2:81' }
    expect(saidWith(two(oneHost, {}, { servers }, proxy), sharedCodes)).toEqual([])
  })

  test('a cookie for the other upstream', () => {
    const affinity = { ...byCookie, cookie: 'PHPSESSID' }
    const php = {
      affinity: { ...byCookie, cookie: 'srv' },
      app: { runtime: 'php', version: '8.2' },
    }
    expect(saidWith(two(oneHost, { affinity }, php, proxy), sharedCodes)).toEqual([shared])
  })
})

const django = { runtime: 'django', version: '4.2' }
const php = { runtime: 'php', version: '8.2' }
const tomcat = { runtime: 'tomcat', version: '9.0.122' }

test.each([
  ['Django twice', django, django, [sessions]],
  ['PHP twice, which takes over ids', php, php, []],
  ['Tomcats of contexts that are not known', tomcat, tomcat, []],
  ['Tomcats of two contexts', { ...tomcat, context: '/' }, { ...tomcat, context: '/store' }, []],
  ['Tomcats of one context', { ...tomcat, context: '/' }, { ...tomcat, context: '/' }, [sessions]],
  ['Django and PHP', django, php, []],
  [
    'a Tomcat with the cookie of Django',
    { ...tomcat, cookie: { name: 'sessionid', path: '/' } },
    django,
    [sessions],
  ],
])('session cookies of %s', (_title, shop, store, expected) => {
  const own = (app: object, cookie: string) => ({ app, affinity: { ...byCookie, cookie } })
  const spec = two(oneHost, own(shop, 'srv_a'), own(store, 'srv_b'), 'haproxy')
  expect(saidWith(spec, sharedCodes)).toEqual(expected)
})

test('nginx without sticky numbers its clients: one number applies to all upstreams', () => {
  const spec = { ...two(oneHost, {}, {}, 'nginx'), targets: { nginx: { version: '1.22.1' } } }
  expect(saidWith(spec, sharedCodes)).toEqual([])
})
