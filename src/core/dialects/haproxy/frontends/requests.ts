import type { Frontend, Header, Location } from '../../../model/cluster.ts'
import { canBeEmpty } from '../../../model/request-text.ts'
import {
  additionalHeader,
  bracketedHop,
  headerAliases,
  hopWithPort,
  malformedHop,
  removedHeaders,
  shortHop,
  specifiedHeaders,
  unknownHop,
} from '../../forwarding-headers.ts'
import { sampleArgument } from '../quote.ts'
import { requestFormat } from '../request-text.ts'
import { type Acl, explained, patternsPerLine, type Rule, rule, setVariable } from '../rules.ts'
import { fromNetworks } from './networks.ts'

/** ACLs and rules for all requests of one frontend of the spec. */
export interface Requests {
  readonly acls: readonly Acl[]
  readonly rules: readonly Rule[]
}

/**
 * The number of proxies in a row whose addresses are used: each trusted proxy appends the one before
 * it, as with nginx's real_ip_recursive. An element that is not an address ends the list: values before
 * `unknown` may come from the client.
 */
const hops = [1, 2, 3, 4]

const proto = 'X-Forwarded-Proto'
const port = 'X-Forwarded-Port'
const isHttps = ['{', 'ssl_fc', '}']

/** Exactly one value: of several, the one of the trusted proxy is not known. */
const isScheme = [
  ...['{', `req.hdr_cnt(${proto})`, '1', '}'],
  ...['{', `req.hdr(${proto})`, '-m', 'str', '-i', 'http', 'https', '}'],
]

/** HAProxy 2.2 and 2.6 read no brackets, and 2.2 reads the beginning of what is no address. */
const readableHops = (header: string, conditions: readonly string[]): readonly Rule[] =>
  (
    [
      [bracketedHop, '\\1'],
      [hopWithPort, '\\1'],
      [malformedHop, unknownHop],
      [shortHop, unknownHop],
    ] as const
  ).map(([expression, format]) =>
    rule({ replaceValue: { name: header, expression: `^${expression}$`, format } }, conditions),
  )

/** Scheme and client address from the headers of trusted proxies. */
export const clientAddressOf = ({ name, clientAddress }: Frontend): Requests => {
  if (clientAddress === null) return { acls: [], rules: [] }
  const { acls, conditions } = fromNetworks(`${name}:proxies`, 'src', clientAddress.trust)
  const header = sampleArgument(clientAddress.header)
  const address = (hop: number): string => `hdr_ip(${header},-${hop})`
  return {
    acls,
    rules: [
      ...explained('scheme of the request; X-Forwarded-Proto of trusted proxies is used', [
        setVariable('txn.scheme', 'str(http)'),
        setVariable('txn.scheme', 'str(https)', isHttps),
        setVariable('txn.scheme', `req.hdr(${proto}),lower`, [...conditions, ...isScheme]),
      ]),
      ...explained(
        'ports and brackets are removed from addresses; an element that is not an address ends the list',
        readableHops(clientAddress.header, conditions),
      ),
      ...explained(
        'client address: the last one that is not of a trusted proxy',
        hops.map((hop) =>
          rule({ setSource: address(hop) }, [
            ...conditions,
            ...hops
              .slice(0, hop - 1)
              .flatMap((nearer) => ['{', address(nearer), '-m', 'found', '}']),
          ]),
        ),
      ),
    ],
  }
}

const setHeader = (name: string, format: string, ...conditions: string[]): Rule =>
  rule({ setHeader: { name, format } }, conditions)

const hasPort = ['{', 'req.hdr(host)', '-m', 'reg', ':[0-9]+$', '}']
const portOfHost = setHeader(port, '%[req.hdr(host),regsub(^.*:,)]', ...hasPort)

const ownScheme: readonly Rule[] = [
  setHeader(proto, 'http'),
  setHeader(proto, 'https', ...isHttps),
  setHeader(port, '80'),
  setHeader(port, '443', ...isHttps),
]

const believedScheme: readonly Rule[] = [
  setHeader(proto, '%[var(txn.scheme)]'),
  setHeader(port, '80'),
  setHeader(port, '443', '{', 'var(txn.scheme)', '-m', 'str', 'https', '}'),
]

const headerOf = (each: Rule): string =>
  (each.setHeader?.name ?? each.removeHeader ?? '').toLowerCase()

const usualHeaders = (frontend: Frontend): readonly Rule[] => {
  const usual = [
    setHeader('X-Forwarded-For', '%[src]'),
    setHeader('X-Real-IP', '%[src]'),
    ...(frontend.clientAddress === null ? ownScheme : believedScheme),
    portOfHost,
    ...removedHeaders.map((each) => rule({ removeHeader: each })),
  ]
  const header = additionalHeader(frontend, usual.map(headerOf))
  return header === null ? usual : [...usual, setHeader(header, '%[src]')]
}

/** Rejects header names that an application could read as a header that is set here. */
const refusedTwins = (set: readonly Rule[]): readonly Rule[] => {
  const twins = new Set(set.flatMap((each) => headerAliases(headerOf(each)) ?? []))
  const patterns = [...twins].map((twin) => `(^|,)${twin}(,|$)`)
  const rules: Rule[] = []
  for (let at = 0; at < patterns.length; at += patternsPerLine) {
    const some = patterns.slice(at, at + patternsPerLine)
    rules.push(rule({ denyStatus: 400 }, ['{', 'req.hdr_names', '-m', 'reg', '-i', ...some, '}']))
  }
  return explained(
    'rejected: header names that PHP, CGI and WSGI read as one of the headers below',
    rules,
  )
}

/** A header without a value is removed. */
const ownHeader = ({ name, text }: Header): readonly Rule[] => {
  if (text.length === 0) return [rule({ removeHeader: name })]
  const set = setHeader(name, requestFormat(text))
  const isEmpty = ['{', `req.fhdr(${sampleArgument(name)})`, '-m', 'len', '0', '}']
  return canBeEmpty(text) ? [set, rule({ removeHeader: name }, isEmpty)] : [set]
}

/** The headers of one location, without conditions that select it. */
export const locationHeaderRules = ({ action, headers }: Location): readonly Rule[] =>
  action.kind === 'proxy' ? headers.flatMap(ownHeader) : []

/** The forwarding headers, then the headers of the spec, which replace them. Host is unchanged. */
export const headerRules = (frontend: Frontend): readonly Rule[] => {
  const ofLocations = frontend.locations.flatMap(locationHeaderRules)
  const own = specifiedHeaders(frontend)
  const usual = usualHeaders(frontend).filter((each) => !own.has(headerOf(each)))
  const ownRules = frontend.headers.flatMap(ownHeader)
  return [
    ...refusedTwins([...usual, ...ownRules, ...ofLocations]),
    ...explained(
      'forwarding headers are set by HAProxy; values sent by the client are discarded',
      usual,
    ),
    ...ownRules,
  ]
}
