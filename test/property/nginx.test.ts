import { test } from 'vitest'
import { assertProperty, patience } from './assert-property.ts'
import type { Property } from './outcome.ts'
import type { SpecKind, Texts } from './texts.ts'

const common = [
  ...['match', 'root', 'index', 'serverName', 'headerName', 'header', 'clientHeader'],
  'accessLog',
  ...['certificate', 'key', 'route', 'upstream'],
] as const satisfies readonly (keyof Texts)[]

const frontends = (texts: Texts) => ({
  web: {
    listen: [80, { address: 443, tls: { certificate: texts.certificate, key: texts.key } }],
    serverNames: [texts.serverName, 'www.example.com'],
    clientAddress: { trust: ['10.0.0.0/8'], header: texts.clientHeader },
    headers: { [texts.headerName]: texts.header },
    accessLog: { path: texts.accessLog },
    locations: [
      { match: texts.match, upstream: texts.upstream, root: texts.root, index: [texts.index] },
      { match: '= /last', upstream: texts.upstream },
    ],
  },
  // For other hosts and all paths, so that every cookie is sent with some request.
  rest: { listen: [8181], locations: [{ match: '/', upstream: texts.upstream }] },
})

const kind = (
  name: string,
  target: object,
  upstream: (texts: Texts) => object,
  more: readonly (keyof Texts)[],
): SpecKind => ({
  name,
  holds: [...common, ...more],
  spec: (texts) => ({
    version: 1,
    name: 'shop',
    targets: { nginx: target },
    frontends: frontends(texts),
    upstreams: {
      [texts.upstream]: {
        servers: { [texts.route]: '10.0.0.1:8080', tomcat02: '10.0.0.2:8080' },
        ...upstream(texts),
      },
    },
  }),
})

const jvmRoute = () => ({ affinity: { method: 'jvm_route', cookie: 'JSESSIONID' } })
const sticky = ({ affinityCookie, cookieDomain, cookiePath }: Texts) => ({
  affinity: {
    method: 'sticky',
    by: 'cookie',
    cookie: affinityCookie,
    domain: cookieDomain,
    path: cookiePath,
  },
})
/** Requires the native implementation: another one must not be used for texts that it does not support. */
const native = (texts: Texts) => ({ affinity: { ...sticky(texts).affinity, via: 'native' } })
const stickyTexts = ['affinityCookie', 'cookieDomain', 'cookiePath'] as const

const kinds: readonly SpecKind[] = [
  kind(
    'hash',
    { version: '1.18.0' },
    ({ hashKey }) => ({ affinity: { method: 'hash', key: hashKey } }),
    ['hashKey'],
  ),
  kind(
    'balance by hash',
    { version: '1.26.3' },
    ({ balanceKey }) => ({ balance: { hash: balanceKey } }),
    ['balanceKey'],
  ),
  kind('jvm_route by maps', { version: '1.26.3' }, jvmRoute, []),
  kind('jvm_route by its module', { version: '1.26.3', modules: ['jvm_route'] }, jvmRoute, []),
  kind('native jvm_route, standalone', { version: '1.30.6', standalone: true }, jvmRoute, []),
  kind('native sticky', { version: '1.30.6' }, sticky, stickyTexts),
  kind('userid', { version: '1.22.1' }, sticky, stickyTexts),
  kind('sticky-ng', { version: '1.26.3', modules: ['sticky-ng'] }, sticky, stickyTexts),
  kind('Plus', { version: '1.27.2', flavor: 'nginx-plus' }, sticky, stickyTexts),
  kind('Angie', { version: '1.12.0', flavor: 'angie' }, native, stickyTexts),
  kind(
    'Tengine',
    { version: '3.1.0', flavor: 'tengine', modules: ['session_sticky'] },
    sticky,
    stickyTexts,
  ),
  kind('OpenResty', { version: '1.27.1', flavor: 'openresty' }, jvmRoute, []),
]

const sizing = /_hash_(bucket|max)_size$/

/** A dollar sign that begins no variable is written as a variable with this value. */
const ourDollar = /\$(?:\{dollar_\w+\}|dollar_\w+)/g

const property: Property = {
  kinds,
  inputs: new Map(),
  isOurs: (path) => path.startsWith('nginx/'),
  decode: (words) => words.map((word) => word.replaceAll(ourDollar, '$$')),
  isAside: ({ words: [name = '', variable = ''] }) =>
    sizing.test(name) || (name === 'geo' && variable.startsWith('$dollar_')),
  isHopeless: () => false,
  forbids: ({ dollar }, value, words) => {
    const written = words.map((word) => word.replaceAll(ourDollar, ''))
    if (!written.some((word) => word.includes(value)) || !value.includes('$')) return null
    if (dollar === 'none') return 'nginx takes this "$" for a variable'
    const literal = value.replaceAll(/\$(\w+|\{\w+\})/g, '')
    return dollar === 'variable' && literal.includes('$') ? 'a "$" that begins no variable' : null
  },
}

test(
  'nginx reads any text of a spec unchanged, or the spec is refused at its place',
  patience,
  () => {
    assertProperty(property)
  },
)
