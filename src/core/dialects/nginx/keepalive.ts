import type { Upstream } from '../../model/cluster.ts'
import { atLeast } from '../../model/version.ts'
import { balancerIdleSeconds } from '../idle-seconds.ts'
import type { Features } from './features.ts'

/** Since 1.29.7 connections are kept without being asked, over HTTP/1.1. */
const isDefault = ({ core }: Features): boolean => atLeast(core, '1.29.7')

/** Older releases refuse `keepalive 0`, which is what they do anyway. */
export const keepaliveOf = ({ keepalive }: Upstream, features: Features): string | null => {
  if (keepalive === null || (keepalive === 0 && !isDefault(features))) return null
  return String(keepalive)
}

/** Older releases also want the protocol and the header set, or they close each connection. */
export const needsKeepaliveHeaders = ({ keepalive }: Upstream, features: Features): boolean =>
  keepalive !== null && keepalive > 0 && !isDefault(features)

/** Whether idle connections to the servers are kept at all. */
export const keepsConnections = ({ keepalive }: Upstream, features: Features): boolean =>
  keepalive === null ? isDefault(features) : keepalive > 0

/** Older releases keep an idle connection until the server closes it. */
const canTimeOut = ({ core }: Features): boolean => atLeast(core, '1.15.3')

/** Seconds until nginx closes an idle connection; null: none is kept, or nginx does not close it. */
export const keepaliveTimeoutOf = (upstream: Upstream, features: Features): number | null =>
  keepsConnections(upstream, features) && canTimeOut(features) ? balancerIdleSeconds : null
