import type { Inputs } from '../dialects/dialect.ts'
import { type Address, formatAddress } from '../model/address.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import type { Target } from '../model/target.ts'
import type { LogPlace, Places, Replication } from '../relocate/places.ts'
import { relocate } from '../relocate/relocate.ts'
import type { TemporaryFile } from '../validate/check.ts'
import { throwawayPair } from '../validate/throwaway-pair.ts'
import { withEditedFiles } from './edited/files.ts'
import { allocatePorts, type LabEnvironment, type PortAllocator } from './ground.ts'
import { withJdbcAddress } from './jdbc-url.ts'
import { secretsIn } from './secrets.ts'

/** The cluster of a spec as it runs on loopback. */
export interface LabCluster {
  readonly cluster: Cluster
  /** What it is rendered with. */
  readonly inputs: Inputs
  /** What its artifacts name beside each other. */
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  /** The secrets, for the application servers. */
  readonly env: Readonly<Record<string, string>>
  /** Those that are not taken yet. */
  readonly ports: PortAllocator
  /** In what the lab differs from the spec beside hosts and ports; sentences without a full stop. */
  readonly notes: readonly string[]
}

/** Stands for the one address of a database. */
export const jdbcAddress = (store: Store): Address => ({ kind: 'unix', path: store.name })

const filesFolder = 'files'
const logsFolder = 'logs'

/** What the lab finds out about a spec while it moves the cluster, and makes for it. */
interface Found {
  readonly notes: Set<string>
  readonly folders: Set<string>
  readonly secrets: ReturnType<typeof secretsIn>
  readonly ports: PortAllocator
}

const staticOf = (membership: Replication['membership'], { notes }: Found) => {
  if (membership === 'static' || membership === 'static-service') return membership
  notes.add(`members are listed, not found by ${membership}: there is one host only`)
  return 'static'
}

/** Where everything of a spec is in a lab: on ports of one loopback address, in files of one folder. */
const labPlaces = (environment: LabEnvironment, found: Found): Places => {
  const { folder, host } = environment
  const { notes, folders, secrets, ports } = found
  const moved = (address: Address): Address => ({ kind: 'inet', host, port: ports.of(address) })
  const below = (path: string): string => {
    folders.add(path)
    return `${folder}/${path}`
  }
  const logFile = ({ file, syslog }: LogPlace): string => {
    notes.add('access logs are written to a folder of the lab, and none is sent to syslog')
    const name = `${file ?? ''} ${syslog === null ? '' : formatAddress(syslog)}`
    return `${below(logsFolder)}/${name.replaceAll(/[^A-Za-z0-9]+/g, '-')}`
  }
  return {
    listener: moved,
    server: moved,
    store: moved,
    jdbcUrl: (store) => withJdbcAddress(store.url, host, ports.of(jdbcAddress(store))),
    hasRedisTls: (asked) => {
      if (asked) notes.add('Redis is asked without TLS')
      return false
    },
    storePassword: (written) => secrets.replace(written, environment.password),
    missingPassword: () =>
      environment.protectsStores ? { kind: 'literal', value: environment.password } : null,
    encryptionKey: (written) => secrets.replace(written, environment.key),
    certificate: () => `${folder}/lab.crt`,
    key: () => `${folder}/lab.key`,
    log: (place) => ({ file: logFile(place), syslog: null }),
    root: () => below(filesFolder),
    sessionFolder: (written) => below(`sessions/${written.replaceAll(/[^A-Za-z0-9]+/g, '-')}`),
    inputFile: () => null,
    // A browser asks for what it is told to open.
    serverNames: (names) => (names.length === 0 ? [] : [...new Set([...names, host, 'localhost'])]),
    // Whoever stands in front stands on this host; who sends no header counts by address all the same.
    trust: () => ['127.0.0.0/8'],
    allow: () => [],
    tomcatPorts: () => ({ shutdownPort: -1, httpPort: null, ajpPort: null }),
    replication: ({ membership }, servers) => ({
      membership: staticOf(membership, found),
      port: ports.next(servers),
    }),
  }
}

/**
 * Puts a cluster on one loopback address. Hosts and ports are others, and so is what names things of
 * the real hosts: certificates, folders, logs, secrets. All else stays as the spec has it.
 * @param inputs the files that the spec names, as far as they were read.
 */
export const moveToLab = (
  cluster: Cluster,
  target: Target,
  environment: LabEnvironment,
  inputs: Inputs,
): LabCluster => {
  const { folder } = environment
  const ports = allocatePorts(environment)
  const secrets = secretsIn(folder)
  const found: Found = { notes: new Set(), folders: new Set(), secrets, ports }
  const moved = relocate(cluster, labPlaces(environment, found))
  const edited = withEditedFiles(cluster, moved, inputs, environment.host)
  const { frontends } = moved
  const hasTls = frontends.some(({ listeners }) => listeners.some(({ tls }) => tls !== null))
  const pairFiles = ['lab.crt', 'lab.key'].map((path) => ({ path, content: throwawayPair }))
  return {
    cluster: { ...edited.cluster, targets: [target] },
    inputs: edited.inputs,
    files: [...secrets.files, ...(hasTls ? pairFiles : [])],
    folders: [...found.folders],
    env: secrets.env,
    ports,
    notes: [...found.notes, ...edited.notes],
  }
}
