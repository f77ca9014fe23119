import type { TlsSettings } from '../model/tls.ts'
import { kept, mapped, orNull } from './mapping.ts'
import type { Places } from './places.ts'

export const relocateTls = (tls: TlsSettings, places: Places): TlsSettings =>
  mapped<TlsSettings>(tls, {
    minVersion: kept,
    ciphers: kept,
    sessionCache: kept,
    sessionTimeoutMs: kept,
    recordSize: kept,
    // The certificates of checks and of the lab have no issuer who knows their status.
    ocspStapling: () => false,
    clientCertificate: orNull(places.clientCertificate),
    path: kept,
  })
