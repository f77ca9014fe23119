import type { Address } from '../model/address.ts'
import type { AccessLog, BasicAuth, TomcatInstance } from '../model/cluster.ts'
import type { Maintenance } from '../model/error-pages.ts'
import type { ReplicatedSessions } from '../model/sessions.ts'
import type { Snippet } from '../model/snippet.ts'
import type { JdbcStore, Secret } from '../model/store.ts'
import type { ClientCertificate } from '../model/tls.ts'
import type { Protocol } from '../spec/schema/server-tls.ts'

export type LogPlace = Pick<AccessLog, 'file' | 'syslog'>
export type TomcatPorts = Pick<TomcatInstance, 'shutdownPort' | 'httpPort' | 'ajpPort'>
export type Replication = Pick<ReplicatedSessions, 'membership' | 'port'>

/** The replacements for all addresses and files of the real hosts in a cluster. */
export interface Places {
  readonly listener: (address: Address) => Address
  readonly server: (address: Address) => Address
  /** The address of a server with `resolve`. */
  readonly resolvedServer: (address: Address) => Address
  /** Whether host names are looked up while the proxy runs. */
  readonly resolves: (asked: boolean) => boolean
  /** A DNS server. */
  readonly nameServer: (address: Address) => Address
  /** The protocol of the servers. */
  readonly serverProtocol: (protocol: Protocol) => Protocol
  /** Another proxy of the same kind. */
  readonly peer: (address: Address) => Address
  /** The port of health checks; null: that of each server. */
  readonly checkPort: (port: number) => number | null
  readonly store: (address: Address) => Address
  readonly jdbcUrl: (store: JdbcStore) => string
  readonly hasRedisTls: (asked: boolean) => boolean
  readonly storePassword: (secret: Secret) => Secret | null
  /** The password for a Redis store without one. */
  readonly missingPassword: () => Secret | null
  readonly encryptionKey: (secret: Secret) => Secret | null
  readonly certificate: (path: string) => string
  readonly key: (path: string) => string
  /** Whether and how clients are asked for certificates. */
  readonly clientCertificate: (asked: ClientCertificate) => ClientCertificate | null
  readonly log: (place: LogPlace) => LogPlace
  /** The file of an error page. */
  readonly errorPage: (path: string) => string
  /** null: requests are answered as usual. */
  readonly maintenance: (asked: Maintenance) => Maintenance | null
  /** The `root` of a location. */
  readonly root: (path: string) => string
  /** The folder with the sessions of an application. */
  readonly sessionFolder: (path: string) => string
  /** A file that sessctl reads: server.xml, context.xml, web.xml. */
  readonly inputFile: (path: string) => string | null
  readonly snippets: (snippets: readonly Snippet[]) => readonly Snippet[]
  readonly serverNames: (names: readonly string[]) => readonly string[]
  /** Of a listener. */
  readonly proxyProtocol: (asked: boolean) => boolean
  /** Networks of trusted proxies. */
  readonly trust: (networks: readonly string[]) => readonly string[]
  /** `allow` or `deny` of a location. */
  readonly allow: (networks: readonly string[]) => readonly string[]
  /** null: no password is asked for. */
  readonly basicAuth: (asked: BasicAuth) => BasicAuth | null
  readonly tomcatPorts: (ports: TomcatPorts) => TomcatPorts
  /** @param servers the number of servers that copy sessions to each other. */
  readonly replication: (replication: Replication, servers: number) => Replication
}
