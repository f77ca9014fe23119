import { notFollowed } from '../../../fields.ts'
import type { Cluster, Frontend, Listener } from '../../../model/cluster.ts'
import { hasTlsListener } from '../../../model/tls.ts'
import type { Context } from '../context.ts'
import { literal, secondsOf } from '../values.ts'

type Pair = NonNullable<Listener['tls']>

export interface TlsView extends Pair {
  /** Arguments of SSLProtocol. */
  readonly protocols: readonly string[]
  /** null: TLS 1.3 only. */
  readonly ciphers: string | null
  /** Arguments of Protocols; empty: the default of the host. */
  readonly http: readonly string[]
  /** Seconds. */
  readonly sessionTimeout: number | null
  readonly isStapling: boolean
  readonly client: {
    readonly ca: string
    readonly verify: 'require' | 'optional'
    readonly depth: number
  } | null
}

/** All usual chains: HAProxy has no limit. */
const longestChain = 10

const httpOf = (http2: boolean | null): readonly string[] => {
  if (http2 === null) return []
  return http2 ? ['h2', 'http/1.1'] : ['http/1.1']
}

export const tlsView = (
  pair: Pair | null,
  { http2, tls }: Pick<Frontend, 'http2' | 'tls'>,
): TlsView | null => {
  if (pair === null) return null
  const { ciphers, clientCertificate, minVersion, ocspStapling, sessionTimeoutMs } = tls
  const isRecent = minVersion === 'TLSv1.3'
  return {
    ...pair,
    protocols: ['all', '-SSLv3', '-TLSv1', '-TLSv1.1', ...(isRecent ? ['-TLSv1.2'] : [])],
    ciphers: isRecent ? null : ciphers.join(':'),
    http: httpOf(http2),
    sessionTimeout: sessionTimeoutMs === null ? null : sessionTimeoutMs / 1000,
    isStapling: ocspStapling,
    client:
      clientCertificate === null
        ? null
        : {
            ca: clientCertificate.ca,
            verify: clientCertificate.verify === 'required' ? 'require' : 'optional',
            depth: longestChain,
          },
  }
}

/** Caches of the whole server. */
export interface CachesView {
  readonly sessions: string | null
  readonly stapling: string | null
}

/** A response takes some kilobytes. */
const staplingBytes = 131_072

/** The largest cache that a frontend has: httpd has one for all. */
export const cachesView = ({ name, frontends }: Cluster): CachesView => {
  const secure = frontends.filter(hasTlsListener)
  const sizes = secure.flatMap(({ tls }) => tls.sessionCache ?? [])
  const isStapling = secure.some(({ tls }) => tls.ocspStapling)
  return {
    sessions: sizes.length === 0 ? null : `shmcb:sessctl-${name}(${Math.max(...sizes)})`,
    stapling: isStapling ? `shmcb:sessctl-${name}-ocsp(${staplingBytes})` : null,
  }
}

export const checkTls = (frontend: Frontend, context: Context): void => {
  if (!hasTlsListener(frontend)) return
  const { http2, tls } = frontend
  const { cluster, findings } = context
  if (http2 === true) context.modules.add('http2')
  const { clientCertificate, sessionCache } = tls
  if (clientCertificate !== null)
    literal(clientCertificate.ca, [...clientCertificate.path, 'ca'], context)
  if (tls.sessionTimeoutMs !== null)
    secondsOf(tls.sessionTimeoutMs, [...tls.path, 'sessionTimeout'], context)
  if (tls.recordSize !== null) {
    const why = 'httpd always fills TLS records of up to 16384 bytes'
    notFollowed(findings, [...tls.path, 'recordSize'], 'httpd', why)
  }
  const sizes = cluster.frontends.flatMap((each) => each.tls.sessionCache ?? [])
  if (sessionCache === null || sessionCache === Math.max(...sizes)) return
  const why = 'httpd has one cache for all frontends, with the largest of their sizes'
  notFollowed(findings, [...tls.path, 'sessionCache'], 'httpd', why)
}
