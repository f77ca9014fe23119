import type { Address } from '../model/address.ts'
import type { AccessLog, TomcatInstance } from '../model/cluster.ts'
import type { ReplicatedSessions } from '../model/sessions.ts'
import type { JdbcStore, Secret } from '../model/store.ts'

export type LogPlace = Pick<AccessLog, 'file' | 'syslog'>
export type TomcatPorts = Pick<TomcatInstance, 'shutdownPort' | 'httpPort' | 'ajpPort'>
export type Replication = Pick<ReplicatedSessions, 'membership' | 'port'>

/** Everything in a cluster that names an address or a file of the real hosts, and what replaces it. */
export interface Places {
  readonly listener: (address: Address) => Address
  readonly server: (address: Address) => Address
  readonly store: (address: Address) => Address
  readonly jdbcUrl: (store: JdbcStore) => string
  readonly hasRedisTls: (asked: boolean) => boolean
  readonly storePassword: (secret: Secret) => Secret | null
  /** Of a Redis that has none. */
  readonly missingPassword: () => Secret | null
  readonly encryptionKey: (secret: Secret) => Secret | null
  readonly certificate: (path: string) => string
  readonly key: (path: string) => string
  readonly log: (place: LogPlace) => LogPlace
  /** Of a location. */
  readonly root: (path: string) => string
  /** Where an application keeps its sessions. */
  readonly sessionFolder: (path: string) => string
  /** A file that sessctl reads, and nothing that it starts: server.xml, context.xml, web.xml. */
  readonly inputFile: (path: string) => string | null
  readonly serverNames: (names: readonly string[]) => readonly string[]
  /** Networks that a client's address is compared with. */
  readonly trust: (networks: readonly string[]) => readonly string[]
  readonly allow: (networks: readonly string[]) => readonly string[]
  readonly tomcatPorts: (ports: TomcatPorts) => TomcatPorts
  /** `servers`: how many copy their sessions to each other. */
  readonly replication: (replication: Replication, servers: number) => Replication
}
