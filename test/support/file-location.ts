import type { SpecPath } from '../../src/core/diagnostics/diagnostic.ts'
import type { Location, Match } from '../../src/core/model/cluster.ts'
import type { HttpSettings } from '../../src/core/model/http-settings.ts'
import { intermediateCiphers, type TlsSettings } from '../../src/core/model/tls.ts'

/** TLS of a frontend that sets nothing. */
export const defaultTls: TlsSettings = {
  minVersion: 'TLSv1.2',
  ciphers: intermediateCiphers,
  sessionCache: null,
  sessionTimeoutMs: null,
  recordSize: null,
  ocspStapling: false,
  clientCertificate: null,
  path: [],
}

/** For a frontend or location without settings. */
export const noSettings: HttpSettings = {
  connectTimeout: null,
  readTimeout: null,
  sendTimeout: null,
  tunnelTimeout: null,
  queueTimeout: null,
  clientTimeout: null,
  headersTimeout: null,
  keepaliveTimeout: null,
  closingTimeout: null,
  responseHeaders: null,
  websocket: null,
  requestBuffering: null,
  responseBuffering: null,
  headerBuffer: null,
  compression: null,
  limits: null,
  maxBodySize: null,
  errorPages: null,
  interceptErrors: null,
  maintenance: null,
}

/** A location that serves files, for tests in which only its match is of interest. */
export const fileLocation = (match: Match, path: SpecPath = []): Location => ({
  match,
  matchPath: [...path, 'match'],
  matchNumber: null,
  action: { kind: 'files' },
  mapping: null,
  root: '/srv',
  alias: null,
  index: [],
  tryFiles: null,
  expires: null,
  listsFolders: false,
  charset: null,
  headers: [],
  allow: [],
  deny: [],
  basicAuth: null,
  settings: noSettings,
  snippets: [],
  path,
})
