import type { Difference } from '../changes/differences.ts'
import type { Change } from '../review.ts'
import type { FoundRisk } from './found.ts'

interface Weakening {
  /** The end of a path, its keys with dots between them. */
  readonly field: RegExp
  /** Whether the change makes it weaker. */
  readonly isWeaker: (was: unknown, is: unknown) => boolean
  readonly code: string
  readonly message: string
}

const isGone = (_: unknown, is: unknown): boolean => is === undefined
const isOff = (was: unknown, is: unknown): boolean => was !== false && is === false
const isNoLonger =
  (value: unknown) =>
  (was: unknown, is: unknown): boolean =>
    was === value && is !== value

/** From the strictest to the one that protects nothing. */
const sameSites: readonly unknown[] = ['strict', 'lax', undefined, 'none']

const isLonger = (was: unknown, is: unknown): boolean =>
  is === undefined ||
  (Array.isArray(was) && Array.isArray(is) && is.some((item) => !was.includes(item)))

const isShorter = (was: unknown, is: unknown): boolean => isLonger(is, was)

const weakenings: readonly Weakening[] = [
  {
    field: /\btls\.minVersion$/,
    isWeaker: isNoLonger('TLSv1.3'),
    code: 'tls-older',
    message: 'clients can use an older version of TLS',
  },
  {
    field: /\btls\.verify$/,
    isWeaker: isOff,
    code: 'server-unverified',
    message: 'the certificates of the servers are not verified any more',
  },
  {
    field: /\bclientCertificate(?:\.verify)?$/,
    isWeaker: (was, is) => is === undefined || (was === 'required' && is === 'optional'),
    code: 'client-certificate',
    message: 'clients get access without a certificate',
  },
  {
    field: /\bhsts$/,
    isWeaker: isGone,
    code: 'hsts-removed',
    message: 'browsers are not told to use HTTPS any more',
  },
  {
    field: /\bredirectToHttps$/,
    isWeaker: isGone,
    code: 'plain-http',
    message: 'requests over plain HTTP are served: session cookies may be readable on the way',
  },
  {
    field: /\b(?:cookie|affinity)\.secure$/,
    isWeaker: isNoLonger(true),
    code: 'cookie-not-secure',
    message: 'browsers send the cookie over plain HTTP as well',
  },
  {
    field: /\b(?:cookie|affinity)\.httpOnly$/,
    isWeaker: (was, is) => is === false || (was === true && is === undefined),
    code: 'cookie-readable',
    message: 'scripts can read the cookie',
  },
  {
    field: /\b(?:cookie|affinity)\.sameSite$/,
    isWeaker: (was, is) => sameSites.indexOf(is) > sameSites.indexOf(was),
    code: 'cookie-cross-site',
    message: 'browsers send the cookie with requests from other sites',
  },
  {
    field: /\blocations\.\d+\.allow$/,
    isWeaker: isLonger,
    code: 'access-widened',
    message: 'more clients have access to the location',
  },
  {
    field: /\blocations\.\d+\.deny$/,
    isWeaker: isShorter,
    code: 'access-widened',
    message: 'more clients have access to the location',
  },
  {
    field: /\bbasicAuth$/,
    isWeaker: isGone,
    code: 'password-removed',
    message: 'no password is needed any more',
  },
  {
    field: /\bclientAddress\.trust$/,
    isWeaker: (was, is) => is !== undefined && isLonger(was, is),
    code: 'trust-widened',
    message: 'more proxies can set the address of the client',
  },
  {
    field: /\b(?:ajpSecret|encryptionKey|password|sentinelPassword)$/,
    isWeaker: isGone,
    code: 'secret-removed',
    message: 'no secret protects the connection any more',
  },
  {
    field: /^stores\.[^.]+\.tls$/,
    isWeaker: isOff,
    code: 'store-plain',
    message: 'sessions are sent to the store without TLS',
  },
  {
    field: /\blimits$/,
    isWeaker: (_, is) => is === undefined || is === false,
    code: 'limits-removed',
    message: 'clients are not limited any more',
  },
]

const isProtocolToPlain = ({ was, is }: Difference, field: string): boolean =>
  /^upstreams\.[^.]+\.protocol$/.test(field) && was === 'https' && is !== 'https'

/** Changes after which less is protected than before. */
export const securityRisks = (
  differences: readonly Difference[],
  changes: readonly Change[],
): readonly FoundRisk[] =>
  differences.flatMap((difference, index) => {
    const change = changes[index]
    const { kind, was, is } = difference
    if (change === undefined || kind === 'renamed' || kind === 'reordered') return []
    const field = change.at.join('.')
    const found = weakenings.find(
      (each) => each.field.test(field) && kind !== 'added' && each.isWeaker(was, is),
    )
    const known =
      found ??
      (isProtocolToPlain(difference, field)
        ? { code: 'plain-to-servers', message: 'requests are sent to the servers without TLS' }
        : undefined)
    if (known === undefined) return []
    const { side, at, upstream } = change
    return [
      {
        code: known.code,
        kind: 'security',
        message: `${change.text}: ${known.message}`,
        remedies: [],
        side,
        at,
        upstream,
        share: 1,
        condition: null,
      } as const,
    ]
  })
