import type { Frontend, Location } from './cluster.ts'
import { contains, type Network, parseNetwork } from './network.ts'

/** All loopback addresses. */
export const loopback = ['127.0.0.0/8', '::1'] as const

const parsed = (networks: readonly string[]): readonly Network[] =>
  networks.flatMap((text) => parseNetwork(text) ?? [])

const isLoopback = (network: string): boolean => {
  const inner = parseNetwork(network)
  return inner !== null && parsed(loopback).some((outer) => contains(outer, inner))
}

/**
 * Whether the peer of the connection must be on this host too. With `clientAddress`, the client address is
 * read from a header, and a trusted proxy that passes the header of its client unchanged would let
 * any client claim 127.0.0.1. A loopback address in a header is the address of another host, unless this host
 * sent it.
 */
export const needsLocalPeer = (
  { clientAddress }: Pick<Frontend, 'clientAddress'>,
  { allow }: Location,
): boolean => clientAddress !== null && allow.length > 0 && allow.every(isLoopback)
