import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster } from '../../model/cluster.ts'
import { keepersOf } from '../idle-connections.ts'
import { balancerIdleSeconds, serverIdleSeconds } from '../idle-seconds.ts'
import { inBase } from './base-file.ts'
import { report } from './codes.ts'
import { isAjp } from './connectors.ts'
import type { BasedInstance } from './ports.ts'
import { attributeValue, type XmlElement } from './xml/document.ts'

/** The default of connectionTimeout for HTTP; AJP has none. */
const defaultTimeout = 60_000

/** Milliseconds until a Connector closes an idle connection; null: never, or set by a property. */
export const idleTimeoutOf = (connector: XmlElement): number | null => {
  const written =
    attributeValue(connector, 'keepAliveTimeout') ??
    attributeValue(connector, 'connectionTimeout') ??
    (isAjp(connector) ? 'never' : String(defaultTimeout))
  return /^\d+$/.test(written) ? Number(written) : null
}

/** Compares the idle timeout of an existing Connector with that of the balancers. */
export const reportIdleTimeout = (
  cluster: Cluster,
  { upstream, bases }: BasedInstance,
  findings: Findings,
): void => {
  const base = bases.server
  if (base === null || base.connector === null) return
  const timeout = idleTimeoutOf(base.connector)
  if (timeout === null || timeout > balancerIdleSeconds * 1000) return
  const balancers = keepersOf(cluster, upstream)
  if (balancers.length === 0) return
  const keep = balancers.length === 1 ? 'keeps' : 'keep'
  report(
    findings,
    'tomcat-idle-connections',
    inBase(base, base.connector.start),
    `this Connector closes idle connections after ${timeout / 1000} s, but ${balancers.join(' and ')} ${keep} them open for ${balancerIdleSeconds} s`,
    `write keepAliveTimeout="${serverIdleSeconds * 1000}" in this Connector, or keepalive: 0 in the upstream`,
  )
}
