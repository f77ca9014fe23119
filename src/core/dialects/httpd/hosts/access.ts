import type { Frontend, Location } from '../../../model/cluster.ts'
import { loopback, needsLocalPeer } from '../../../model/loopback-only.ts'
import { hasAllowList } from '../../location-order.ts'
import type { Context } from '../context.ts'
import { literal } from '../values.ts'

/** Which clients have access to a location. */
export interface AccessView {
  readonly basicAuth: { readonly file: string; readonly realm: string } | null
  /** The words of each `Require`; all of them must be met. */
  readonly requirements: readonly (readonly string[])[]
  /** Whether they stand in a `<RequireAll>`. */
  readonly areSeveral: boolean
}

/** mod_remoteip does not change the address of the connection. */
const isLocalPeer = loopback.map((each) => `%{CONN_REMOTE_ADDR} -ipmatch '${each}'`).join(' || ')

export const accessOf = (frontend: Frontend, location: Location, context: Context): AccessView => {
  const { allow, basicAuth, deny } = location
  const { modules } = context
  const hasList = hasAllowList(location)
  if (hasList || deny.length > 0) modules.add('authz_host')
  if (basicAuth !== null)
    for (const name of ['auth_basic', 'authn_core', 'authn_file', 'authz_user']) modules.add(name)
  const requirements = [
    ...(needsLocalPeer(frontend, location) ? [['expr', isLocalPeer]] : []),
    ...(hasList ? [['ip', ...allow]] : []),
    ...(basicAuth === null ? [] : [['valid-user']]),
  ]
  // A negative requirement alone never gives access.
  const positive =
    requirements.length === 0 && deny.length > 0 ? [['all', 'granted']] : requirements
  const all = deny.length === 0 ? positive : [...positive, ['not', 'ip', ...deny]]
  return {
    basicAuth:
      basicAuth === null
        ? null
        : { file: literal(basicAuth.file, basicAuth.filePath, context), realm: basicAuth.realm },
    requirements: all,
    areSeveral: all.length > 1,
  }
}
