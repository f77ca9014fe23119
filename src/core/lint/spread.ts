import type { Address } from '../model/address.ts'
import type { Upstream } from '../model/cluster.ts'
import { machineOfHost } from '../model/network.ts'
import { keepsOwnSessions } from '../model/own-sessions.ts'
import { isChanging, kindsInKey, type VariableKind } from '../model/variables.ts'
import { hashKeyOf } from './tomcat-sessions.ts'

/** Of these, one request of a client has another value than the next. */
const spreading: ReadonlySet<VariableKind | null> = new Set([
  'page',
  'request',
  'connection',
  'time',
  'response',
])

/**
 * Whether two requests of one client may reach different servers while all of them are well. Where
 * the key of an affinity itself changes, another rule says so.
 */
export const isSpread = (upstream: Upstream): boolean => {
  if (upstream.servers.filter(({ state }) => state === 'up').length < 2) return false
  const key = hashKeyOf(upstream)
  if (key === null) return upstream.affinity.method === 'none'
  const kinds = kindsInKey(key).map(({ kind }) => kind)
  if (upstream.affinity.method === 'hash' && kinds.some(isChanging)) return false
  return kinds.some((kind) => spreading.has(kind))
}

/** The machine of an address, loopback being one machine; null: nobody can tell. */
export const machineOf = (address: Address): string | null => {
  if (address.kind === 'unix') return 'localhost'
  return address.host === null ? null : machineOfHost(address.host)
}

/** Whether a session that began on one of several servers is unknown to the others. */
export const isKeptByEach = ({ app, servers }: Upstream): boolean =>
  servers.length > 1 && keepsOwnSessions(app)
