import { type Address, formatAddress } from '../model/address.ts'
import type { Cluster } from '../model/cluster.ts'
import { isIpv6 } from '../model/ip.ts'
import type { Secret } from '../model/store.ts'
import type { Places } from '../relocate/places.ts'
import { relocate } from '../relocate/relocate.ts'
import type { TemporaryFile } from './check.ts'
import type { Replacement } from './originals.ts'
import { canCheckSnippets } from './snippets.ts'
import { throwawayPair } from './throwaway-pair.ts'

export interface RelocatedCluster {
  readonly cluster: Cluster
  /** Files that the artifacts name, such as certificates. */
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  readonly replacements: readonly Replacement[]
}

/** Makes one value for each key, at its first use. */
const once = <Key, Value>(make: (key: Key, index: number) => Value) => {
  const made = new Map<Key, Value>()
  return {
    of: (key: Key): Value => {
      const known = made.get(key)
      if (known !== undefined) return known
      const value = make(key, made.size)
      made.set(key, value)
      return value
    },
    entries: (): readonly (readonly [Key, Value])[] => [...made],
  }
}

/** From 127.64.0.1 on: four million loopback addresses that are rarely in use. */
const loopbackAddress = (index: number): string => {
  const number = index + 1
  return [127, 64 + ((number >> 16) & 63), (number >> 8) & 255, number & 255].join('.')
}

/** A check needs no literal secrets, and its output must not contain them. */
const withoutLiteral = (secret: Secret): Secret =>
  secret.kind === 'literal' ? { kind: 'literal', value: 'not-the-secret' } : secret

/** The nginx variables in a path: nginx must check them as well. */
const variablesIn = (text: string): string =>
  (text.match(/\$(?:\w+|\{\w+\})/g) ?? []).map((variable) => `/${variable}`).join('')

/** The same address family as the original. */
const familyOf = (host: string, loopback: string): string =>
  isIpv6(host) ? `::ffff:${loopback}` : loopback

/**
 * Moves the cluster to a temporary folder and to loopback addresses, so that it can be checked on any
 * host, by any user and without network. Certificates are generic test certificates, each host becomes
 * a different loopback address (no name is resolved, and servers stay distinct), and literal secrets
 * are replaced. Everything else is unchanged.
 * @param folder the temporary folder, absolute.
 * @param listeners `sockets`: on UNIX sockets in the folder, for servers whose check binds listeners.
 */
export const relocateForCheck = (
  cluster: Cluster,
  folder: string,
  listeners: 'sockets' | 'kept',
): RelocatedCluster => {
  const hosts = once((host: string, index) => familyOf(host, loopbackAddress(index)))
  const sockets = once((_address: string, index) => `${folder}/l${index}`)
  const logs = once((_file: string, index) => `${folder}/log${index}`)
  const passwords = once((_file: string, index) => `${folder}/passwords${index}`)
  const pages = once((_file: string, index) => `page${index}`)
  const roots = once((_root: string, index) => `root${index}`)
  const folders = once((_folder: string, index) => `tls${index}`)
  // Names stay, for HAProxy may look for a key by the name of its certificate.
  const pairs = once((path: string, index) => {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    const isName = name !== '' && name !== '.' && name !== '..'
    return `${folders.of(path.slice(0, slash + 1))}/${isName ? name : index}`
  })

  const toSocket = (address: Address): Address => ({
    kind: 'unix',
    path: sockets.of(formatAddress(address)),
  })
  const connectTo = (address: Address): Address =>
    address.kind === 'unix'
      ? toSocket(address)
      : { ...address, host: address.host === null ? null : hosts.of(address.host) }
  // The server accepts the name without looking it up.
  const names = once((_host: string, index) => `host${index}.invalid`)
  const renamed = (address: Address): Address =>
    address.kind === 'unix' || address.host === null
      ? address
      : { ...address, host: names.of(address.host) }
  const pair = (path: string): string => `${folder}/${pairs.of(path)}`

  const places: Places = {
    listener: listeners === 'sockets' ? toSocket : connectTo,
    server: connectTo,
    resolvedServer: renamed,
    resolves: (asked) => asked,
    nameServer: connectTo,
    serverProtocol: (asked) => asked,
    peer: connectTo,
    checkPort: (port) => port,
    store: connectTo,
    jdbcUrl: () => 'jdbc:nowhere',
    proxyProtocol: (asked) => asked,
    hasRedisTls: (asked) => asked,
    storePassword: withoutLiteral,
    missingPassword: () => null,
    encryptionKey: withoutLiteral,
    certificate: pair,
    key: pair,
    clientCertificate: (asked) => ({ ...asked, ca: pair(asked.ca) }),
    log: ({ file, syslog }) => ({
      file: file && logs.of(file),
      syslog: syslog && connectTo(syslog),
    }),
    errorPage: (path) => `${folder}/${pages.of(path)}`,
    maintenance: (asked) => asked,
    root: (path) => `${folder}/${roots.of(path)}${variablesIn(path)}`,
    sessionFolder: (path) => `${folder}/${roots.of(path)}`,
    inputFile: (path) => path,
    // sessctl has refused those that run code.
    snippets: (snippets) => snippets.filter(({ dialect }) => canCheckSnippets(cluster, dialect)),
    serverNames: (names) => names,
    trust: (networks) => networks,
    allow: (networks) => networks,
    basicAuth: (asked) => ({ ...asked, file: passwords.of(asked.file) }),
    tomcatPorts: (ports) => ports,
    replication: (replication) => replication,
  }
  const moved = relocate(cluster, places)
  const rootFolders = roots.entries().map(([, path]) => path)
  return {
    cluster: moved,
    files: [
      ...pairs.entries().map(([, path]) => ({ path, content: throwawayPair })),
      ...pages.entries().map(([, path]) => ({ path, content: 'error page\n' })),
    ],
    folders: rootFolders,
    replacements: [
      ...hosts.entries().map(([original, relocated]) => ({ relocated, original })),
      ...names.entries().map(([original, relocated]) => ({ relocated, original })),
      ...sockets.entries().flatMap(([original, relocated]) => [
        { relocated: `unix:${relocated}`, original },
        { relocated, original: original.replace(/^unix:/, '') },
      ]),
      ...logs.entries().map(([original, relocated]) => ({ relocated, original })),
      ...passwords.entries().map(([original, relocated]) => ({ relocated, original })),
      ...pages.entries().map(([original, path]) => ({ relocated: `${folder}/${path}`, original })),
      ...roots.entries().map(([original, path]) => ({ relocated: `${folder}/${path}`, original })),
      ...pairs.entries().map(([original, path]) => ({ relocated: `${folder}/${path}`, original })),
    ],
  }
}
