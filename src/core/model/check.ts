import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { CheckMethod } from '../spec/schema/check.ts'

/** Status codes from the first to the last, both included. */
export interface StatusRange {
  readonly from: number
  readonly to: number
}

/** Active health checks of the servers of an upstream. */
export interface Check {
  readonly intervalMs: number
  /** Of servers that are down, or about to change; null: as intervalMs. */
  readonly downIntervalMs: number | null
  readonly rise: number
  readonly fall: number
  /** null: the check is a TCP connection. */
  readonly uri: string | null
  readonly method: CheckMethod
  /** The Host header; null: a server name of a frontend. */
  readonly host: string | null
  /** Besides Host, sorted by name. */
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** null: the default of the target. */
  readonly timeoutMs: number | null
  /** Sorted; null: 200 to 399. */
  readonly statuses: readonly StatusRange[] | null
  /** In the body; null: any body. */
  readonly text: string | null
  /** null: the port of the server. */
  readonly port: number | null
  /** Whether the connections to a server that is marked down are closed. */
  readonly closesOnDown: boolean
  readonly path: SpecPath
}

/** `200-399`, `200` */
export const formatRange = ({ from, to }: StatusRange): string =>
  from === to ? String(from) : `${from}-${to}`
