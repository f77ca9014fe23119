import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Address, formatAddress } from '../../../src/core/model/address.ts'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import type { HttpSettings, Timeout } from '../../../src/core/model/http-settings.ts'
import type { Target } from '../../../src/core/model/target.ts'
import type { Places } from '../../../src/core/relocate/places.ts'
import { relocate } from '../../../src/core/relocate/relocate.ts'
import { freePorts } from '../support/free-port.ts'
import type { Site } from '../support/sites.ts'
import { startApplications } from './application.ts'

/** A proxy in front of the frontends that the test trusts. */
export const trustedProxy = '127.0.0.9'

export interface Files {
  /** Below it are the folders of locations. */
  readonly folder: string
  /** The certificate of the site, with its key. */
  readonly pem: string
  /** The issuer of client certificates. */
  readonly ca: string
  readonly passwords: string
}

export interface PlacedSite {
  readonly cluster: Cluster
  /** By the port in the spec. */
  readonly portOf: (port: number) => number
  readonly ports: readonly number[]
}

const shortestMs = 2_000
const longerMs = 10_000

/** The shortest read timeout of the site is 2 s, and the others are 10 s. */
const withShortTimeouts = (cluster: Cluster): Cluster => {
  const all = cluster.frontends.flatMap(({ settings, locations }) =>
    [settings, ...locations.map((location) => location.settings)].flatMap(
      ({ readTimeout }) => readTimeout?.ms ?? [],
    ),
  )
  const shortest = Math.min(...all)
  const scaled = (timeout: Timeout | null): Timeout | null =>
    timeout && { ...timeout, ms: timeout.ms === shortest ? shortestMs : longerMs }
  const settingsOf = (settings: HttpSettings): HttpSettings => ({
    ...settings,
    readTimeout: scaled(settings.readTimeout),
  })
  return {
    ...cluster,
    frontends: cluster.frontends.map((frontend) => ({
      ...frontend,
      settings: settingsOf(frontend.settings),
      locations: frontend.locations.map((location) => ({
        ...location,
        settings: settingsOf(location.settings),
      })),
    })),
  }
}

const keyOf = (address: Address): string => formatAddress(address)

const portIn = (address: Address): number => (address.kind === 'inet' ? address.port : 0)

/** The site on free ports of 127.0.0.1, with its applications, files and certificates. */
export const placeSite = async (
  { cluster }: Site,
  target: Target,
  { folder, pem, ca, passwords }: Files,
): Promise<PlacedSite> => {
  const listeners = [
    ...new Set(
      cluster.frontends.flatMap(({ listeners }) => listeners.map(({ address }) => portIn(address))),
    ),
  ]
  const free = await freePorts(listeners.length)
  const portOf = (port: number): number => free[listeners.indexOf(port)] ?? 0
  const servers = cluster.upstreams.flatMap(({ servers }) =>
    servers.map(({ address }) => keyOf(address)),
  )
  const applications = await startApplications([...new Set(servers)])
  const local = (port: number): Address => ({ kind: 'inet', host: '127.0.0.1', port })
  const server = (address: Address): Address => local(applications.get(keyOf(address)) ?? 0)
  const places: Places = {
    listener: (address) => local(portOf(portIn(address))),
    server,
    resolvedServer: server,
    resolves: () => false,
    nameServer: (address) => address,
    serverProtocol: (asked) => asked,
    peer: (address) => address,
    checkPort: () => null,
    store: (address) => address,
    jdbcUrl: ({ url }) => url,
    hasRedisTls: (asked) => asked,
    storePassword: (secret) => secret,
    missingPassword: () => null,
    encryptionKey: (secret) => secret,
    certificate: () => pem,
    key: () => pem,
    clientCertificate: (asked) => ({ ...asked, ca }),
    log: (place) => ({ ...place, file: place.file && join(folder, 'access.log') }),
    errorPage: (path) => join(folder, path),
    maintenance: (asked) => asked,
    root: (path) => join(folder, path),
    sessionFolder: (path) => path,
    inputFile: (path) => path,
    snippets: (snippets) => snippets,
    serverNames: (names) => names,
    proxyProtocol: (asked) => asked,
    trust: (networks) => [...networks, trustedProxy],
    allow: (networks) => networks,
    basicAuth: (asked) => ({ ...asked, file: passwords }),
    tomcatPorts: (given) => given,
    replication: (replication) => replication,
  }
  const moved = withShortTimeouts(relocate(cluster, places))
  return { cluster: { ...moved, targets: [target] }, portOf, ports: free }
}

/** Files that contain their own names. */
export const writeFiles = (folder: string, names: readonly string[]): void => {
  for (const name of names) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    writeFileSync(path, name)
  }
}
