import { test } from 'vitest'
import { assertProperty, patience } from './assert-property.ts'
import type { Words } from './differences.ts'
import type { Property } from './outcome.ts'
import type { SpecKind, Texts } from './texts.ts'

const common = [
  ...['match', 'serverName', 'headerName', 'header', 'clientHeader', 'certificate'],
  ...['checkUri', 'route', 'upstream'],
] as const satisfies readonly (keyof Texts)[]

/** Before 3.0, HAProxy finds a key by its name only. */
const tls = (version: string, { certificate, key }: Texts) =>
  version < '3' ? { certificate, key: `${certificate}.key` } : { certificate, key }

const kind = (
  name: string,
  version: string,
  upstream: (texts: Texts) => object,
  more: readonly (keyof Texts)[] = [],
): SpecKind => ({
  name,
  holds: [...common, ...more, ...(version < '3' ? [] : (['key'] as const))],
  spec: (texts) => ({
    version: 1,
    name: 'shop',
    targets: { haproxy: { version } },
    frontends: {
      web: {
        listen: [80, { address: 443, tls: tls(version, texts) }],
        // Another beginning makes two names of one, or looks at the end only.
        serverNames: [texts.serverName.replace(/^(?!~)/, 'n')],
        clientAddress: { trust: ['10.0.0.0/8'], header: texts.clientHeader },
        headers: { [texts.headerName]: texts.header },
        locations: [{ match: texts.match, upstream: texts.upstream }],
      },
      // For other hosts and all paths, so that some requests carry any cookie.
      rest: { listen: [8181], locations: [{ match: '/', upstream: texts.upstream }] },
    },
    upstreams: {
      [texts.upstream]: {
        check: { uri: texts.checkUri },
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
    // Without a dot in front it is written in another way.
    domain: `.x${cookieDomain}`,
    path: cookiePath,
  },
})
const learn = () => ({
  affinity: {
    method: 'sticky',
    by: 'learn',
    create: '$upstream_cookie_ID',
    lookup: '$cookie_ID',
  },
})

// A key that consists of one variable has a form of its own: so the keys begin with a letter.
const kinds: readonly SpecKind[] = [
  kind('source', '2.2', () => ({ affinity: { method: 'ip_hash' } })),
  kind('hash', '2.6', ({ hashKey }) => ({ affinity: { method: 'hash', key: `k${hashKey}` } }), [
    'hashKey',
  ]),
  kind('balance by hash', '3.2', ({ balanceKey }) => ({ balance: { hash: `k${balanceKey}` } }), [
    'balanceKey',
  ]),
  kind('jvm_route', '2.2', jvmRoute, ['sessionCookie', 'sessionUrl']),
  kind('jvm_route of now', '3.2', jvmRoute, ['sessionCookie', 'sessionUrl']),
  kind('cookie', '2.6', sticky, ['affinityCookie', 'cookieDomain', 'cookiePath']),
  kind('learn', '3.0', learn),
]

/** Literal text of a format: `%%` is a percent sign, any other `%` begins an expression. */
const formatted = (word: string): string =>
  word.replaceAll(/%%|%/g, (percent) => (percent === '%%' ? '%' : '\u0001'))

/** A sample's argument can have quotes of its own, with backslashes before what they mean. */
const withoutInnerQuotes = (word: string): string =>
  word.replace(/(?<=^hdr_ip\()"((?:[^"\\]|\\.)*)"/, (_, quoted: string) =>
    quoted.replaceAll(/\\(.)/g, '$1'),
  )

/** The one variable of nginx among the texts that are drawn, as HAProxy says it. */
const host = '\u0001[req.hdr(host),lower,regsub(:[0-9]*$,),regsub([.]$,)]'

/** A redirect contains the path as it is in a request. */
const decoded = (word: string): string => {
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}

/** A host name as the spec has it. */
const hostWords: Words = ([acl = '', name = '', sample = '', ...words]) => {
  const text = words.at(-1) ?? ''
  const isExpression = words.includes('reg')
  const written = isExpression ? `~${text}` : text.replace(/^n/, '')
  return [acl, name, sample, words.includes('beg') ? `${written}*` : written]
}

const decode: Words = (words) => {
  const [first, second] = words
  if (second === 'known-host') return hostWords(words)
  // The number of a server is made of its name.
  if (first === 'server') return words.map((word, i) => (words[i - 1] === 'id' ? 'N' : word))
  if (first === 'http-check' && second === 'send') return [...words.slice(0, -1), 'any host']
  if (first === 'http-after-response')
    return words.map((word, i) => (i < 4 ? word : formatted(word)))
  if (first !== 'http-request') return words
  if (second === 'set-src') return words.map(withoutInnerQuotes)
  if (second === 'redirect') return words.map((word) => decoded(formatted(word)))
  if (second === 'set-var-fmt(txn.hash)') {
    return words.map((word) => formatted(word).replaceAll(host, '$host'))
  }
  return second === 'set-header' ? words.map((word, i) => (i < 3 ? word : formatted(word))) : words
}

const property: Property = {
  kinds,
  inputs: new Map(),
  isOurs: (path) => path.startsWith('haproxy/'),
  decode,
  // The twins of a header's name are refused by one line, which names those that have twins.
  isAside: ({ words }) => words[1] === 'deny' && words.includes('req.hdr_names'),
  isHopeless: () => false,
  forbids: (_, __, [first, second, ...more]) =>
    first === 'http-check' && second === 'send' && !/^[\w.-]+$/.test(more.at(-1) ?? '')
      ? 'no name of a host'
      : null,
}

test(
  'HAProxy reads any text of a spec unchanged, or the spec is refused at its place',
  patience,
  () => {
    assertProperty(property)
  },
)
