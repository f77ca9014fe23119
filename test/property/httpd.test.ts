import { test } from 'vitest'
import { assertProperty, patience } from './assert-property.ts'
import type { Field } from './fields.ts'
import type { Property } from './outcome.ts'
import type { SpecKind, Texts } from './texts.ts'

const common = [
  ...['match', 'serverName', 'headerName', 'header', 'clientHeader', 'certificate', 'key'],
  ...['route', 'upstream'],
] as const satisfies readonly (keyof Texts)[]

const kind = (
  name: string,
  upstream: (texts: Texts) => object,
  location: (texts: Texts) => object,
  more: readonly (keyof Texts)[] = [],
): SpecKind => ({
  name,
  holds: [...common, ...more],
  spec: (texts) => ({
    version: 1,
    name: 'shop',
    targets: { httpd: { version: '2.4' } },
    frontends: {
      web: {
        listen: [80, { address: 443, tls: { certificate: texts.certificate, key: texts.key } }],
        // A dot before a name would make it two.
        serverNames: [`n${texts.serverName}`],
        clientAddress: { trust: ['10.0.0.0/8'], header: texts.clientHeader },
        headers: { [texts.headerName]: texts.header },
        locations: [
          { match: texts.match, ...location(texts) },
          { match: '~ last}$', upstream: texts.upstream },
        ],
      },
      // For other hosts and all paths, so that some requests carry any cookie.
      rest: { listen: [8181], locations: [{ match: '/', upstream: texts.upstream }] },
    },
    upstreams: {
      [texts.upstream]: {
        servers: { [texts.route]: '10.0.0.1:8080', tomcat02: '10.0.0.2:8080' },
        ...upstream(texts),
      },
    },
  }),
})

const jvmRoute = ({ sessionCookie, sessionUrl }: Texts) => ({
  affinity: { method: 'jvm_route', cookie: sessionCookie, url: sessionUrl },
})
const sticky = ({ affinityCookie, cookieDomain, cookiePath }: Texts) => ({
  affinity: {
    method: 'sticky',
    by: 'cookie',
    cookie: affinityCookie,
    domain: cookieDomain,
    path: cookiePath,
  },
})
const proxied = ({ upstream }: Texts) => ({ upstream })
const files = ({ root, index }: Texts) => ({ root: `/srv/${root}`, index: [index] })
const forSome = ({ upstream }: Texts) => ({ upstream, allow: ['10.0.0.0/8'] })

const kinds: readonly SpecKind[] = [
  kind('jvm_route', jvmRoute, proxied, ['sessionCookie', 'sessionUrl']),
  kind('cookie', sticky, forSome, ['affinityCookie', 'cookieDomain', 'cookiePath']),
  kind('files', () => ({}), files, ['root', 'index']),
]

/** A path within an expression has backslashes before what would mean something there. */
const fromExpression = (word: string): string => word.replaceAll(/\\([\\^$.*+?()[\]{}|])/g, '$1')

/** mod_headers: `%%` is a percent sign, a backslash precedes a backslash or a letter. */
const formatted = (word: string): string =>
  word
    .replaceAll(/\\\\|\\[nrt]/g, (pair) => (pair === '\\\\' ? '\\' : '\u0001'))
    .replaceAll(/%%|%/g, (percent) => (percent === '%%' ? '%' : '\u0001'))

/** httpd escapes the target of a redirect itself; a backslash takes a meaning from what follows. */
const target = (word: string): string => word.replaceAll(/\\(.)/gs, '$1')

const expressions = new Set(['ProxyPassMatch', 'RedirectMatch', 'LocationMatch'])

const isExpression = ({ name, wrap }: Field): boolean =>
  name === 'match' && wrap('').startsWith('~')

const decode: Property['decode'] = (words, field) => {
  const [name = ''] = words
  if (name === 'RequestHeader' || name === 'Header')
    return words.map((word, i) => (i < 3 ? word : formatted(word)))
  if (!expressions.has(name) || isExpression(field)) return words
  return words.map((word, i) =>
    name === 'RedirectMatch' && i === 3 ? target(word) : fromExpression(word),
  )
}

const property: Property = {
  kinds,
  inputs: new Map(),
  isOurs: (path) => path.startsWith('httpd/'),
  decode,
  // A redirect to the path with a slash cannot name one that holds what ends a path.
  // The twins of a header's name are refused by lines for those that have twins.
  // An expression for paths with parameters allows them before each of its ends.
  isAside: ({ words: [name = '', expression = '', last, ...more] }, value) =>
    more.includes('sessctl-twin=1') ||
    expression.includes('sessctl-twin') ||
    (/[?#]/.test(value) &&
      (name === 'RedirectMatch' || (name === 'ProxyPassMatch' && last === '!'))) ||
    (value.includes('$') && expression.includes('^(?=[^;]*;)')),
  // Names of hosts are no expressions there.
  isHopeless: ({ name, wrap }) => name === 'serverName' && wrap('') === '~',
  forbids: () => null,
}

test(
  'httpd reads any text of a spec unchanged, or the spec is refused at its place',
  patience,
  () => {
    assertProperty(property)
  },
)
