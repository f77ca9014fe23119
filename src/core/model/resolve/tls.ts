import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { report } from '../codes.ts'
import { durationMs } from '../duration.ts'
import { sizeBytes } from '../size.ts'
import { intermediateCiphers, type TlsSettings } from '../tls.ts'

type Written = Spec['frontends'][string]['tls']

/** Suites of TLS 1.3 are configured separately by OpenSSL, which ignores them in this list. */
const checkCiphers = (ciphers: readonly string[], path: SpecPath, findings: Findings): void => {
  for (const [index, name] of ciphers.entries()) {
    if (!name.startsWith('TLS_')) continue
    report(
      findings,
      'tls-cipher',
      atValue([...path, index]),
      `"${name}" is not a cipher suite of TLS 1.2 in OpenSSL: it would be ignored`,
      'remove it: suites of TLS 1.3 are always available; write suites of TLS 1.2 by their names in OpenSSL, such as ECDHE-RSA-AES128-GCM-SHA256',
    )
  }
}

/** nginx refuses less than 8 pages; HAProxy and httpd keep hardly any sessions in less. */
const smallestCache = 64 * 1024

const resolveCache = (
  written: string | undefined,
  path: SpecPath,
  findings: Findings,
): number | null => {
  if (written === undefined) return null
  const bytes = sizeBytes(written)
  if (bytes < smallestCache) {
    report(
      findings,
      'tls-session-cache',
      atValue(path),
      `a cache of ${written} is too small for TLS sessions`,
      'write at least 64k; 1m is enough for about 4,000 sessions',
    )
  }
  return bytes
}

export const resolveTls = (written: Written, path: SpecPath, findings: Findings): TlsSettings => {
  const certificate = written?.clientCertificate
  checkCiphers(written?.ciphers ?? [], [...path, 'ciphers'], findings)
  return {
    minVersion: written?.minVersion ?? 'TLSv1.2',
    ciphers: written?.ciphers ?? intermediateCiphers,
    sessionCache: resolveCache(written?.sessionCache, [...path, 'sessionCache'], findings),
    sessionTimeoutMs:
      written?.sessionTimeout === undefined ? null : durationMs(written.sessionTimeout),
    recordSize: written?.recordSize ?? null,
    ocspStapling: written?.ocspStapling ?? false,
    clientCertificate: certificate
      ? { ...certificate, path: [...path, 'clientCertificate'] }
      : null,
    path,
  }
}
