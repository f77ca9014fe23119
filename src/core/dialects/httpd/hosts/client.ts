import type { ClientAddress, Frontend } from '../../../model/cluster.ts'
import {
  additionalHeader,
  bracketedHop,
  hopWithPort,
  malformedHop,
  removedHeaders,
  shortHop,
  unknownHop,
} from '../../forwarding-headers.ts'

/** RequestHeader edit* … early: before mod_remoteip reads the header. */
export interface HopView {
  readonly header: string
  readonly expression: string
  readonly value: string
}

export interface ClientAddressView {
  readonly header: string
  readonly trust: readonly string[]
  readonly hops: readonly HopView[]
}

/** One element of the list; the address is then the second group. */
const element = (expression: string): string => `(^|,)[ \\t]*${expression}(?=[ \\t]*(?:,|$))`

/** mod_remoteip reads neither ports nor brackets, and takes 203.0.113 for 203.0.0.113. */
const hops: readonly Omit<HopView, 'header'>[] = [
  { expression: element(bracketedHop), value: '$1$2' },
  { expression: element(hopWithPort), value: '$1$2' },
  { expression: element(malformedHop), value: `$1${unknownHop}` },
  { expression: element(shortHop), value: `$1${unknownHop}` },
]

export const clientAddressView = ({ header, trust }: ClientAddress): ClientAddressView => ({
  header,
  trust,
  hops: hops.map((hop) => ({ header, ...hop })),
})

/** SetEnvIfExpr: a variable of the request, where the expression holds. */
export interface VariableView {
  readonly expression: string
  /** `name=value`, perhaps with `$1` from the expression. */
  readonly assignment: string
}

/** RequestHeader set or unset. */
export interface RequestHeaderView {
  readonly name: string
  readonly isSet: boolean
  readonly value: string
  /** `env=…`; null: always. */
  readonly condition: string | null
}

/** The forwarding headers, and the variables that they use. */
export interface ClientView {
  readonly variables: readonly VariableView[]
  readonly requests: readonly RequestHeaderView[]
}

export const set = (
  name: string,
  value: string,
  condition: string | null = null,
): RequestHeaderView => ({
  name,
  isSet: true,
  value,
  condition,
})

export const unset = (name: string, condition: string | null = null): RequestHeaderView => ({
  name,
  isSet: false,
  value: '',
  condition,
})

/** mod_remoteip has worked it out. */
const client = 'expr=%{REMOTE_ADDR}'

const portOfHost: VariableView = {
  expression: '%{HTTP_HOST} =~ /:([0-9]+)$/',
  assignment: 'sessctl-port=$1',
}

/** The scheme from a trusted proxy, if there is exactly one: of several, the one of the proxy is not known. */
const believed = (trust: readonly string[], scheme: 'http' | 'https'): readonly VariableView[] => {
  // The peer of the connection, where REMOTE_ADDR is the client already.
  const proxies = trust.map((each) => `%{CONN_REMOTE_ADDR} -ipmatch '${each}'`)
  const says = (value: string): VariableView => ({
    expression: `-n reqenv('sessctl-proxied') && %{HTTP:X-Forwarded-Proto} =~ /^${value}$/i`,
    assignment: `sessctl-scheme=${value}`,
  })
  const usualPort = (value: string, number: number): VariableView => ({
    expression: `reqenv('sessctl-scheme') == '${value}'`,
    assignment: `sessctl-port=${number}`,
  })
  return [
    { expression: proxies.join(' || '), assignment: 'sessctl-proxied=1' },
    { expression: 'true', assignment: `sessctl-scheme=${scheme}` },
    ...[says('http'), says('https'), usualPort('http', 80), usualPort('https', 443)],
  ]
}

const ownScheme = (scheme: 'http' | 'https'): readonly RequestHeaderView[] => [
  set('X-Forwarded-Proto', scheme),
  set('X-Forwarded-Port', scheme === 'https' ? '443' : '80'),
  set('X-Forwarded-Port', '%{sessctl-port}e', 'env=sessctl-port'),
]

const believedScheme: readonly RequestHeaderView[] = [
  set('X-Forwarded-Proto', '%{sessctl-scheme}e'),
  set('X-Forwarded-Port', '%{sessctl-port}e'),
]

/** Other forwarding headers of the client are removed. */
export const clientView = (frontend: Frontend, scheme: 'http' | 'https'): ClientView => {
  const { clientAddress } = frontend
  const usual = [
    set('X-Forwarded-For', client),
    set('X-Real-IP', client),
    ...(clientAddress === null ? ownScheme(scheme) : believedScheme),
    ...removedHeaders.map((name) => unset(name)),
  ]
  const header = additionalHeader(
    frontend,
    usual.map(({ name }) => name),
  )
  return {
    variables: [
      ...(clientAddress === null ? [] : believed(clientAddress.trust, scheme)),
      portOfHost,
    ],
    requests: header === null ? usual : [...usual, set(header, client)],
  }
}
