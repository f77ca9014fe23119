import type { Address } from '../model/address.ts'
import type { Upstream } from '../model/cluster.ts'
import { keepsOwnSessions } from '../model/own-sessions.ts'
import { hashKeyOf } from './tomcat-sessions.ts'

/** nginx variables that stay the same for one client from request to request. */
const ofClient =
  /\$\{?(remote_addr|binary_remote_addr|realip_remote_addr|proxy_protocol_addr|remote_user|cookie_|http_|ssl_client_|ssl_session_id|arg_)/

/** Whether two requests of one client may reach different servers while all of them are well. */
export const isSpread = (upstream: Upstream): boolean => {
  if (upstream.servers.filter(({ state }) => state === 'up').length < 2) return false
  const key = hashKeyOf(upstream)
  return key === null ? upstream.affinity.method === 'none' : !ofClient.test(key)
}

/** The machine of an address, loopback being one machine; null: nobody can tell. */
export const machineOf = (address: Address): string | null => {
  if (address.kind === 'unix') return 'localhost'
  const host = address.host?.toLowerCase() ?? null
  return host !== null && /^127\.|^::1$|^localhost$/.test(host) ? 'localhost' : host
}

/** Whether a session that began on one of several servers is unknown to the others. */
export const isKeptByEach = ({ app, servers }: Upstream): boolean =>
  servers.length > 1 && keepsOwnSessions(app)
