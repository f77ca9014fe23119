import { formatAddress } from '../../model/address.ts'
import type { Server } from '../../model/cluster.ts'
import { seconds } from './units.ts'
import type { ServerLine } from './views.ts'

const common = ({ weight, maxFails, failTimeoutMs, maxConns }: Server): string[] => {
  const params: string[] = []
  if (weight !== 1) params.push(`weight=${weight}`)
  if (maxFails !== null) params.push(`max_fails=${maxFails}`)
  if (failTimeoutMs !== null) params.push(`fail_timeout=${seconds(failTimeoutMs)}`)
  if (maxConns !== null && maxConns > 0) params.push(`max_conns=${maxConns}`)
  return params
}

/** A `server` line in the state that is given: how `drain` is written depends on the form. */
export const serverLine = (
  server: Server,
  state: 'backup' | 'down' | 'drain' | null,
  extra: readonly string[] = [],
): ServerLine => {
  const params = common(server)
  params.push(...extra)
  if (state !== null) params.push(state)
  return { address: formatAddress(server.address), params }
}

/** The state as nginx has it since 1.29.6: all four. */
export const stateOf = ({ state }: Server): 'backup' | 'down' | 'drain' | null =>
  state === 'up' ? null : state
