import { atValue } from '../../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../../fields.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

const keepsSessions = ({ affinity }: Upstream): boolean => affinity.method !== 'none'

/** What is different from nginx, each said once for an upstream: at the first server that has it. */
export const noteServers = (upstream: Upstream, { findings }: Context): void => {
  const { servers } = upstream
  const limited = servers.find(({ maxConns, maxBusy }) => maxConns || maxBusy)
  if (limited) {
    const key = limited.maxConns ? 'maxConns' : 'maxBusy'
    report(
      findings,
      'httpd-max-conns',
      atValue([...limited.path, key]),
      `${key} is written as "max", which each process of httpd counts for itself`,
      'as many processes as MaxRequestWorkers / ThreadsPerChild may have so many connections',
    )
  }
  const counting = servers.find(({ maxFails }) => maxFails !== null && maxFails > 1)
  if (counting) {
    report(
      findings,
      'httpd-max-fails',
      atValue([...counting.path, 'maxFails']),
      `httpd takes a server out at its first failed connection, not after ${counting.maxFails}`,
      null,
    )
  }
  if (upstream.keepalive !== null && upstream.keepalive > 0) {
    findings.add(
      withoutEffect(
        [...upstream.path, 'keepalive'],
        'httpd',
        'each process keeps as many connections as it has threads; 0 keeps none',
      ),
    )
  }
  const drained = keepsSessions(upstream)
    ? undefined
    : servers.find(({ state }) => state === 'drain')
  if (drained) {
    report(
      findings,
      'httpd-drain',
      atValue([...drained.path, 'state']),
      'no affinity leads sessions to a drained server: it is idle at once',
      'affinity by jvm_route or sticky keeps its sessions',
    )
  }
}
