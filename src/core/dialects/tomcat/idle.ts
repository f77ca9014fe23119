import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Cluster } from '../../model/cluster.ts'
import { keepersOf } from '../idle-connections.ts'
import { balancerIdleSeconds, serverIdleSeconds } from '../idle-seconds.ts'
import { inBase } from './base-file.ts'
import type { BaseServer } from './base-server.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'
import { attributeValue, type XmlElement } from './xml/document.ts'

/** connectionTimeout of a connector that does not give one. */
const standardTimeout = 60_000

const wholeNumber = /^-?\d+$/

/** Milliseconds until the connector closes an idle connection; null: never, or a property decides. */
const idleOf = (connector: XmlElement): number | null => {
  const written =
    attributeValue(connector, 'keepAliveTimeout') ??
    attributeValue(connector, 'connectionTimeout') ??
    String(standardTimeout)
  const value = wholeNumber.test(written) ? Number(written) : -1
  return value < 0 ? null : value
}

/** What an existing connector does with idle connections, compared with the balancers in front. */
export const idleProblems = (
  cluster: Cluster,
  { upstream }: Instance,
  base: BaseServer | null,
): readonly Diagnostic[] => {
  if (base === null || base.connector === null) return []
  const idle = idleOf(base.connector)
  if (idle === null || idle > balancerIdleSeconds * 1000) return []
  const keepers = keepersOf(cluster, upstream)
  if (keepers.length === 0) return []
  const keep = keepers.length === 1 ? 'keeps' : 'keep'
  const message = `the connector closes idle connections after ${String(idle / 1000)} s, but ${keepers.join(' and ')} ${keep} them for ${String(balancerIdleSeconds)} s`
  const help = `write keepAliveTimeout="${String(serverIdleSeconds * 1000)}" into this Connector, or keepalive: 0 into the upstream`
  return [report('tomcat-idle-connections', inBase(base, base.connector.start), message, help)]
}
