import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { HaproxyTarget } from '../../model/target.ts'
import { atLeast, type Version } from '../../model/version.ts'

/** What the releases of HAProxy differ in, as far as it is written here (from its manuals and sources). */
export interface Features {
  /** `balance hash <sample>` and `http-request set-var-fmt`: any key can be hashed. */
  readonly hashesAnySample: boolean
  /** `set-src` lasts for one request; before 2.5 it changed the whole connection. */
  readonly setsSourcePerRequest: boolean
  /** `ssl-load-extra-del-ext`: the key of shop.crt is looked for in shop.key. */
  readonly findsKeyBesideCrt: boolean
  /** `crt-store`: certificate and key each by their own path. */
  readonly loadsKeyByPath: boolean
  /** `hash-key` of servers: the ring is made of addresses. */
  readonly hashesAddresses: boolean
  /** `srvkey` of stick tables: sessions are stored with the address of their server. */
  readonly learnsAddresses: boolean
  /** `ocsp-update.mode`. */
  readonly updatesOcsp: boolean
  /** `pathq`, which is path and query whatever the form of the request; and the converter `iif`. */
  readonly hasPathAndQuery: boolean
  /** `http-request set-timeout`: a timeout of one request. */
  readonly setsTimeouts: boolean
  /** `timeout client-fin` ends an upgraded connection: seen with 2.2 and 2.6, not with 3.0 and 3.2. */
  readonly endsHalfClosed: boolean
  /** Answers that `retry-on` knows. */
  readonly retriedStatuses: ReadonlySet<string>
}

export const oldest = '2.2'

export const featuresOf = (version: Version): Features => ({
  hashesAnySample: atLeast(version, '2.6'),
  setsSourcePerRequest: atLeast(version, '2.5'),
  findsKeyBesideCrt: atLeast(version, '2.3'),
  loadsKeyByPath: atLeast(version, '3.0'),
  hashesAddresses: atLeast(version, '3.0'),
  learnsAddresses: atLeast(version, '2.4'),
  updatesOcsp: atLeast(version, '3.0'),
  hasPathAndQuery: atLeast(version, '2.3'),
  setsTimeouts: atLeast(version, '2.4'),
  endsHalfClosed: !atLeast(version, '3.0'),
  retriedStatuses: new Set([
    ...['404', '500', '502', '503', '504'],
    ...(atLeast(version, '2.4') ? ['403'] : []),
    ...(atLeast(version, '3.1') ? ['429'] : []),
  ]),
})

/** The input of all rendering functions, and the collector that they report to. */
export interface Context {
  readonly cluster: Cluster
  readonly target: HaproxyTarget
  readonly version: Version
  readonly features: Features
  /** Names that no frontend can have. */
  readonly upstreamNames: ReadonlySet<string>
  /** Whether `ssl-load-extra-del-ext` is needed: it holds for every `.crt` of the configuration. */
  readonly looksBesideCrt: boolean
  /** Rendering continues after an error, so that one run reports everything. */
  readonly findings: Findings
}
