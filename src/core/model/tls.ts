import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Frontend } from './cluster.ts'

/** TLS of all HTTPS listeners of a frontend. */
export interface TlsSettings {
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** Of TLS 1.2. */
  readonly ciphers: readonly string[]
  /** In bytes; null: the default of the target. */
  readonly sessionCache: number | null
  /** null: the default of the target, 5 minutes. */
  readonly sessionTimeoutMs: number | null
  /** In bytes; null: the default of the target. */
  readonly recordSize: number | null
  readonly ocspStapling: boolean
  readonly clientCertificate: ClientCertificate | null
  readonly path: SpecPath
}

export interface ClientCertificate {
  readonly verify: 'required' | 'optional'
  /** PEM file. */
  readonly ca: string
  readonly path: SpecPath
}

/**
 * The suites of TLS 1.2 in the intermediate configuration of Mozilla's Server Side TLS guidelines, version 6.0
 * (https://ssl-config.mozilla.org/guidelines/6.0.json, read on 2026-11-29). The suites of TLS 1.3 are
 * those of OpenSSL. The clients choose among the suites.
 */
export const intermediateCiphers = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
] as const

export const hasTlsListener = ({ listeners }: Pick<Frontend, 'listeners'>): boolean =>
  listeners.some(({ tls }) => tls !== null)

/** Whether a request for a host that no frontend names is for this one. */
export const answersUnknownHosts = ({
  isDefault,
  serverNames,
}: Pick<Frontend, 'isDefault' | 'serverNames'>): boolean =>
  isDefault === true || serverNames.length === 0
