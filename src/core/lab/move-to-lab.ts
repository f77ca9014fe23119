import type { Inputs } from '../dialects/dialect.ts'
import { type Address, formatAddress } from '../model/address.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Secret, Store } from '../model/store.ts'
import type { Target } from '../model/target.ts'
import type { LogPlace, Places, Replication } from '../relocate/places.ts'
import { relocate } from '../relocate/relocate.ts'
import { relocateTarget } from '../relocate/targets.ts'
import type { TemporaryFile } from '../validate/check.ts'
import { throwawayPair } from '../validate/throwaway-pair.ts'
import { withEditedFiles } from './edited/files.ts'
import type { LabEnvironment, PortAllocator } from './environment.ts'
import { withJdbcAddress } from './jdbc-url.ts'

/** Replaces the secrets of a spec by those of the lab. */
export interface LabSecrets {
  readonly replace: (written: Secret | null, value: string) => Secret | null
  /** The environment variables of the application servers. */
  readonly env: Record<string, string>
  readonly files: TemporaryFile[]
}

/** @param folder of the lab. */
export const secretsIn = (folder: string): LabSecrets => {
  const env: Record<string, string> = {}
  const files: TemporaryFile[] = []
  const instead = (written: Secret | null, value: string): Secret | null => {
    switch (written?.kind) {
      case undefined:
        return null
      case 'literal':
        return { kind: 'literal', value }
      case 'env':
        env[written.name] = value
        return written
      case 'file': {
        const path = `secrets/${files.length}`
        files.push({ path, content: `${value}\n` })
        return { kind: 'file', path: `${folder}/${path}` }
      }
    }
  }
  return { replace: instead, env, files }
}

/** The cluster of a spec with the addresses, files and secrets of the lab. */
export interface LabCluster {
  readonly cluster: Cluster
  /** The inputs of the rendering. */
  readonly inputs: Inputs
  /** Files that the artifacts name. */
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  /** The secrets, for the application servers. */
  readonly env: Readonly<Record<string, string>>
  /** For further ports. */
  readonly ports: PortAllocator
  /** Differences between the lab and the spec, other than hosts and ports; sentences without a full stop. */
  readonly notes: readonly string[]
}

/** Identifies the address of a database, which is part of its URL. */
export const jdbcAddress = (store: Store): Address => ({ kind: 'unix', path: store.name })

const filesFolder = 'files'
const logsFolder = 'logs'

/** Collected while the cluster is moved. */
interface Found {
  readonly notes: Set<string>
  readonly folders: Set<string>
  /** Files of error pages. */
  readonly pages: Set<string>
  readonly secrets: ReturnType<typeof secretsIn>
  readonly ports: PortAllocator
}

const staticOf = (membership: Replication['membership'], { notes }: Found) => {
  if (membership === 'static' || membership === 'static-service') return membership
  notes.add(`cluster members are a static list instead of ${membership}`)
  return 'static'
}

/** Maps all addresses to ports of one loopback address, and all paths to one folder. */
const labPlaces = (environment: LabEnvironment, found: Found): Places => {
  const { folder, host } = environment
  const { notes, folders, secrets, ports } = found
  let replications = 0
  const moved = (address: Address): Address => ({ kind: 'inet', host, port: ports.of(address) })
  const below = (path: string): string => {
    folders.add(path)
    return `${folder}/${path}`
  }
  const logFile = ({ file, syslog }: LogPlace): string => {
    notes.add('access logs are written to the folder of the lab, not to their files and syslog')
    const name = `${file ?? ''} ${syslog === null ? '' : formatAddress(syslog)}`
    return `${below(logsFolder)}/${name.replaceAll(/[^A-Za-z0-9]+/g, '-')}`
  }
  return {
    listener: moved,
    server: moved,
    resolvedServer: moved,
    resolves: (asked) => {
      if (asked) notes.add('host names are not looked up: each server has one address')
      return false
    },
    nameServer: moved,
    serverProtocol: (asked) => {
      if (asked !== 'http') notes.add(`servers speak HTTP instead of ${asked}`)
      return 'http'
    },
    peer: moved,
    // The programs of the lab have one port each.
    checkPort: () => null,
    store: moved,
    jdbcUrl: (store) => withJdbcAddress(store.url, host, ports.of(jdbcAddress(store))),
    proxyProtocol: (asked) => {
      if (asked) notes.add('listeners are used without the PROXY protocol')
      return false
    },
    hasRedisTls: (asked) => {
      if (asked) notes.add('Redis is used without TLS')
      return false
    },
    storePassword: (written) => secrets.replace(written, environment.password),
    missingPassword: () =>
      environment.protectsStores ? { kind: 'literal', value: environment.password } : null,
    encryptionKey: (written) => secrets.replace(written, environment.key),
    certificate: () => `${folder}/lab.crt`,
    key: () => `${folder}/lab.key`,
    clientCertificate: () => {
      notes.add('clients are not asked for certificates')
      return null
    },
    log: (place) => ({ file: logFile(place), syslog: null }),
    errorPage: (path) => {
      const name = `pages/${path.replaceAll(/[^A-Za-z0-9.]+/g, '-')}`
      found.pages.add(name)
      return `${folder}/${name}`
    },
    maintenance: () => {
      notes.add('sites under maintenance are served')
      return null
    },
    root: () => below(filesFolder),
    sessionFolder: (written) => below(`sessions/${written.replaceAll(/[^A-Za-z0-9]+/g, '-')}`),
    inputFile: () => null,
    snippets: (snippets) => {
      if (snippets.length > 0) notes.add('snippets are left out')
      return []
    },
    // A browser sends the host of the URL that the user opens.
    serverNames: (names) => (names.length === 0 ? [] : [...new Set([...names, host, 'localhost'])]),
    // All clients and proxies are on this host.
    trust: () => ['127.0.0.0/8'],
    allow: () => [],
    basicAuth: () => {
      notes.add('clients are not asked for passwords')
      return null
    },
    tomcatPorts: () => ({ shutdownPort: -1, httpPort: null, ajpPort: null }),
    replication: ({ membership }, servers) => {
      replications += 1
      return {
        membership: staticOf(membership, found),
        port: ports.next(servers, `replication ${replications}`),
      }
    },
  }
}

/**
 * Moves a cluster to one loopback address. Hosts, ports, certificates, folders, logs and secrets are
 * replaced; everything else is unchanged.
 * @param inputs the files that the spec names, as far as they were read.
 */
export const moveToLab = (
  cluster: Cluster,
  target: Target,
  environment: LabEnvironment,
  inputs: Inputs,
): LabCluster => {
  const { folder, ports } = environment
  const secrets = secretsIn(folder)
  const found: Found = { notes: new Set(), folders: new Set(), pages: new Set(), secrets, ports }
  const places = labPlaces(environment, found)
  const moved = relocate(cluster, places)
  const edited = withEditedFiles(cluster, moved, inputs, environment.host)
  const { frontends } = moved
  const hasTls = frontends.some(({ listeners }) => listeners.some(({ tls }) => tls !== null))
  const pairFiles = ['lab.crt', 'lab.key'].map((path) => ({ path, content: throwawayPair }))
  return {
    cluster: { ...edited.cluster, targets: [relocateTarget(target, places)] },
    inputs: edited.inputs,
    files: [
      ...secrets.files,
      ...(hasTls ? pairFiles : []),
      ...[...found.pages].map((path) => ({ path, content: 'error page of the lab\n' })),
    ],
    folders: [...found.folders],
    env: secrets.env,
    ports,
    notes: [...found.notes, ...edited.notes],
  }
}
