import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Address } from './address.ts'
import type { Server } from './cluster.ts'

/** DNS servers that a proxy asks while it runs. */
export interface Resolver {
  readonly addresses: readonly Address[]
  /** null: the default of the proxy. */
  readonly validMs: number | null
  readonly path: SpecPath
}

/** Addresses of one name, unless the spec sets `maxAddresses`. */
export const defaultMaxAddresses = 10

export const maxAddressesOf = ({ maxAddresses }: Server): number =>
  maxAddresses ?? defaultMaxAddresses

/** Whether this server stands for several: its name can have more than one address at a time. */
export const isPool = (server: Server): boolean => server.resolves && maxAddressesOf(server) > 1
