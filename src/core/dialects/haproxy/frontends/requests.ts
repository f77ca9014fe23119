import type { Frontend } from '../../../model/cluster.ts'
import { formatText, sampleArgument } from '../quote.ts'
import { type Acl, type Rule, rule } from '../rules.ts'

/** What happens to a request of one frontend of the spec, wherever it goes. */
export interface Requests {
  readonly acls: readonly Acl[]
  readonly rules: readonly Rule[]
}

/**
 * As many proxies in a row are believed: each trusted one names the one before it, as with nginx's
 * real_ip_recursive. What is no address ends the row: a proxy that writes `unknown` hides what its
 * client wrote before.
 */
const hops = [1, 2, 3, 4]

/** The client's address from the header, as far as trusted peers wrote it. */
export const clientAddressOf = ({ name, clientAddress }: Frontend): Requests => {
  if (clientAddress === null) return { acls: [], rules: [] }
  const acl: Acl = {
    name: `${name}:proxies`,
    sample: 'src',
    method: null,
    isCaseless: false,
    patterns: clientAddress.trust,
  }
  const header = sampleArgument(clientAddress.header)
  const address = (hop: number): string => `hdr_ip(${header},-${hop})`
  return {
    acls: [acl],
    rules: hops.map((hop) =>
      rule({ setSource: address(hop) }, [
        acl.name,
        ...hops.slice(0, hop - 1).flatMap((nearer) => ['{', address(nearer), '-m', 'found', '}']),
      ]),
    ),
  }
}

/**
 * The headers that nginx configurations usually set; Host stays as it is. X-Forwarded-For is an
 * option of the frontend unless some part of it has its own.
 */
const usualHeaders: readonly Rule[] = [
  rule({ addHeader: { name: 'X-Forwarded-For', format: '%[src]' } }),
  rule({ setHeader: { name: 'X-Real-IP', format: '%[src]' } }),
  rule({ setHeader: { name: 'X-Forwarded-Proto', format: 'http' } }),
  rule({ setHeader: { name: 'X-Forwarded-Proto', format: 'https' } }, ['{', 'ssl_fc', '}']),
]

/** Whether `option forwardfor` would add to a header that the spec sets. */
export const setsForwardedFor = ({ headers }: Frontend): boolean =>
  headers.some(({ name }) => name.toLowerCase() === 'x-forwarded-for')

const headerOf = ({ addHeader, setHeader }: Rule): string =>
  (addHeader ?? setHeader)?.name.toLowerCase() ?? ''

/** The usual headers, then those of the spec, which win over them. */
export const headerRules = ({ headers }: Frontend, hasForwardFor: boolean): readonly Rule[] => {
  const own = new Set(headers.map(({ name }) => name.toLowerCase()))
  if (hasForwardFor) own.add('x-forwarded-for')
  return [
    ...usualHeaders.filter((usual) => !own.has(headerOf(usual))),
    ...headers.map(({ name, value }) => rule({ setHeader: { name, format: formatText(value) } })),
  ]
}
