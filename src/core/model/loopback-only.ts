import type { Frontend, Location } from './cluster.ts'
import { contains, type Network, parseNetwork } from './network.ts'

/** Every address with which a host reaches itself. */
export const loopback = ['127.0.0.0/8', '::1'] as const

const parsed = (networks: readonly string[]): readonly Network[] =>
  networks.flatMap((text) => parseNetwork(text) ?? [])

const isLoopback = (network: string): boolean => {
  const inner = parseNetwork(network)
  return inner !== null && parsed(loopback).some((outer) => contains(outer, inner))
}

/**
 * Whether the peer of the connection has to be on this host too. With `clientAddress` the client is
 * whom a header names, and a trusted proxy that passes the header on as its client wrote it would let
 * anyone claim 127.0.0.1. A loopback address in a header is another host's anyway, unless this host
 * sent it.
 */
export const needsLocalPeer = (
  { clientAddress }: Pick<Frontend, 'clientAddress'>,
  { allow }: Location,
): boolean => clientAddress !== null && allow.length > 0 && allow.every(isLoopback)
