import type { Site } from '../../sites.ts'
import { aclLine, type Line } from '../lines.ts'
import { aclLines } from '../rules.ts'
import { fromNetworks } from './networks.ts'

/** Peers that may send the PROXY protocol: connections from others are closed. */
export interface SendersView {
  readonly acls: readonly Line[]
  /** Each with the conditions of one `tcp-request connection reject`. */
  readonly refusals: readonly { readonly conditions: readonly string[] }[]
}

const negated = (condition: string): string =>
  condition.startsWith('!') ? condition.slice(1) : `!${condition}`

/**
 * The header of the PROXY protocol is read after these rules, which see the peer. A connection is not yet for
 * a host, so the networks of all frontends are accepted.
 */
export const sendersOf = (site: Site): SendersView | null => {
  const all = [...site.listeners.values()].flat()
  const listeners = all.filter(({ proxyProtocol }) => proxyProtocol)
  const trusts = site.frontends.flatMap(({ proxyProtocol }) => proxyProtocol ?? [])
  if (listeners.length === 0 || trusts.some(({ trust }) => trust.length === 0)) return null
  const ports = new Set(
    listeners.flatMap(({ address }) => (address.kind === 'inet' ? [String(address.port)] : [])),
  )
  const isEvery =
    listeners.length === all.length && all.every(({ address }) => address.kind === 'inet')
  const here = isEvery ? [] : ['{', 'dst_port', ...ports, '}']
  const networks = [...new Set(trusts.flatMap(({ trust }) => trust))]
  const { acls, conditions } = fromNetworks('proxy-protocol', 'src', networks)
  return {
    acls: acls.flatMap(aclLines).map(aclLine),
    refusals: conditions.map((condition) => ({ conditions: [...here, negated(condition)] })),
  }
}
