import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend, Location } from '../../../model/cluster.ts'
import { loopback, needsLocalPeer } from '../../../model/loopback-only.ts'
import { hasAllowList, isRestricted } from '../../location-order.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { forbidden, locationName } from '../names.ts'
import type { Acl } from '../rules.ts'
import type { Choice } from './choices.ts'
import { fromNetworks } from './networks.ts'

/** One use_backend line. */
export interface Use {
  readonly backend: string
  /** Empty: always; nothing after it is reached. */
  readonly conditions: readonly string[]
}

/** What `set-src` does not change. */
export const peerVariable = 'sess.peer'

/** The `use_backend` lines of a location: clients without access get 403. */
export interface Access {
  readonly acls: readonly Acl[]
  readonly uses: readonly Use[]
}

const notePasswords = ({ basicAuth }: Location, { findings }: Context): void => {
  if (basicAuth === null) return
  report(
    findings,
    'haproxy-basic-auth',
    atValue(basicAuth.path),
    `HAProxy cannot read passwords from "${basicAuth.file}"`,
    'restrict the location with "allow", or let the application ask for the password',
  )
}

export const accessOf = (
  frontend: Frontend,
  { location, conditions }: Choice,
  backend: string,
  context: Context,
): Access => {
  if (!isRestricted(location)) return { acls: [], uses: [{ backend, conditions }] }
  notePasswords(location, context)
  const refused = { backend: forbidden, conditions }
  if (location.basicAuth !== null) return { acls: [], uses: [refused] }
  const name = locationName(frontend.name, location)
  const { allow, deny } = location
  const denied = deny.length === 0 ? null : fromNetworks(`${name}:denied`, 'src', deny)
  const needed = [
    ...(hasAllowList(location) ? [fromNetworks(`${name}:allowed`, 'src', allow)] : []),
    ...(needsLocalPeer(frontend, location)
      ? [fromNetworks(`${name}:local-peer`, `var(${peerVariable})`, loopback)]
      : []),
  ]
  const allowed = {
    backend,
    conditions: [...conditions, ...needed.flatMap((each) => each.conditions)],
  }
  return {
    acls: [...(denied?.acls ?? []), ...needed.flatMap(({ acls }) => acls)],
    uses: [
      ...(denied === null
        ? []
        : [{ backend: forbidden, conditions: [...conditions, ...denied.conditions] }]),
      allowed,
      ...(needed.length === 0 ? [] : [refused]),
    ],
  }
}
