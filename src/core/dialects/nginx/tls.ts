import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import type { Frontend, Listener } from '../../model/cluster.ts'
import { formatSize } from '../../model/size.ts'
import { hasTlsListener } from '../../model/tls.ts'
import { report } from './codes.ts'
import { duration } from './durations.ts'
import type { Features } from './features.ts'
import { checkLiteral } from './quote.ts'

/** Before 1.25.1: for all server blocks of the socket. */
export const isHttp2Listener = (
  { tls }: Listener,
  http2: boolean | null,
  features: Features,
): boolean => http2 === true && tls !== null && features.http2 === 'listen'

/** All usual chains: HAProxy has no limit. */
const longestChain = 10

/**
 * The first certificate. The protocols are always set: nginx before 1.27.3 and the nginx.conf files of
 * distributions allow TLS 1.0.
 */
export const tlsView = (
  { http2, listeners, tls }: Pick<Frontend, 'http2' | 'listeners' | 'tls'>,
  cluster: string,
  { hasTls13, ...features }: Features,
) => {
  const pair = listeners.find((listener) => listener.tls !== null)?.tls
  if (!pair) return null
  const { ciphers, clientCertificate, minVersion, ocspStapling, sessionCache, sessionTimeoutMs } =
    tls
  const size = sessionCache === null ? null : formatSize(sessionCache)
  return {
    ...pair,
    isHttp2: http2 === true && features.http2 === 'directive',
    protocols: [...(minVersion === 'TLSv1.2' ? ['TLSv1.2'] : []), ...(hasTls13 ? ['TLSv1.3'] : [])],
    ciphers: minVersion === 'TLSv1.2' ? ciphers.join(':') : null,
    // Server blocks with caches of one name share the cache.
    sessionCache: size === null ? null : `shared:${cluster}_${size}:${size}`,
    sessionTimeout: sessionTimeoutMs === null ? null : duration(sessionTimeoutMs),
    recordSize: tls.recordSize,
    isStapling: ocspStapling,
    client:
      clientCertificate === null
        ? null
        : {
            ca: clientCertificate.ca,
            verify: clientCertificate.verify === 'required' ? 'on' : 'optional',
            depth: longestChain,
          },
  }
}

export const checkTls = (
  frontend: Frontend,
  { hasTls13, http2, label }: Features,
  findings: Findings,
): void => {
  const { tls } = frontend
  if (!hasTlsListener(frontend)) return
  if (tls.minVersion === 'TLSv1.3' && !hasTls13) {
    report(
      findings,
      'nginx-tls-version',
      atValue([...tls.path, 'minVersion']),
      `${label} does not support TLS 1.3`,
      'write minVersion: TLSv1.2, or use nginx 1.13.0 or later',
    )
  }
  if (frontend.http2 === true && http2 === null)
    notFollowed(
      findings,
      [...frontend.path, 'http2'],
      label,
      'HTTP/2 was added in nginx 1.9.5; clients use HTTP/1.1',
    )
  const { clientCertificate } = tls
  if (clientCertificate !== null)
    checkLiteral(clientCertificate.ca, [...clientCertificate.path, 'ca'], findings)
}
