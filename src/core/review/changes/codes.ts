import type { Difference } from './differences.ts'
import type { Owner, OwnerKind } from './owner.ts'

type Row = readonly [owner: OwnerKind, field: RegExp, code: string]

/** The first row that fits; the field is its keys with dots between them. */
const rows: readonly Row[] = [
  ['server', /^weight$/, 'weight'],
  ['server', /^state$/, 'state'],
  ['server', /^address$/, 'server-moved'],
  ['server', /^route$/, 'route-renamed'],
  ['server', /^tomcat\b/, 'tomcat'],
  ['server', /^(?:maxFails|failTimeout)$/, 'failures'],
  ['server', /^(?:maxConns|minConns|maxBusy)$/, 'limit'],
  ['upstream', /^servers$/, 'server-order'],
  ['upstream', /^affinity(?:\.(?:method|by))?$/, 'method'],
  ['upstream', /^affinity\.cookie$/, 'affinity-cookie'],
  ['upstream', /^affinity\.(?:domain|path|httpOnly|secure|sameSite|expires)$/, 'cookie-attribute'],
  ['upstream', /^affinity\./, 'affinity'],
  ['upstream', /^balance$/, 'balance'],
  ['upstream', /^app(?:\.runtime)?$/, 'runtime'],
  ['upstream', /^app\.version$/, 'runtime-version'],
  ['upstream', /^app\.cookie\.name$/, 'session-cookie'],
  ['upstream', /^app\.cookie\b/, 'cookie-attribute'],
  ['upstream', /^app\.sessions(?:\.(?:store|use))?$/, 'store'],
  ['upstream', /^app\.sessions\.lifetime$/, 'session-lifetime'],
  ['upstream', /^app\.sessions\./, 'store-parameter'],
  ['upstream', /^app\./, 'application'],
  ['upstream', /^check\b/, 'health-check'],
  ['upstream', /^nextUpstream\b/, 'next-upstream'],
  ['upstream', /^(?:protocol|tls|ajpSecret|documentRoot)\b/, 'protocol'],
  ['upstream', /^(?:zone|keepalive|fullConns|connections)\b/, 'connections'],
  ['store', /^(?:kind|mode|addresses|servers|master|database|url|driver)\b/, 'store-moved'],
  ['store', /^(?:username|password|sentinelPassword|tls)\b/, 'store-login'],
  ['frontend', /^listen\b/, 'listener'],
  ['frontend', /^(?:serverNames|default)\b/, 'host-name'],
  ['frontend', /^clientAddress\b/, 'client-address'],
  ['frontend', /^(?:tls|http2|hsts|redirectToHttps)\b/, 'tls'],
  ['frontend', /^locations$/, 'location-order'],
  ['frontend', /^accessLog\b/, 'access-log'],
  [
    'location',
    /^(?:upstream|upstreamPath|status|redirect|respond|root|alias)\b/,
    'location-action',
  ],
  ['location', /^(?:allow|deny|basicAuth)\b/, 'access'],
  ['target', /^(?:version|flavor)$/, 'proxy-version'],
  ['target', /^(?:modules|loadModules|unpatched)\b/, 'proxy-module'],
  ['target', /^(?:peers|localPeer)\b/, 'peers'],
  ['cluster', /^name$/, 'cluster-renamed'],
  ['cluster', /^targets\b/, 'target'],
]

/** For each owner that has such a field. */
const everywhere: readonly (readonly [field: RegExp, code: string])[] = [
  [/\bsnippets\b/, 'snippet'],
  [/^headers\b/, 'header'],
  [/^responseHeaders\b/, 'response-header'],
  [/^timeouts\b/, 'timeout'],
  [/^limits\b/, 'limit'],
]

/** A stable name of what a difference is about; `field` where there is none. */
export const codeOf = ({ kind }: Difference, { kind: owner, field }: Owner): string => {
  if (field.length === 0) return `${owner}-${kind}`
  const text = field.join('.')
  return (
    rows.find(([of, pattern]) => of === owner && pattern.test(text))?.[2] ??
    everywhere.find(([pattern]) => pattern.test(text))?.[1] ??
    'field'
  )
}
