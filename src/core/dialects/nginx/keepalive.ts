import type { Upstream } from '../../model/cluster.ts'
import { atLeast } from '../../model/version.ts'
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
