import type { Peer } from './peers.ts'
import { isUsableForSession, type Search } from './search.ts'

/**
 * The server that the session of the request asks for; null: there is none, or it cannot serve. Of
 * several servers with one route only the first is looked at.
 */
export const peerOfSession = (search: Search): Peer | null => {
  const { sid, group } = search
  if (sid === null) return null
  const peer = group.bySid.get(sid)
  return peer !== undefined && isUsableForSession(peer, search) ? peer : null
}
