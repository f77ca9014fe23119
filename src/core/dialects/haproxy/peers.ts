import { atKey } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { formatAddress } from '../../model/address.ts'
import { report } from './codes.ts'
import type { Context } from './context.ts'
import { peersName } from './names.ts'

/** A `peers` section. */
export interface PeersView {
  readonly name: string
  /** null: given on the command line, or the name of the host. */
  readonly local: string | null
  readonly peers: readonly { readonly name: string; readonly address: string }[]
}

export const peersOf = ({ cluster, target, findings }: Context): PeersView | null => {
  const { localPeer, path, peers } = target
  if (peers.length === 0) return null
  const learns = cluster.upstreams.some(
    ({ affinity }) => affinity.method === 'sticky' && affinity.by === 'learn',
  )
  if (!learns) {
    const why = 'peers share learned sessions, and no upstream has { method: sticky, by: learn }'
    withoutEffect(findings, [...path, 'peers'], 'HAProxy', why)
    return null
  }
  if (localPeer === null) {
    report(
      findings,
      'haproxy-local-peer',
      atKey([...path, 'peers']),
      `HAProxy does not know which of the peers ${peers.map(({ name }) => name).join(', ')} it is, unless one has the name of its host`,
      'start HAProxy with -L NAME, or write localPeer',
    )
  }
  return {
    name: peersName,
    local: localPeer,
    peers: peers.map(({ name, address }) => ({
      name,
      address: address.kind === 'unix' ? `unix@${address.path}` : formatAddress(address),
    })),
  }
}
