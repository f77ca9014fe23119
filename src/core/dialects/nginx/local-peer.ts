import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../fields.ts'
import type { Cluster, Frontend, Location } from '../../model/cluster.ts'
import { loopback, needsLocalPeer } from '../../model/loopback-only.ts'
import type { Features } from './features.ts'
import type { Names } from './names.ts'
import type { LocalPeerView } from './views.ts'

/** null: no location asks, or nginx cannot tell. */
export const localPeerView = (
  { frontends }: Cluster,
  { knowsPeer }: Features,
  names: Names,
): LocalPeerView | null =>
  knowsPeer &&
  frontends.some((frontend) => frontend.locations.some((each) => needsLocalPeer(frontend, each)))
    ? { variable: names.variable('local_peer'), networks: loopback }
    : null

/** Before 1.9.7 nginx forgets the peer once a header names the client: then nobody is let in. */
export const localPeerProblems = (
  frontend: Frontend,
  location: Location,
  { knowsPeer, label }: Features,
): readonly Diagnostic[] => {
  if (knowsPeer || !needsLocalPeer(frontend, location)) return []
  const isStatus = location.action.kind === 'status'
  return [
    notFollowed(
      [...location.path, isStatus ? 'status' : 'allow'],
      label,
      'it does not know whether a request with a forwarded address comes from this host, and refuses all',
      'use nginx 1.9.7 or newer, or a frontend without clientAddress',
    ),
  ]
}
