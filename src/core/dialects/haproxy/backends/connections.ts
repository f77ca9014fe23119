import { withoutEffect } from '../../../fields.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { connectionLimit } from '../../servers.ts'
import type { Context } from '../context.ts'

export interface ConnectionsView {
  /** After `option`; null: HAProxy's default, http-keep-alive. */
  readonly option: string | null
  /** After `http-reuse`; null: HAProxy's default, safe. */
  readonly reuse: string | null
  /** `fullconn`: where each server gets its maxconn; null: HAProxy computes it. */
  readonly full: number | null
}

const options = {
  'keep-alive': 'http-keep-alive',
  'server-close': 'http-server-close',
  close: 'httpclose',
} as const

/** minconn and fullconn work together, and with maxconn. */
const fullOf = ({ fullConns, path, servers }: Upstream, { findings }: Context): number | null => {
  const limited = servers.filter((server) => connectionLimit(server) !== null)
  const unlimited = servers.find(
    (server) => server.minConns !== null && connectionLimit(server) === null,
  )
  if (unlimited !== undefined) {
    const why = 'it is the limit of a server with maxConns while the upstream is idle'
    withoutEffect(findings, [...unlimited.path, 'minConns'], 'HAProxy', why, 'write maxConns')
  }
  if (fullConns === null || limited.some(({ minConns }) => minConns !== null)) return fullConns
  const why = 'no server has minConns and maxConns'
  withoutEffect(findings, [...path, 'fullConns'], 'HAProxy', why)
  return null
}

export const connectionsOf = (upstream: Upstream, context: Context): ConnectionsView => {
  const { connections } = upstream
  return {
    option: connections === null || connections.mode === null ? null : options[connections.mode],
    reuse: connections?.reuse ?? null,
    full: fullOf(upstream, context),
  }
}
