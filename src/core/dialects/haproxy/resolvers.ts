import { withoutEffect } from '../../fields.ts'
import { formatAddress } from '../../model/address.ts'
import type { Server, Upstream } from '../../model/cluster.ts'
import { isPool, maxAddressesOf } from '../../model/resolver.ts'
import type { Context } from './context.ts'
import { timer } from './durations.ts'
import { resolversName } from './names.ts'

/** A `resolvers` section. */
export interface ResolversView {
  readonly name: string
  /** Empty: those of resolv.conf. */
  readonly servers: readonly { readonly name: string; readonly address: string }[]
  /** null: the default of HAProxy, 10s. */
  readonly valid: string | null
}

export const resolversOf = (context: Context): ResolversView | null => {
  const { cluster, findings, target } = context
  const { resolver } = target
  const isUsed = cluster.upstreams.some(({ servers }) => servers.some(({ resolves }) => resolves))
  if (!isUsed) {
    if (resolver !== null)
      withoutEffect(findings, resolver.path, 'HAProxy', 'no server has "resolve: true"')
    return null
  }
  const validMs = resolver?.validMs ?? null
  return {
    name: resolversName,
    servers: (resolver?.addresses ?? []).map((address, index) => ({
      name: `dns${index + 1}`,
      address: formatAddress(address),
    })),
    valid:
      resolver === null || validMs === null
        ? null
        : timer(validMs, [...resolver.path, 'valid'], context),
  }
}

/** The numbers of a `server-template`, one for each address; null: a plain `server`. */
export const templateOf = (server: Server): string | null =>
  isPool(server) ? `1-${maxAddressesOf(server)}` : null

export const hasPools = ({ servers }: Upstream): boolean => servers.some(isPool)

/** With it, HAProxy computes the cookie of an address: the same in every process with this file. */
export const cookieKeyOf = (upstream: Upstream, { cluster }: Context): string | null =>
  hasPools(upstream) ? `${cluster.name}:${upstream.name}` : null
