import type { Frontend, Listener } from '../model/cluster.ts'
import { answersUnknownHosts } from '../model/tls.ts'

/** Frontends of the spec that listen on the same addresses; the host of a request chooses one of them. */
export interface Site {
  /** Never empty; in the cluster's order. */
  readonly frontends: readonly Frontend[]
  /** Each address with the listeners that name it. */
  readonly listeners: ReadonlyMap<string, readonly Listener[]>
}

/**
 * Groups the addresses that have the same frontends.
 * @param addressOf equal for listeners that are one address to the server; null: left out.
 */
export const sitesOf = (
  frontends: readonly Frontend[],
  addressOf: (listener: Listener) => string | null,
): readonly Site[] => {
  const byAddress = new Map<string, { frontends: Frontend[]; listeners: Listener[] }>()
  for (const frontend of frontends) {
    for (const listener of frontend.listeners) {
      const address = addressOf(listener)
      if (address === null) continue
      const entry = byAddress.get(address) ?? { frontends: [], listeners: [] }
      if (entry.frontends.at(-1) !== frontend) entry.frontends.push(frontend)
      entry.listeners.push(listener)
      byAddress.set(address, entry)
    }
  }
  const sites = new Map<string, { frontends: Frontend[]; listeners: Map<string, Listener[]> }>()
  for (const [address, { frontends: sharing, listeners }] of byAddress) {
    const key = sharing.map(({ name }) => name).join(':')
    const site = sites.get(key) ?? { frontends: sharing, listeners: new Map() }
    site.listeners.set(address, listeners)
    sites.set(key, site)
  }
  return [...sites.values()]
}

/** Addresses where only named hosts are served, with the certificate and TLS settings of the first frontend. */
export interface Refusal {
  readonly frontend: Frontend
  /** One of each address; never empty. */
  readonly listeners: readonly Listener[]
  readonly addresses: readonly string[]
}

/**
 * Where every frontend has names, a request for another host belongs to none of them. Without a default
 * server that rejects it, the first frontend would answer, which may be an internal one.
 */
export const refusalsOf = (sites: readonly Site[]): readonly Refusal[] => {
  const groups = new Map<
    string,
    { frontend: Frontend; listeners: Listener[]; addresses: string[] }
  >()
  for (const { frontends, listeners } of sites) {
    const [frontend] = frontends
    if (!frontend || frontends.some(answersUnknownHosts)) continue
    for (const [address, [listener]] of listeners) {
      if (!listener) continue
      const { tls, proxyProtocol } = listener
      const settings = { ...frontend.tls, http2: frontend.http2, clientCertificate: null, path: [] }
      const secure = tls === null ? null : [tls.certificate, tls.key, settings]
      const key = JSON.stringify([proxyProtocol, secure])
      const group = groups.get(key) ?? { frontend, listeners: [], addresses: [] }
      group.listeners.push(listener)
      group.addresses.push(address)
      groups.set(key, group)
    }
  }
  return [...groups.values()]
}

/**
 * The host that the application receives when a request of HTTP/1.0 names none: without a host it would
 * refuse the request in HTTP/1.1. No client uses the name (RFC 6761). Tomcat allows no `_` in hosts.
 */
export const placeholderHost = ({ name }: Frontend): string =>
  `${name.replaceAll('_', '-')}.invalid`

/**
 * The message and remedy for a listener that differs from another one of the same address.
 * @param other the frontend of the other one.
 */
export const tlsConflict = (
  other: string,
  address: string,
  isTls: boolean,
): readonly [message: string, help: string] => [
  `${other} listens on ${address} ${isTls ? 'without' : 'with'} TLS`,
  'use TLS for both or for none, or use another port',
]

const hostPattern =
  /^(?:\*\.|\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:\.\*)?$|^\[[0-9A-Fa-f:.]+\]$/

/** A host name or address, with `*` as its first or last label or both, or with a leading dot. */
export const isHostPattern = (name: string): boolean => hostPattern.test(name)

/** The message about any other name. */
export const notAHost = (name: string): string =>
  `"${name}" is not a host name that a request can have`
