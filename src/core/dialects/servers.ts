import { atValue, type Place } from '../diagnostics/diagnostic.ts'
import type { Server } from '../model/cluster.ts'

/** The lower of both limits; 0 is none; null: no limit. */
export const connectionLimit = ({ maxConns, maxBusy }: Server): number | null => {
  const limits = [maxConns, maxBusy].flatMap((limit) => limit || [])
  return limits.length === 0 ? null : Math.min(...limits)
}

/** For upstreams without affinity: reports the first drained server. */
export const checkDrained = (
  servers: readonly Server[],
  report: (at: Place, message: string, help: string) => void,
): void => {
  const drained = servers.find(({ state }) => state === 'drain')
  if (drained === undefined) return
  report(
    atValue([...drained.path, 'state']),
    'the drained server receives no requests: without affinity, it keeps no sessions',
    'use the affinity { method: sticky, by: cookie } or jvm_route, which keep sessions on a drained server',
  )
}
