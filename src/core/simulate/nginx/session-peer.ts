import { isUsableForSession, type Peer, type Search } from './peers.ts'

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
